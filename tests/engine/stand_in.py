"""A session process without Qt: speaks protocol/wire on its pipes, and misbehaves on demand.

python -m tests.engine.stand_in WORD...    each word happens in turn; see `happen`
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import NoReturn

import msgspec

from kiosk.protocol import wire

SAID = {
    "ready": wire.Ready,
    "shown": wire.Shown,
    "started": wire.Started,
    "submitted": wire.Submitted,
    "trouble": wire.Trouble,
}


def say(data: bytes) -> None:
    os.write(1, data)


def hear() -> bytes:
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


def wait_for(kind: str) -> None:
    """Hear messages until one of this kind; the end of the pipe ends us."""
    while True:
        line = hear()
        if not line:
            os._exit(0)
        if msgspec.json.decode(line)["kind"] == kind:
            return


def hang() -> NoReturn:
    while True:
        time.sleep(3600)


def happen(word: str, opened: wire.Open) -> None:
    match word:
        case "ready" | "shown" | "started" | "submitted" | "trouble":
            say(wire.encode(SAID[word]()))
        case "ended":
            say(wire.encode(wire.Ended()))
        case "show" | "quit" | "wake":
            wait_for(word)
        case "answer":
            while line := hear():
                if msgspec.json.decode(line)["kind"] == "ping":
                    say(wire.encode(wire.Pong()))
        case "link-up":
            while b'"online":true' not in hear():
                continue
        case "crash":
            os._exit(3)
        case "abort":
            os.abort()
        case "exit":
            os._exit(0)
        case "hang":
            hang()
        case "garbage":
            say(b"Traceback (most recent call last):\n")
        case "binary":
            say(b'{"kind":"\xff\xfe"}\n')
        case "endless":
            while True:
                say(b"x" * 65_536)
        case "key":
            Path(opened.profile, f"opened-{os.getpid()}").write_text(opened.key, encoding="ascii")
        case _:
            raise SystemExit(f"no such word: {word}")


def main() -> None:
    opened = msgspec.json.decode(hear(), type=wire.Open)
    for word in sys.argv[1:]:
        happen(word, opened)


if __name__ == "__main__":
    main()
