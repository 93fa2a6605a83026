"""The required cases of JSON-Schema-Test-Suite for draft 2020-12, through the validator of the forms engine.

The suite is taken from the source package of `jsonschema`, which `./dev test` downloads into build/ (its hash is in
requirements/conformance.txt). Formats are asserted by our engine, as the draft allows; the cases of format.json, which
are about formats that are not asserted, are run without.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.forms.validator import compiled

BUILD = Path(__file__).parents[2] / "build" / "json-schema-suite"
REMOTES = "http://localhost:1234/"
ENOUGH = 1_200
"""The suite has more required cases than this; fewer would mean that it was not read."""


def files() -> Iterator[tuple[str, Any]]:
    """Name within the suite -> JSON."""
    for path in sorted(BUILD.glob("jsonschema-*.tar.gz"))[-1:]:
        with tarfile.open(path) as archive:
            for member in archive:
                _, _, name = member.name.partition("/json/")
                if name.endswith(".json") and name.startswith(("tests/draft2020-12/", "remotes/")):
                    found = archive.extractfile(member)
                    assert found is not None
                    yield name, json.load(found)


@pytest.fixture(scope="module")
def suite() -> dict[str, Any]:
    found = dict(files())
    if not found:
        pytest.skip("the source package of jsonschema is not in build/json-schema-suite; ./dev test downloads it")
    return found


def test_every_required_case(suite: dict[str, Any]) -> None:
    remotes = {REMOTES + name.removeprefix("remotes/"): value for name, value in suite.items() if "remotes/" in name}
    tests = {name: value for name, value in suite.items() if name.startswith("tests/draft2020-12/")}
    required = {name: groups for name, groups in tests.items() if name.count("/") == 2}
    wrong: list[str] = []
    count = 0
    for name, groups in required.items():
        for group in groups:
            validator = compiled(group["schema"], resources=remotes, formats=not name.endswith("/format.json"))
            for case in group["tests"]:
                count += 1
                if validator.is_valid(case["data"]) is not case["valid"]:
                    wrong.append(f"{name}: {group['description']}: {case['description']}")
    assert wrong == []
    assert count > ENOUGH and len(required) > 40


def test_nothing_is_fetched_that_is_not_at_hand(suite: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not among the schemas at hand"):
        compiled({"$ref": "http://localhost:1234/integer.json"})
