"""How figures are held against their bounds, and what they run on."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from importlib.util import find_spec
from itertools import cycle

import msgspec
import pytest

from bench import __main__ as bench
from bench import content, measure, search
from bench.measure import Figure
from kiosk.model.content import Document
from kiosk.model.service import Service
from kiosk.model.text import Text
from kiosk.protocol.pack import canonical


@pytest.mark.parametrize(
    ("value", "verdict"), [(1.0, "held"), (2.0, "held"), (2.01, "near"), (2.3, "near"), (2.31, "missed")]
)
def test_a_figure_is_held_near_or_missed(value: float, verdict: str) -> None:
    assert bench.verdict(value, 2.0) == verdict


def test_every_figure_has_a_bound_and_a_module() -> None:
    bounds = tomllib.loads(bench.BOUNDS.read_text(encoding="utf-8"))
    assert bounds.keys() == bench.FIGURES.keys()
    assert all(entry["bound"] > 0 and entry["what"] for entry in bounds.values())
    assert all(find_spec(f"bench.{module}") for module in bench.FIGURES.values())


def test_a_peer_that_is_not_installed_is_named() -> None:
    def without() -> Figure:
        raise ModuleNotFoundError("No module named 'segno'", name="segno")

    line = bench.measured("qr", without, 1.2, "QR")
    assert (line.value, line.verdict) == (None, "not measured")
    assert "segno is not installed" in line.detail


def test_a_missing_system_library_is_named() -> None:
    assert "libpango-1.0-0" in bench.missing(OSError("cannot load library 'libpango-1.0-0'"))


def test_check_fails_beyond_the_slack_and_json_is_one_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    values = cycle([2.5])
    monkeypatch.setattr("bench.window.start_figure", lambda: Figure("start", next(values), "slow"))
    assert bench.main(["start", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["figures"][0]["verdict"] == "missed"
    assert bench.main(["start", "--check"]) == 1
    assert "start" in capsys.readouterr().err


def test_an_unknown_figure_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["speed"])
    assert end.value.code == 2
    assert "'speed'" in capsys.readouterr().err


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert measure.percentile(values, 0.99) == 100.0
    assert measure.percentile(values, 0.5) == 51.0
    assert measure.percentile([7.0], 0.99) == 7.0


def test_the_queries_are_of_many_kinds_and_typed_letter_by_letter() -> None:
    asked = search.queries(search.QUERIES.read_text(encoding="utf-8"))
    assert len(asked) >= 50 and len(Counter(kind for kind, _ in asked)) >= 10
    assert search.keystrokes("инн") == ["и", "ин", "инн"]
    with pytest.raises(ValueError, match="no tab here"):
        search.queries("no tab here")


def test_grown_services_have_titles_recombined_inside_their_theme() -> None:
    titles = {"a": ("один два", "три четыре"), "b": ("пять шесть", "семь восемь")}
    services = [
        Service(f"S{theme}{number}", theme, "citizen", Text(title, title), "info", "editorial")
        for theme, some in titles.items()
        for number, title in enumerate(some)
    ]
    real = [Document(f"service/{one.id}", canonical(one)) for one in services]
    grown = content.grown(real, 60)
    assert grown[:4] == real and len({one.id for one in grown}) == 60
    assert grown == content.grown(real, 60)
    words = {theme: set(" ".join(some).split()) for theme, some in titles.items()}
    for document in grown[4:]:
        copy = msgspec.json.decode(document.body, type=Service)
        assert set(copy.title.ru.split()) <= words[copy.theme]
