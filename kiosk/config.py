"""The settings: a TOML file, then the environment; frozen afterwards.

Rules. Every name carries its unit. An unknown setting is an error, never ignored. The environment
variable `KIOSK_<NAME>` beats the file (`KIOSK_BACKEND_URL`). The profile folder is not a setting: it
says where the settings of a device lie (`<profile>/kiosk.toml` is read when no file is named).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import msgspec
from msgspec import Meta, Struct

from kiosk.errors import ConfigurationError

Mode = Literal["kiosk", "desktop"]
KeySlot = Literal["keyring", "credential", "file"]
Amount = Annotated[float, Meta(gt=0, le=1e9)]
"""A time or a length: never zero, negative, endless or no number."""


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
    request_timeout_s: Amount = 20.0
    printer: str = ""
    help_phone: str = "+7 495 777-77-77"

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


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(Settings):
        text = environ.get(f"KIOSK_{field.name.upper()}")
        if text is None:
            continue
        try:
            found[field.name] = msgspec.convert(
                _boolean(text) if field.type is bool else text, field.type, strict=False
            )
        except msgspec.ValidationError as error:
            raise ConfigurationError(f"KIOSK_{field.name.upper()} has no meaning: {error}") from error
    return found


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
    values |= _from_environment(os.environ if environ is None else environ)
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"the configuration {path} is refused: {error}") from error


def save(settings: Settings, path: Path) -> None:
    """Write the settings that differ from the defaults as TOML (used by `kiosk demo` and `kiosk enrol`)."""
    defaults = Settings()
    lines = []
    for field in msgspec.structs.fields(Settings):
        value = getattr(settings, field.name)
        if value == getattr(defaults, field.name):
            continue
        text = "true" if value is True else "false" if value is False else msgspec.json.encode(value).decode()
        lines.append(f"{field.name} = {text}\n")
    path.write_text("".join(lines), encoding="utf-8")
