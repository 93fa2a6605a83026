"""A small tus server in memory, to be set before the real backend: `between.bend["/uploads"] = TusServer()`.

It does what tus 1.0.0 says and no more, so that a test can take extensions away or bend one answer.
`seen` keeps (method, path, headers in small letters, bytes of the body); `bend[method]` is asked first; what is done
for a method in `losing` is not answered.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from msgspec import Struct

from tests.sync.bent_backend import BentBackend, send

Headers = dict[str, str]
Answer = tuple[int, Headers]
TUS = {"Tus-Resumable": "1.0.0"}
GONE: Answer = (404, TUS)


class Kept(Struct):
    """One upload. `data` grows."""

    length: int
    metadata: dict[str, str]
    data: bytearray


class TusServer:
    """A bend of the backend that answers as a tus server."""

    def __init__(self, *, extensions: str = "creation,checksum,termination", checksums: str = "sha1,sha256") -> None:
        self.extensions = extensions
        self.checksums = checksums
        self.most = 0
        self.uploads: dict[str, Kept] = {}
        self.seen: list[tuple[str, str, Headers, int]] = []
        self.location: Callable[[str], str] = lambda path: path
        self.bend: dict[str, Callable[[], Answer | None]] = {}
        self.before: Callable[[str], None] = lambda method: None
        self.losing: set[str] = set()
        self.names = 0

    def methods(self) -> list[str]:
        return [method for method, _, _, _ in self.seen]

    def resent(self) -> int:
        """Bytes that were sent more often than once."""
        return sum(size for method, _, _, size in self.seen if method == "PATCH") - sum(
            len(kept.data) for kept in self.uploads.values()
        )

    def content(self, attachment: str) -> bytes:
        """What arrived of an attachment."""
        (found,) = [kept for kept in self.uploads.values() if kept.metadata["attachment"] == attachment]
        return bytes(found.data)

    def __call__(self, _: BentBackend, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        method, path = handler.command, handler.path
        self.seen.append((method, path, headers, len(body)))
        self.before(method)
        bent = self.bend[method]() if method in self.bend else None
        status, told = bent or self._answer(method, path, headers, body)
        if method in self.losing:
            handler.close_connection = True
            return
        kind = told.get("Content-Type", "text/plain")
        rest = {name: value for name, value in told.items() if name not in ("Content-Type", "body")}
        body = b"" if method == "HEAD" else told.get("body", "").encode()
        send(handler, body, status, kind, **rest)

    def _answer(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        if method == "OPTIONS":
            told = {"Tus-Version": "1.0.0", "Tus-Extension": self.extensions, "Tus-Checksum-Algorithm": self.checksums}
            return 204, told | ({"Tus-Max-Size": str(self.most)} if self.most else {})
        if headers.get("tus-resumable") != "1.0.0":
            return 412, TUS
        if method == "POST":
            return self._create(path, headers)
        kept = self.uploads.get(path)
        if kept is None:
            return GONE
        if method == "DELETE":
            del self.uploads[path]
            return 204, TUS
        if method == "PATCH":
            return self._append(kept, headers, body)
        return 200, TUS | {"Upload-Offset": str(len(kept.data)), "Upload-Length": str(kept.length)}

    def _create(self, path: str, headers: Headers) -> Answer:
        self.names += 1
        where = f"{path}/u{self.names}"
        pairs = (pair.split(" ") for pair in headers["upload-metadata"].split(","))
        metadata = {name: base64.b64decode(value).decode() for name, value in pairs}
        self.uploads[where] = Kept(int(headers["upload-length"]), metadata, bytearray())
        return 201, TUS | {"Location": self.location(where)}

    def _append(self, kept: Kept, headers: Headers, body: bytes) -> Answer:
        assert headers["content-type"] == "application/offset+octet-stream"
        if int(headers["upload-offset"]) != len(kept.data):
            return 409, TUS
        if "upload-checksum" in headers:
            name, _, value = headers["upload-checksum"].partition(" ")
            if base64.b64decode(value) != hashlib.new(name, body).digest():
                return 460, TUS
        kept.data += body
        assert len(kept.data) <= kept.length
        return 204, TUS | {"Upload-Offset": str(len(kept.data))}
