"""Reading aloud: a port, and the voice of the system behind a helper process.

Rules. Speaking never blocks: a helper process speaks (speech-dispatcher's `spd-say`, or `espeak-ng`), and any new
words or `stop` end it at once. The daemon of speech-dispatcher goes on speaking when its helper dies, so it is told to
cancel too. A hanging speech daemon hangs a helper, never the screen. What is spoken goes through the helper's standard
input, so it does not show in the list of processes.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from contextlib import suppress
from typing import Protocol

LONGEST = 16_000
"""Bytes of one text: what a pipe takes at once, so that a helper that does not read is not waited for."""

CANCEL_S = 5.0


class Voice(Protocol):
    """Speaks one text at a time."""

    def available(self) -> bool: ...

    def speak(self, text: str, language: str) -> None:
        """Start speaking, ending what was being spoken."""
        ...

    def stop(self) -> None: ...


class SystemVoice:
    """The first of the known speech programs that is installed."""

    def __init__(self) -> None:
        self._speaking: subprocess.Popen[bytes] | None = None
        self._cancelling: subprocess.Popen[bytes] | None = None

    def available(self) -> bool:
        return self._command("ru") is not None

    def speak(self, text: str, language: str) -> None:
        self._end()
        command = self._command(language)
        if command is not None:
            words = text.encode()[:LONGEST].decode(errors="ignore")
            self._speaking = _start(command, words.encode() + b"\n")

    def stop(self) -> None:
        if self._speaking is None:
            return
        self._end()
        if shutil.which("spd-say"):
            self._cancelling = _start(["spd-say", "--cancel"], b"")
            threading.Thread(target=_reap, args=(self._cancelling,), name="cancel", daemon=True).start()

    def _end(self) -> None:
        """End both helpers: one that cancels would cancel the next words, whose own helper cancels first."""
        for process in (self._speaking, self._cancelling):
            if process is not None:
                process.kill()
                process.wait()
        self._speaking = self._cancelling = None

    def _command(self, language: str) -> list[str] | None:
        if shutil.which("spd-say"):
            return ["spd-say", "--cancel", "--pipe-mode", "--wait", "--language", language]
        if shutil.which("espeak-ng"):
            return ["espeak-ng", "-v", language, "--stdin"]
        return None


def _start(command: list[str], words: bytes) -> subprocess.Popen[bytes] | None:
    """A helper that has its words; None where it cannot be started."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, bufsize=0
        )
    except OSError:
        return None
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(words)
    process.stdin.close()
    return process


def _reap(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    try:
        process.wait(CANCEL_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
