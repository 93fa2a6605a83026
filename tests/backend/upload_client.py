"""A plain tus sequence over httpx, as the specification words it; nothing here is of the kiosk's own client."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

import httpx
import uuid_utils
from msgspec.structs import replace

from kiosk.model.attachment import Attachment
from kiosk.model.submission import Submission
from kiosk.protocol import attachment
from tests.backend.site import Kiosk, submission

TUS = {"Tus-Resumable": "1.0.0"}
PART = 64 * 1024


class UploadOf:
    """One upload of a kiosk: each method is one request."""

    def __init__(self, kiosk: Kiosk, data: bytes, id_: str = "", of: str = "") -> None:
        self.kiosk = kiosk
        self.data = data
        self.id = id_ or str(uuid_utils.uuid7())
        self.submission = of or str(uuid_utils.uuid7())
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.many = f"/v1/kiosks/{kiosk.device.kiosk}/uploads"
        self.one = f"{self.many}/{self.id}"

    def metadata(self, **changes: str) -> str:
        values = {"submission": self.submission, "attachment": self.id, "sha256": self.sha256} | changes
        return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())

    def request(self, method: str, path: str, body: bytes = b"", **headers: str | bytes | None) -> httpx.Response:
        """A signed request; a header that is None is left out, `_` in a name stands for `-`."""
        said: dict[str, str | bytes | None] = {
            **TUS,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        sent = {name: value for name, value in said.items() if value is not None} | self.kiosk.sign(method, path, body)
        raw = {name: value if isinstance(value, bytes) else value.encode("latin-1") for name, value in sent.items()}
        site = self.kiosk.site
        return site.client.request(method, site.url + path, content=body or None, headers=raw)

    def create(self, **headers: str | None) -> httpx.Response:
        announced = {"Upload_Length": str(len(self.data)), "Upload_Metadata": self.metadata()}
        return self.request("POST", self.many, **(announced | headers))

    def head(self, **headers: str | None) -> httpx.Response:
        return self.request("HEAD", self.one, **headers)

    def patch(self, offset: int, body: bytes, **headers: str | None) -> httpx.Response:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        said = {
            "Upload_Offset": str(offset),
            "Content_Type": "application/offset+octet-stream",
            "Upload_Checksum": f"sha256 {digest}",
        }
        return self.request("PATCH", self.one, body, **(said | headers))

    def delete(self, **headers: str | None) -> httpx.Response:
        return self.request("DELETE", self.one, **headers)

    def offset(self) -> int:
        answer = self.head()
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def rest(self, part: int = PART) -> httpx.Response:
        """Everything that is not there yet; the last answer."""
        at = self.offset()
        while True:
            answer = self.patch(at, self.data[at : at + part])
            assert answer.status_code == 204, answer.text
            at = int(answer.headers["Upload-Offset"])
            if at == len(self.data):
                return answer

    def whole(self, part: int = PART) -> UploadOf:
        assert self.create().status_code == 201
        self.rest(part)
        return self


def with_files(
    kiosk: Kiosk, files: Sequence[bytes], *, sealed_otherwise: bool = False, **changes: Any
) -> tuple[Submission, list[UploadOf]]:
    """A submission with attachments, and an upload for each; `changes` are of every attachment in the submission."""
    plain = submission()
    made: list[Attachment] = []
    uploads: list[UploadOf] = []
    for number, file in enumerate(files):
        id_, key = str(uuid_utils.uuid7()), secrets.token_bytes(32)
        of = str(uuid_utils.uuid7()) if sealed_otherwise else plain.id
        sealed = b"".join(attachment.seal([file], key, of, id_))
        sha256 = hashlib.sha256(sealed).hexdigest()
        one = Attachment(id_, f"{number}.pdf", attachment.PDF, len(file), len(sealed), sha256, key)
        made.append(replace(one, **changes))
        uploads.append(UploadOf(kiosk, sealed, id_, plain.id))
    return replace(plain, attachments=tuple(made)), uploads


def pdf(size: int = 1000) -> bytes:
    """The beginning of a PDF and noise."""
    return b"%PDF-1.7\n" + secrets.token_bytes(size - 9)
