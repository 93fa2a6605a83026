"""Every word the interface asks for exists in every language, and no language has more or other arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kiosk.ui as ui
from kiosk import errors, words
from kiosk.model.service import Audience, Kind
from kiosk.model.submission import SubmissionState
from kiosk.model.text import LANGUAGES
from kiosk.ui import facets
from kiosk.ui.viewmodels.help import HINTS
from kiosk.ui.viewmodels.phone import LINKS

UI = Path(ui.__file__).parent
AREAS = ("error", "session", "home", "results", "service", "receipt", "check", "help", "phone", "idle", "common")
PLURAL = re.compile(r"_(one|few|many|other)$")
KEY = re.compile(rf"({'|'.join(AREAS)})\.[a-z0-9_.]+")


def asked() -> Iterator[str]:
    """Whole keys that stand in the sources, and those that are put together there."""
    for path in UI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield node.value
    for path in (UI / "qml").rglob("*.qml"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(), flags=re.DOTALL)
        yield from re.findall(r"""Words\.t\(\s*["']([^"']+)["']""", code)
    pending = [errors.KioskError]
    while pending:
        error = pending.pop()
        pending += error.__subclasses__()
        yield error.visitor
    for audience in ("all", *Audience.__args__):
        yield f"results.audience_{audience}"
    for facet in (*facets.AUDIENCES, *facets.ACTS):
        yield f"results.facet_{facet}"
    for kind in Kind.__args__:
        if kind != "apply":
            yield f"service.kind_{kind}"
    for state in SubmissionState:
        yield f"receipt.state_{state.value}"
    for notice in ("offline", "waiting", "received", "registered", "needs_attention"):
        yield from (f"receipt.notice_{notice}_title", f"receipt.notice_{notice}_text")
    for topic in LINKS:
        yield from (f"phone.{topic}_title", f"phone.{topic}_text")
    for hint, _ in HINTS:
        for place in ("", "_desktop") if hint != "phone" else ("",):
            yield from (f"help.{hint}{place}_title", f"help.{hint}{place}_text")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_is_asked_for_exists(language: str) -> None:
    known = {PLURAL.sub("", key) for key in words.keys(language)} | words.keys(language)
    assert sorted({key for key in asked() if key not in known and not key.endswith(("_", "."))}) == []


def test_no_key_of_our_areas_is_left_over() -> None:
    used = set(asked())
    ours = {PLURAL.sub("", key) for key in words.keys("ru") if key.split(".")[0] in AREAS}
    assert sorted(ours - used) == []


def test_languages_have_the_same_keys_and_arguments() -> None:
    tables = {language: _arguments(language) for language in LANGUAGES}
    assert tables["ru"] == tables["en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 21, 22, 25, 101, 112])
def test_every_plural_has_its_form(language: str, count: int) -> None:
    plurals = {PLURAL.sub("", key) for key in words.keys(language) if PLURAL.search(key)}
    for key in plurals:
        if key.split(".")[0] in AREAS:
            assert words.t(language, key, count=count)


def _arguments(language: str) -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for key in words.keys(language):
        if key.split(".")[0] in AREAS:
            text = words._table(language)[key]
            base = PLURAL.sub("", key)
            table[base] = table.get(base, frozenset()) | frozenset(re.findall(r"\{\{(\w+)\}\}", text))
    return table
