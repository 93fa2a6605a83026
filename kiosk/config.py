"""The settings: a TOML file, then the environment; frozen afterwards.

Rules. Every name carries its unit. An unknown setting in the file is an error that names the nearest known one; an
unknown `KIOSK_` variable, which another program may have meant, is a warning. The environment variable `KIOSK_<NAME>`
beats the file (`KIOSK_BACKEND_URL`, `KIOSK_NETWORK_PAC`). The profile folder is not a setting: it says where the
settings of a device lie (`<profile>/kiosk.toml` is read when no file is named).

Requests to the backend are signed, not sealed: `backend_url` must begin with https://, unless it stays on this machine
(loopback, for the demo). Published content may come over plain http: it is signed itself (TUF), and proves its own
freshness, whatever carries it.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta, Struct

from kiosk.errors import ConfigurationError
from kiosk.log import logger

_log = logger("config")
Mode = Literal["kiosk", "desktop"]
KeySlot = Literal["keyring", "credential", "file"]
Amount = Annotated[float, Meta(gt=0, le=1e9)]
"""A time or a length: never zero, negative, endless or no number."""


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """How the network is reached. `pac` is the address of a proxy auto-config file (file:, http: or https:)."""

    pac: str = ""


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """What an installation decides. Defaults are those of a 21.5 inch portrait kiosk."""

    mode: Mode = "kiosk"
    language: Literal["ru", "en"] = "ru"
    demo: bool = False
    backend_url: str = ""
    content_url: str = ""
    root_file: str = ""
    ca_file: str = ""
    proxy_url: str = ""
    key_slot: KeySlot = "keyring"
    landscape: bool = False
    panel_height_mm: Amount = 476.0
    panel_foot_mm: Amount = 800.0
    idle_s: Amount = 90.0
    idle_warning_s: Amount = 20.0
    idle_accessible_s: Amount = 180.0
    idle_accessible_warning_s: Amount = 60.0
    link_probe_cap_s: Amount = 60.0
    content_every_s: Amount = 900.0
    content_warning_days: Amount = 3.0
    settled_kept_days: Amount = 30.0
    drafts_kept_days: Amount = 30.0
    request_timeout_s: Amount = 20.0
    session_hang_s: Amount = 20.0
    upload_chunk_kib: Annotated[int, Meta(ge=64, le=4096)] = 1024
    printer: str = ""
    help_phone: str = "+7 495 777-77-77"
    network: Network = Network()

    def content_folder(self) -> Path | None:
        """The folder that content is taken from, where `content_url` is a file: URL (a stick, the prepared demo)."""
        scheme, _, rest = self.content_url.partition("://")
        return Path(unquote(rest)) if scheme == "file" else None

    def content_base(self) -> str:
        """Where published content is fetched from: `content_url`, or `/content` of the backend."""
        return self.content_url or (self.backend_url.rstrip("/") + "/content" if self.backend_url else "")


def default_profile() -> Path:
    """The profile folder of this person or device."""
    from platformdirs import user_data_path

    return user_data_path("mydocuments-kiosk", appauthor=False)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _from_environment(environ: Mapping[str, str], values: dict[str, Any]) -> None:
    """Lay the variables over what the file said; warn of those that nobody knows."""
    known: dict[str, tuple[str, str, Any]] = {}
    for table, prefix, struct in (("", "KIOSK_", Settings), ("network", "KIOSK_NETWORK_", Network)):
        for field in msgspec.structs.fields(struct):
            known[prefix + field.name.upper()] = (table, field.name, field.type)
    del known["KIOSK_NETWORK"]
    for name, (table, setting, kind) in known.items():
        text = environ.get(name)
        if text is None:
            continue
        try:
            value = msgspec.convert(_boolean(text) if kind is bool else text, kind, strict=False)
        except msgspec.ValidationError as error:
            raise ConfigurationError(f"{name} has no meaning: {error}") from error
        place = values.setdefault(table, {}) if table else values
        if isinstance(place, dict):
            place[setting] = value
    for name in sorted(environ):
        if name.startswith("KIOSK_") and name not in known:
            _log.warning("unknown environment variable, ignored", name=name, nearest=_nearest(name, known))


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like this one, "" where none is."""
    return next(iter(difflib.get_close_matches(name, list(known), 1, 0.5)), "")


def _refuse_unknown(values: Mapping[str, Any], path: Path) -> None:
    tables: list[tuple[str, Any, Any]] = [("", values, Settings), ("network.", values.get("network"), Network)]
    for prefix, given, struct in tables:
        known = [field.name for field in msgspec.structs.fields(struct)]
        for name in given if isinstance(given, dict) else ():
            if name not in known:
                nearest = _nearest(name.lower(), known)
                hint = f"; did you mean {prefix}{nearest}?" if nearest else ""
                raise ConfigurationError(
                    f"the configuration {path} is refused: there is no setting {prefix}{name}{hint}"
                )


def _refuse_clear(settings: Settings) -> None:
    """Signed requests leave this machine over TLS only."""
    if not settings.backend_url:
        return
    try:
        address = urlsplit(settings.backend_url)
        scheme, host = address.scheme, address.hostname or ""
    except ValueError as error:
        raise ConfigurationError(f"backend_url {settings.backend_url} is no address: {error}") from error
    if (scheme == "https" and host) or (scheme == "http" and is_loopback(host)):
        return
    raise ConfigurationError(
        f"backend_url {settings.backend_url} must begin with https://; plain http is for loopback only, "
        "signed requests are not sent in the clear"
    )


def _boolean(text: str) -> bool | str:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower(), text)


def load(profile: Path, file: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of a profile. Raises ConfigurationError with one sentence that names the setting."""
    values: dict[str, Any] = {}
    path = file or profile / "kiosk.toml"
    if file is not None or path.is_file():
        try:
            values = msgspec.toml.decode(path.read_bytes())
        except OSError as error:
            raise ConfigurationError(f"the configuration {path} cannot be read: {error.strerror}") from error
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise ConfigurationError(f"the configuration {path} is not TOML: {error}") from error
    _refuse_unknown(values, path)
    _from_environment(os.environ if environ is None else environ, values)
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"the configuration {path} is refused: {error}") from error
    _refuse_clear(settings)
    return settings


def save(settings: Settings, path: Path) -> None:
    """Write the settings that differ from the defaults as TOML (used by `kiosk demo` and `kiosk enrol`)."""
    lines = _lines(settings, Settings())
    if network := _lines(settings.network, Network()):
        lines += ["[network]\n", *network]
    path.write_text("".join(lines), encoding="utf-8")


def _lines(struct: Struct, defaults: Struct) -> list[str]:
    lines = []
    for field in msgspec.structs.fields(struct):
        value = getattr(struct, field.name)
        if value == getattr(defaults, field.name) or isinstance(value, Struct):
            continue
        text = "true" if value is True else "false" if value is False else msgspec.json.encode(value).decode()
        lines.append(f"{field.name} = {text}\n")
    return lines
