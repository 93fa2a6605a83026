"""What every list model of the interface shares: rows of named roles.

Rules. A row is a dict from role name to a plain value. When the new rows have the same keys in the same order as
the old ones (a language change, an answer typed), only `dataChanged` is said, so that delegates, focus and scroll
position stay; otherwise the model is reset. It never fetches anything: a view-model hands it finished rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Property, QAbstractListModel, QByteArray, QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtQml import QmlElement, QmlUncreatable

QML_IMPORT_NAME = "Kiosk.ViewModels"
QML_IMPORT_MAJOR_VERSION = 1

# Numbers of Qt.ItemDataRole: importing the namespace Qt builds a hundred enums, 13 ms before the first frame.
DISPLAY_ROLE = 0
FIRST_ROLE = 256 + 1
Row = dict[str, Any]
_NOWHERE = QModelIndex()


@QmlElement
@QmlUncreatable("a list belongs to its view-model")
class RowsModel(QAbstractListModel):
    """A list of rows. Subclasses name their roles in `ROLES`; the first one is the key of a row."""

    ROLES: ClassVar[tuple[str, ...]] = ()

    countChanged = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    @Property(int, notify=countChanged)
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def rows(self) -> list[Row]:
        """The rows as they stand; not to be changed by the caller."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows. Raises KeyError if a row lacks a role."""
        fresh = [{role: row[role] for role in self.ROLES} for row in rows]
        key = self.ROLES[0]
        if len(fresh) == len(self._rows) and all(
            new[key] == old[key] for new, old in zip(fresh, self._rows, strict=True)
        ):
            changed = [at for at, (new, old) in enumerate(zip(fresh, self._rows, strict=True)) if new != old]
            self._rows = fresh
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return
        before = len(self._rows)
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()
        if len(fresh) != before:
            self.countChanged.emit()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = DISPLAY_ROLE) -> Any:
        at = role - FIRST_ROLE
        if not (index.isValid() and 0 <= index.row() < len(self._rows) and 0 <= at < len(self.ROLES)):
            return None
        return self._rows[index.row()][self.ROLES[at]]

    def roleNames(self) -> dict[int, QByteArray]:
        return {FIRST_ROLE + at: QByteArray(role.encode()) for at, role in enumerate(self.ROLES)}
