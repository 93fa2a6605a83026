"""Runs commands in this process, as `kiosk` would, and holds what they print to the contract."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from kiosk.cli import main as cli


class Ran(Struct, frozen=True):
    """What a command did: exit code, standard output and error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return msgspec.json.decode(self.out)

    @property
    def lines(self) -> list[Any]:
        return [msgspec.json.decode(line) for line in self.out.splitlines()]

    def sentence(self) -> str:
        """The one clear sentence on standard error, of a command that could not do what was asked."""
        lines = [line for line in self.err.splitlines() if not line.startswith("{")]
        assert self.code in (1, 2) and len(lines) == 1, self
        assert "Traceback" not in self.err and len(lines[0]) > 15
        return lines[0]


class Runner:
    """`profile` is given to every command that names none itself."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.profile = profile
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *words: object, stdin: str | bytes = "") -> Ran:
        given = [str(word) for word in words]
        if "--profile" not in given and given and not given[0].startswith("-"):
            given += ["--profile", str(self.profile)]
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        self._capsys.readouterr()
        code = cli.main(given)
        out, err = self._capsys.readouterr()
        return Ran(code, out, err)
