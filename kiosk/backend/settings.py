"""The backend's settings, frozen.

Rules. Everything that must be kept lies in `data` (private keys, the SQLite file unless `database_url` says another
place). `content` is the published repository that is served under /content/; without it no form is known, and every
application is registered unchecked.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from kiosk.errors import ConfigurationError
from kiosk.protocol.batch import LIMITS


class Terms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days after which something goes; 0 keeps it for ever.

    `envelopes` after receipt, once registered; `payloads` after registration; `submissions` the rest of a submission's
    rows, the dedupe key among them: for ever unless an installation decides otherwise; `feed` longer than a kiosk keeps
    its outbox (30 days); `forms` after a newer version was seen, at least 180 by design; `uploads` without progress, or
    whole and named by no submission. Attachments of a submission go with its payload. `drafts` after they were saved.
    """

    envelopes: int = 180
    payloads: int = 365
    submissions: int = 0
    feed: int = 365
    quarantine: int = 90
    uploads: int = 7
    drafts: int = 30
    codes: int = 90
    former_keys: int = 365
    devices: int = 3650
    forms: int = 1825
    numbers: int = 3650


class BackendSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an installation of the backend decides.

    `database_url` is an SQLAlchemy URL, "" for `<data>/backend.sqlite`; `host` and `port` where it listens (0: any free
    port); `threads` do the work of requests: more of them wait, and do no more; `region` opens registration numbers
    ("77-2026-0000123"). `address_*` and `device_*` limit how often one address and one enrolled device may ask one
    process (0 a second: no limit); `most_body_s` is how long a body may
    take; `trusted_proxies` are the addresses whose X-Forwarded-For is believed. Attachments lie in `uploads` (None:
    `<data>/uploads`), sealed; a submission waits for its own for `attachments_wait_days`; a device has at most
    `most_open_uploads` that no received submission has claimed, and keeps at most `most_drafts` of visitors; every
    `sweep_every_s` folder and tables are compared.
    """

    data: Path
    content: Path | None = None
    database_url: str = ""
    database_connections: int = 10
    threads: int = 10
    host: str = "127.0.0.1"
    port: int = 8700
    region: str = "77"
    certificate_days: int = 90
    recipient_days: int = 365
    most_body_bytes: int = LIMITS.bytes
    most_body_s: float = 60.0
    most_stranger_bytes: int = 256 * 1024 * 1024
    address_burst: int = 5000
    address_per_s: float = 500.0
    device_burst: int = 200
    device_per_s: float = 20.0
    trusted_proxies: str = "127.0.0.1,::1"
    log_requests: bool = False
    register_every_s: float = 2.0
    forget_every_s: float = 3600.0
    uploads: Path | None = None
    attachments_wait_days: int = 7
    most_open_uploads: int = 100
    most_drafts: int = 20_000
    most_part_bytes: int = 4 * 1024 * 1024
    sweep_every_s: float = 86_400.0
    keep: Terms = Terms()

    def upload_folder(self) -> Path:
        return self.uploads or self.data / "uploads"

    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'backend.sqlite'}"


def load(path: Path | None, **given: Any) -> BackendSettings:
    """Settings from a TOML file (names as here, terms under [keep]), and what the command line gives on top.

    Raises ConfigurationError for a file that cannot be read, an unknown name or a value of another kind.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigurationError(f"the settings in {path} cannot be read: {error}") from error
    try:
        keep = msgspec.convert(values.pop("keep", {}), Terms)
        made = msgspec.convert({"data": ".", **values}, BackendSettings, dec_hook=_path)
        return msgspec.structs.replace(made, keep=keep, **given)
    except (msgspec.ValidationError, TypeError) as error:
        raise ConfigurationError(f"the settings in {path} have no meaning: {error}") from error


def _path(_kind: type, value: object) -> Path:
    return Path(str(value))
