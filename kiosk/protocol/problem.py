"""Problems: what the backend does not accept, in the form of RFC 9457 (application/problem+json).

Rules. Every problem type of ours stands in TYPES, once, with its title and HTTP status; `detail` adds one sentence for
staff about this occurrence. Neither ever holds an answer, a name or a key.
"""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from kiosk.errors import Refusal

CONTENT_TYPE = "application/problem+json"
_BASE = "tag:mydocuments.example,2026:problem/"

TYPES: Final[dict[str, tuple[int, str]]] = {
    "malformed": (400, "The request is not what it should be"),
    "not-an-envelope": (400, "These bytes are not an envelope"),
    "not-signed": (401, "The request is not signed by an enrolled device"),
    "wrong-clock": (401, "The request was signed at another time; see the header Date"),
    "unknown-device": (403, "No such device is enrolled"),
    "revoked-device": (403, "The device is revoked"),
    "cloned-device": (403, "Two devices use one identity; both are stopped"),
    "wrong-signature": (403, "The envelope is not signed by the device it names"),
    "wrong-kiosk": (403, "The envelope is from another kiosk than the request"),
    "cannot-open": (422, "The envelope cannot be opened"),
    "conflict": (409, "Another envelope with this id was received before"),
    "wrong-offset": (409, "The upload stands at another offset"),
    "other-upload": (409, "Another upload has this id"),
    "claimed-upload": (409, "The upload belongs to an application that was received"),
    "expired": (410, "The upload has expired"),
    "wrong-version": (412, "Another version of the upload protocol is spoken here"),
    "wrong-content": (422, "The upload is not what was announced; it was removed"),
    "too-many-uploads": (429, "Too many unfinished uploads"),
    "too-many-drafts": (429, "Too many drafts of this device are kept"),
    "wrong-checksum": (460, "The body is not that of the checksum"),
    "with-official": (200, "An official looks at the application"),
    "refused": (200, "The application was refused"),
    "enrolment-refused": (403, "The enrolment code is not accepted"),
    "not-found": (404, "There is nothing here"),
    "method-not-allowed": (405, "The method is not allowed here"),
    "too-slow": (408, "The body did not arrive in time"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "The body is of another type than is taken here"),
    "too-many-requests": (429, "Too many requests; see the header Retry-After"),
    "not-ready": (503, "The backend cannot answer now"),
    "internal": (500, "The backend failed"),
}


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457, section 3.1. `type` is a URI of ours, `status` the HTTP status that goes with it."""

    type: str
    title: str = ""
    status: int = 0
    detail: str = ""
    instance: str = ""

    @property
    def name(self) -> str:
        """The short name of one of our types, "" for anybody else's."""
        name = self.type.removeprefix(_BASE)
        return name if name in TYPES else ""


def make(name: str, detail: str = "") -> Problem:
    """The problem of one of our types (a key of TYPES)."""
    status, title = TYPES[name]
    return Problem(_BASE + name, title, status, detail)


def encode(problem: Problem) -> str:
    """The problem as JSON text."""
    return msgspec.json.encode(problem).decode()


def decode(text: str | bytes) -> Problem:
    """Raises Refusal for what is no problem document."""
    try:
        return msgspec.json.decode(text, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("not a problem document") from error


def with_official(reason: str) -> str:
    """The problem text of a submission that an official looks at."""
    return encode(make("with-official", reason))


def refused(reason: str) -> str:
    """The problem text of a submission that was refused after receipt."""
    return encode(make("refused", reason))
