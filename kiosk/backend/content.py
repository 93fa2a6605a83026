"""The published content as the backend reads it from its own disk: forms, their lookups and services.

Rules. The newest signed targets name the pack; its bytes are checked against the hash that they name. The signatures
are the clients' business: this folder is the backend's own. It is read again when the timestamp file changes; a
repository that is being written is read once it is whole.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from kiosk.errors import ContentMissing, ContentRefused
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup
from kiosk.model.service import Service
from kiosk.protocol import manifest, pack


class PublishedContent:
    """What is published now. Belongs to one thread."""

    def __init__(self, repo: Path) -> None:
        self._repo = repo
        self._stamp: tuple[int, int] | None = None
        self.forms: dict[str, FormDefinition] = {}
        self.services: dict[str, str | None] = {}
        self.lookups: dict[str, Lookup] = {}

    def refresh(self) -> bool:
        """Read what changed; True if something did. Raises ContentMissing, ContentRefused, and keeps what it has."""
        try:
            found = (self._repo / "metadata" / "timestamp.json").stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp == self._stamp:
                return False
            documents = pack.unpack(self._pack())
            forms: dict[str, FormDefinition] = {}
            services: dict[str, str | None] = {}
            lookups: dict[str, Lookup] = {}
            for document in documents:
                if document.id.startswith("form/"):
                    form = msgspec.json.decode(document.body, type=FormDefinition)
                    forms[form.id] = form
                elif document.id.startswith("service/"):
                    service = msgspec.json.decode(document.body, type=Service)
                    services[service.id] = service.form
                elif document.id.startswith("lookup/"):
                    lookup = msgspec.json.decode(document.body, type=Lookup)
                    lookups[lookup.id] = lookup
        except OSError as error:
            raise ContentMissing(f"no published content in {self._repo}: {error.strerror}") from error
        except (KeyError, TypeError, msgspec.MsgspecError) as error:
            raise ContentRefused(f"the published content in {self._repo} is not whole") from error
        self._stamp, self.forms, self.services, self.lookups = stamp, forms, services, lookups
        return True

    def _pack(self) -> bytes:
        snapshot = self._signed("timestamp.json")["meta"]["snapshot.json"]["version"]
        targets = self._signed(f"{int(snapshot)}.snapshot.json")["meta"]["targets.json"]["version"]
        sha256 = str(self._signed(f"{int(targets)}.targets.json")["targets"][manifest.PACK]["hashes"]["sha256"])
        data = (self._repo / "targets" / f"{sha256}.{manifest.PACK}").read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ContentRefused("the pack is not what was signed")
        return data

    def _signed(self, name: str) -> dict[str, Any]:
        value: dict[str, Any] = msgspec.json.decode((self._repo / "metadata" / name).read_bytes())["signed"]
        return value
