"""What QML tools read from our sources is what runs: no member vanishes (registration parses text, not objects)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6 import __file__ as pyside
from PySide6.QtCore import QMetaMethod, QMetaObject

import kiosk.ui.viewmodels.session as session_module
from kiosk.ui.models.rows import RowsModel
from kiosk.ui.viewmodels.session import SessionModel

UI = Path(session_module.__file__).parents[1]
DUMP = Path(pyside).parent / "scripts" / "metaobjectdump.py"


def classes() -> dict[str, type]:
    """Every class QML sees, by name."""
    found: dict[str, type] = {"SessionModel": SessionModel, "RowsModel": RowsModel}
    found |= {one.__name__: one for one in RowsModel.__subclasses__()}
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("kiosk.ui.viewmodels."):
            found |= {name: one for name, one in vars(module).items() if name.endswith("Model")}
    return found


@pytest.fixture(scope="module")
def dumped() -> dict[str, dict]:
    files = [UI / "models" / "rows.py", *sorted((UI / "models").glob("*_list.py")), *(UI / "viewmodels").glob("*.py")]
    run = subprocess.run(
        [sys.executable, DUMP, "--compact", *map(str, files)], capture_output=True, text=True, check=True
    )
    assert "Unknown decorator" not in run.stderr
    return {one["className"]: one for entry in json.loads(run.stdout) for one in entry["classes"]}


@pytest.mark.parametrize("name", sorted(classes()))
def test_every_member_is_seen(dumped: dict[str, dict], name: str) -> None:
    meta: QMetaObject = classes()[name].staticMetaObject
    seen = dumped[name]
    properties = {meta.property(at).name() for at in range(meta.propertyOffset(), meta.propertyCount())}
    methods = [meta.method(at) for at in range(meta.methodOffset(), meta.methodCount())]
    signals = {bytes(one.name()).decode() for one in methods if one.methodType() == QMetaMethod.MethodType.Signal}
    slots = {bytes(one.name()).decode() for one in methods if one.methodType() == QMetaMethod.MethodType.Slot}
    assert {one["name"] for one in seen.get("properties", ())} == properties
    assert {one["name"] for one in seen.get("signals", ())} == signals
    assert {one["name"] for one in seen.get("slots", ())} == slots
    assert seen["object"]
    assert {"name": "QML.Element", "value": "auto"} in seen["classInfos"]


def test_every_property_but_constants_says_when_it_changes() -> None:
    silent = [
        f"{name}.{prop.name()}"
        for name, one in classes().items()
        for at in range(one.staticMetaObject.propertyOffset(), one.staticMetaObject.propertyCount())
        if not (prop := one.staticMetaObject.property(at)).isConstant() and not prop.hasNotifySignal()
    ]
    assert silent == []
