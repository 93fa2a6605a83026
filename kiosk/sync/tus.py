"""tus 1.0.0 as a client speaks it: one request each, answered with values.

Rules. An answer counts only when it says that it is tus; a page of something between, a body that never ends, a
redirect or a status that says "not now" is a network fault. UploadGone: the server does not know this upload (any
more). UploadDeclined: it knows what we ask and does not take it. Extensions are used where OPTIONS offers them. An
address that the server gives may be absolute or relative, and must be its own: nothing is sent to another host.

Source: https://tus.io/protocols/resumable-upload, version 1.0.0. It decides nothing and keeps nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from kiosk.errors import Refusal
from kiosk.protocol import problem
from kiosk.sync.channel import BackendFault, Channel, Reply

VERSION = "1.0.0"
BODY = "application/offset+octet-stream"
_CHECKSUMS = ("sha256", "sha1")
_NOT_NOW = frozenset({401, 403, 407, 408, 423, 425, 429, 460})
"""Of the device, of the moment or of the line; everything else below 500 is about the upload."""
_NO_UPLOADS = frozenset({404, 405, 501})


class UploadGone(Refusal):
    """The server does not keep this upload (any more)."""


class UploadDeclined(Refusal):
    """The server does not take this upload."""


class Offers(Struct, frozen=True):
    """What the server speaks: extensions, the best checksum both know ("" for none), the largest upload (0: any)."""

    extensions: frozenset[str]
    checksum: str
    most_bytes: int


def offers(channel: Channel, path: str) -> Offers:
    """Ask what is spoken at `path`. Raises BackendFault, UploadDeclined where no uploads are taken at all."""
    reply = channel.exchange("OPTIONS", path, b"", {"Tus-Resumable": VERSION})
    if reply.status in _NO_UPLOADS and reply.kind == problem.CONTENT_TYPE:
        raise UploadDeclined("the backend takes no attachments")
    if reply.status not in (200, 204) or VERSION not in _list(reply, "tus-version"):
        raise _between(reply, "OPTIONS")
    extensions = frozenset(_list(reply, "tus-extension"))
    known = _list(reply, "tus-checksum-algorithm") if "checksum" in extensions else ()
    checksum = next((name for name in _CHECKSUMS if name in known), "")
    return Offers(extensions, checksum, _number(reply, "tus-max-size") or 0)


def create(channel: Channel, path: str, length: int, metadata: Mapping[str, str]) -> str:
    """Announce an upload; where it lies, as a path. Raises BackendFault, UploadGone, UploadDeclined."""
    pairs = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
    reply = _ask(channel, "POST", path, b"", {"Upload-Length": str(length), "Upload-Metadata": pairs})
    if reply.status != 201:
        raise _between(reply, "POST")
    return own_path(channel.base_url, path, reply.headers.get("location", ""))


def offset(channel: Channel, path: str, length: int) -> int:
    """How much the server has of an upload of `length` bytes. Raises BackendFault, UploadGone, UploadDeclined."""
    reply = _ask(channel, "HEAD", path, b"", {})
    found = _number(reply, "upload-offset")
    if reply.status not in (200, 204) or found is None:
        raise _between(reply, "HEAD")
    if found > length or _number(reply, "upload-length") not in (None, length):
        raise UploadDeclined("the server keeps an upload of another length at this address")
    return found


def append(channel: Channel, path: str, at: int, chunk: bytes, checksum: str) -> int:
    """Send the bytes from `at` on; how much the server has now. Raises BackendFault, UploadGone, UploadDeclined."""
    headers = {"Upload-Offset": str(at), "Content-Type": BODY}
    if checksum:
        digest = hashlib.new(checksum, chunk, usedforsecurity=False).digest()
        headers["Upload-Checksum"] = f"{checksum} {base64.b64encode(digest).decode()}"
    reply = _ask(channel, "PATCH", path, chunk, headers)
    found = _number(reply, "upload-offset")
    if reply.status not in (200, 204) or found is None or not at < found <= at + len(chunk):
        raise _between(reply, "PATCH")
    return found


def end(channel: Channel, path: str) -> None:
    """The server need not keep this upload. Raises BackendFault, UploadGone, UploadDeclined."""
    if (reply := _ask(channel, "DELETE", path, b"", {})).status not in (200, 204):
        raise _between(reply, "DELETE")


def own_path(base_url: str, asked: str, location: str) -> str:
    """An address that an answer gave, as a path of this server. Raises BackendFault for that of another one."""
    base = urlsplit(base_url)
    try:
        found = urlsplit(urljoin(base_url + asked, location))
        # Behind a proxy the server may not know its own scheme and port; only the path is used.
        own = found.hostname == base.hostname and (found.port in (None, base.port) or found.netloc == base.netloc)
    except ValueError as error:
        raise BackendFault("the address of an upload is none") from error
    path = found.path.removeprefix(base.path) if base.path.strip("/") else found.path
    path = path + (f"?{found.query}" if found.query else "")
    if not location or not own or not path.startswith("/") or not path.isascii() or not path.isprintable():
        raise BackendFault("the address of an upload is not one of this server")
    return path


def _ask(channel: Channel, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    reply = channel.exchange(method, path, body, {"Tus-Resumable": VERSION, **headers})
    if reply.headers.get("tus-resumable") != VERSION:
        raise _between(reply, method)
    # To append at another place than the end is mended by asking for the offset again.
    if reply.status in _NOT_NOW or reply.status >= 500 or (reply.status == 409 and method == "PATCH"):
        raise _between(reply, method)
    if reply.status in (404, 410) or (reply.status == 422 and method == "PATCH"):
        raise UploadGone(f"the server answered {method} with status {reply.status}{reply.why()}")
    if reply.status >= 400:
        raise UploadDeclined(f"the server answered {method} with status {reply.status}{reply.why()}")
    return reply


def _between(reply: Reply, method: str) -> BackendFault:
    return BackendFault(
        f"an upload was answered to {method} with status {reply.status} and {reply.kind or 'no type'}{reply.why()}",
        reply.retry_after_s,
    )


def _list(reply: Reply, name: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in reply.headers.get(name, "").split(",") if part.strip())


def _number(reply: Reply, name: str) -> int | None:
    text = reply.headers.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None
