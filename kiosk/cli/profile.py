"""What most commands begin with: the profile's settings, its key and its store."""

from __future__ import annotations

import argparse
from pathlib import Path

from kiosk import config
from kiosk.config import Settings
from kiosk.store import keys
from kiosk.store.database import Store, open_store
from kiosk.store.keys import StoreKey


def folder(arguments: argparse.Namespace) -> Path:
    """The profile folder that was named, or the default one."""
    given: Path | None = arguments.profile
    return given.absolute() if given is not None else config.default_profile()


def settings(arguments: argparse.Namespace) -> Settings:
    """Raises ConfigurationError."""
    return config.load(folder(arguments), arguments.config)


def key(arguments: argparse.Namespace) -> StoreKey:
    """The store key; a key file counts only where the settings say demo. Raises KeyUnavailable, WrongStoreKey."""
    return keys.load(folder(arguments), allow_file=settings(arguments).demo)


def store(arguments: argparse.Namespace, *, read_only: bool = False) -> Store:
    """The open store. Raises as `key` and `open_store`."""
    return open_store(folder(arguments), key(arguments), read_only=read_only)
