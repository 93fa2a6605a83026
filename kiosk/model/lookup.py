"""A lookup: a long list to choose one of by typing a few letters."""

from __future__ import annotations

from msgspec import Struct

from kiosk.model.text import Text


class LookupEntry(Struct, frozen=True, omit_defaults=True):
    """One thing to choose. `also` are further words that people type for it; `group` tells same names apart."""

    id: str
    name: Text
    also: tuple[str, ...] = ()
    group: Text | None = None


class Lookup(Struct, frozen=True, omit_defaults=True):
    """A list as published. Document id `lookup/<id>`.

    `source` says in English where the entries come from. An `open` list is not complete: an answer of one's own is
    taken too. Entries stand in the order in which they are shown before anything is typed.
    """

    id: str
    source: str
    entries: tuple[LookupEntry, ...]
    open: bool = False
