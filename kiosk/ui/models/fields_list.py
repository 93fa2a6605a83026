"""The fields of one form page."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtQml import QmlElement, QmlUncreatable

from kiosk.ui.models.rows import RowsModel

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class FieldsList(RowsModel):
    """One field.

    `kind` is a model.form.FieldKind, or "shown" for what is worked out; `options` a list of {value, label, chosen,
    note}: choices, entries that fit a lookup, items of a list, files; `active` False: not to be changed now; `item`
    the name of one item; `canAdd`: another item or file may be added; `value` the answer as text ("true" or "false" of
    a tick and a yes-no question); `day`, `month`, `year` the parts of a date as typed; `error` the words of its error
    or "", `wrongPart` the part of a date it is about ("" for all of it); `recent` says that today and yesterday are
    likely; `mandatory` says required (a word that QML keeps for itself).
    """

    ROLES: ClassVar[tuple[str, ...]] = (
        "pointer",
        "kind",
        "label",
        "hint",
        "mandatory",
        "active",
        "item",
        "canAdd",
        "keyboard",
        "options",
        "value",
        "error",
        "maxLength",
        "example",
        "day",
        "month",
        "year",
        "format",
        "wrongPart",
        "recent",
    )
