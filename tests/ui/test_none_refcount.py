"""Guard: some builds of PySide6 drop a reference of None with every void call, and abort when it runs out."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal, Slot

CALLS = 10_000


class Probe(QObject):
    said = Signal(int)

    @Slot(int)
    def hear(self, number: int) -> None:
        pass


def test_ten_thousand_void_calls_leave_none_alone(qapp: object) -> None:
    probe = Probe()
    probe.said.connect(probe.hear)
    before = sys.getrefcount(None)
    for number in range(CALLS):
        probe.setObjectName("x")
        probe.said.emit(number)
        probe.hear(number)
        qapp.processEvents()
    assert abs(sys.getrefcount(None) - before) < 100
