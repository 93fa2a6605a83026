"""A bundle: what travels on a USB stick where no network does. One ZIP file, nothing in it compressed.

    metadata/ targets/ documents/       a published repository, as the web server has it
    outbox/<kiosk>/<id>.env             sealed envelopes
    outbox/<kiosk>/<id>/<file>.att      sealed attachments of a submission
    outbox/<kiosk>/cursor               how far the kiosk has read its feed
    answers/<kiosk>.json                Answers: what the backend says of them

Rules. The stick is nobody's friend: nothing in it is believed for being there. Content is python-tuf's to judge,
envelopes are sealed and signed by the device, attachments have the digest that their envelope names, confirmations are
signed by the backend. What is compressed, has a strange name or
is longer than it may be is not read, so nothing swells. Several kiosks may use one stick: writing keeps what belongs to
others. It opens no file itself, and decides about none of the bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import msgspec
from msgspec import Struct

from kiosk.errors import NetworkFault
from kiosk.protocol.batch import LIMITS

CONTENT = ("metadata", "targets", "documents")
MOST_FILES = 250_000
MOST_SMALL = 64 * 1024 * 1024
"""Bytes of an answer."""
MOST_ENVELOPES = 100_000

_KIOSK = r"[a-z0-9][a-z0-9-]{0,31}"
_ENVELOPE = re.compile(rf"outbox/({_KIOSK})/([0-9a-f-]{{36}})\.env")
_ATTACHMENT = re.compile(rf"outbox/({_KIOSK})/([0-9a-f-]{{36}})/([0-9a-f-]{{36}})\.att")
_CURSOR = re.compile(rf"outbox/({_KIOSK})/cursor")
_ANSWERS = re.compile(rf"answers/({_KIOSK})\.json")
_CHUNK = 64 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)
"""The same for every file: when something was handed over is nobody's business on a lost stick."""


class Carried(Struct, frozen=True):
    """A sealed attachment on a stick, unchecked: ids of its submission and its own, bytes, and the file's name."""

    submission: str
    id: str
    length: int
    name: str


Keep = Callable[[str], bool]
"""Whether a file of the bundle before is kept."""


class Answers(Struct, frozen=True):
    """What the backend says to a kiosk: signed confirmations, the newest last. The kiosk verifies each."""

    confirmations: tuple[bytes, ...]


class Bundle:
    """A bundle that is open for reading. `name` is for messages."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        with self._faults():
            self._zip = zipfile.ZipFile(file)
            names = self._zip.infolist()
            if len(names) > MOST_FILES:
                raise zipfile.BadZipFile(f"it holds {len(names)} files")
            self._files = {one.filename: one for one in names if _plain(one)}
            # Files that overlap would make a small stick endless.
            if sum(one.file_size for one in self._files.values()) > file.seek(0, io.SEEK_END):
                raise zipfile.BadZipFile("its files are longer than itself")

    def names(self) -> list[str]:
        """Every file that may be read."""
        return list(self._files)

    def has_content(self) -> bool:
        return "metadata/timestamp.json" in self._files

    def kiosks(self) -> list[str]:
        """The kiosks whose envelopes or attachments are here."""
        found = [_ENVELOPE.fullmatch(name) or _ATTACHMENT.fullmatch(name) for name in self._files]
        return sorted({one[1] for one in found if one})

    def envelopes(self, kiosk: str) -> Iterator[bytes]:
        """The sealed envelopes of a kiosk, unchecked. Raises NetworkFault."""
        mine = [name for name in self._files if (found := _ENVELOPE.fullmatch(name)) and found[1] == kiosk]
        for name in sorted(mine)[:MOST_ENVELOPES]:
            if self._files[name].file_size <= LIMITS.bytes:
                yield b"".join(self.read(name))

    def attachments(self, kiosk: str) -> list[Carried]:
        """The sealed attachments of a kiosk, unchecked; `read` gives the bytes of one."""
        found = [(one, _ATTACHMENT.fullmatch(name)) for name, one in sorted(self._files.items())]
        return [
            Carried(part[2], part[3], one.file_size, one.filename) for one, part in found if part and part[1] == kiosk
        ]

    def cursor(self, kiosk: str) -> str:
        """How far the kiosk has read its feed, unchecked; "" for the beginning. Raises NetworkFault."""
        name = cursor_name(kiosk)
        if name not in self._files or self._files[name].file_size > 200:
            return ""
        return b"".join(self.read(name)).decode("ascii", "replace")

    def answers(self, kiosk: str) -> Answers:
        """What the backend says to a kiosk, unchecked. Raises NetworkFault."""
        name = answers_name(kiosk)
        if name not in self._files:
            return Answers(())
        if self._files[name].file_size > MOST_SMALL:
            raise NetworkFault(f"{self.name}: {name} is longer than it may be")
        try:
            return msgspec.json.decode(b"".join(self.read(name)), type=Answers)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NetworkFault(f"{self.name}: {name} holds no answers") from error

    def read(self, name: str) -> Iterator[bytes]:
        """A file in pieces. Raises KeyError for one that is not there, NetworkFault for one that cannot be read."""
        info = self._files[name]
        with self._faults(), self._zip.open(info) as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise NetworkFault(f"{self.name} is no bundle, or not all of one; is the stick in? ({reason})") from error


def write(file: BinaryIO, new: Iterable[tuple[str, bytes | BinaryIO]], before: Bundle | None, keep: Keep) -> None:
    """Write a bundle: of the one `before` what `keep` says, and what is `new`. OSError is the caller's."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for name in before.names() if before else ():
            if keep(name) and before is not None:
                with made.open(_info(name), "w") as target:
                    for chunk in before.read(name):
                        target.write(chunk)
        for name, body in new:
            with made.open(_info(name), "w") as target:
                if isinstance(body, bytes):
                    target.write(body)
                    continue
                while chunk := body.read(_CHUNK):
                    target.write(chunk)


def envelope_name(kiosk: str, submission_id: str) -> str:
    return f"outbox/{kiosk}/{submission_id}.env"


def attachment_name(kiosk: str, submission_id: str, attachment_id: str) -> str:
    return f"outbox/{kiosk}/{submission_id}/{attachment_id}.att"


def cursor_name(kiosk: str) -> str:
    return f"outbox/{kiosk}/cursor"


def answers_name(kiosk: str) -> str:
    return f"answers/{kiosk}.json"


def encode_answers(confirmations: Iterable[bytes]) -> bytes:
    return msgspec.json.encode(Answers(tuple(confirmations)))


def outbox_files(kiosk: str, envelopes: Mapping[str, bytes], cursor: str) -> list[tuple[str, bytes | BinaryIO]]:
    """The files of a kiosk's outbox: envelopes by id, and how far it has read its feed."""
    made: list[tuple[str, bytes | BinaryIO]] = [(envelope_name(kiosk, id_), body) for id_, body in envelopes.items()]
    return [*made, (cursor_name(kiosk), cursor.encode())]


def _plain(one: zipfile.ZipInfo) -> bool:
    """Whether a file is one that a bundle may hold."""
    name = one.filename
    folder, _, rest = name.partition("/")
    content = folder in CONTENT and rest and not any(part in ("", ".", "..") for part in rest.split("/"))
    sealed = _ENVELOPE.fullmatch(name) or _ATTACHMENT.fullmatch(name)
    ours = sealed or _CURSOR.fullmatch(name) or _ANSWERS.fullmatch(name)
    stored = one.compress_type == zipfile.ZIP_STORED and one.file_size == one.compress_size and not one.flag_bits & 1
    return bool((content or ours) and stored)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    return info
