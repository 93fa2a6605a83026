"""The published forms, compiled when they are first asked for.

Rules. A compiled form never changes and holds no answers, so one serves every thread; it is kept under the bytes it was
made of, and a new version of a form is simply other bytes. The forms engine is imported with the first form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from kiosk.errors import ContentMissing, DamagedStore
from kiosk.model.form import FormDefinition
from kiosk.model.service import Service
from kiosk.store import documents
from kiosk.store.database import Store

if TYPE_CHECKING:
    from kiosk.forms.definition import Form

KEPT = 32


@lru_cache(maxsize=KEPT)
def compiled(body: bytes) -> Form:
    """The form of a published document. Raises SourceRefused, DamagedStore."""
    from kiosk.forms.definition import compile_form

    try:
        definition = msgspec.json.decode(body, type=FormDefinition)
    except msgspec.DecodeError as error:
        raise DamagedStore(f"a stored form is not one: {error}; sync anew") from error
    return compile_form(definition)


def form_of(store: Store, service: Service) -> Form:
    """The form of a service. Raises ContentMissing for a service that takes no applications."""
    if service.form is None:
        raise ContentMissing(f"the service {service.id} takes no applications here (its kind is {service.kind})")
    return compiled(documents.body(store, f"form/{service.form}"))


class StoreForms:
    """The forms of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def form(self, form_id: str) -> Form:
        """One compiled form. Raises ContentMissing, SourceRefused."""
        return compiled(documents.body(self._store, f"form/{form_id}"))
