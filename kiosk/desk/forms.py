"""The published forms, compiled when they are first asked for.

Rules. A compiled form never changes and holds no answers, so one serves every thread; it is kept under the bytes it was
made of, those of its lookups among them, and a new version of a form is simply other bytes. The forms engine is
imported with the first form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kiosk.errors import ContentMissing, DamagedStore
from kiosk.model.form import FormDefinition
from kiosk.model.lookup import Lookup
from kiosk.model.service import Service
from kiosk.store import documents
from kiosk.store.database import Store

if TYPE_CHECKING:
    from kiosk.forms.definition import Form

KEPT = 32
T = TypeVar("T")


@lru_cache(maxsize=KEPT)
def compiled(body: bytes, lookups: tuple[bytes, ...] = ()) -> Form:
    """The form of a published document and of those of its lookups. Raises SourceRefused, DamagedStore."""
    from kiosk.forms.definition import compile_form

    lists = [_decoded(one, Lookup) for one in lookups]
    return compile_form(_decoded(body, FormDefinition), {one.id: one for one in lists})


def stored(store: Store, form_id: str) -> Form:
    """One compiled form of a store. Raises ContentMissing, SourceRefused, DamagedStore."""
    body = documents.body(store, f"form/{form_id}")
    return compiled(body, tuple(documents.body(store, f"lookup/{name}") for name in _lookups_of(body)))


@lru_cache(maxsize=KEPT)
def _lookups_of(body: bytes) -> tuple[str, ...]:
    from kiosk.forms.lookup import named

    return tuple(sorted(named(_decoded(body, FormDefinition).schema)))


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise DamagedStore(f"a stored form is not one: {error}; sync anew") from error


def form_of(store: Store, service: Service) -> Form:
    """The form of a service. Raises ContentMissing for a service that takes no applications."""
    if service.form is None:
        raise ContentMissing(f"the service {service.id} takes no applications here (its kind is {service.kind})")
    return stored(store, service.form)


class StoreForms:
    """The forms of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def form(self, form_id: str) -> Form:
        """One compiled form. Raises ContentMissing, SourceRefused."""
        return stored(self._store, form_id)
