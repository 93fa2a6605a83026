"""Which dates are likely to be today: only for them Today and Yesterday are offered."""

from __future__ import annotations

from kiosk import resources
from kiosk.forms.definition import compile_form
from kiosk.forms.source import load


def test_days_of_recent_events_are_near_today_and_births_and_expiries_are_not() -> None:
    recent: dict[str, bool] = {}
    sources = load(resources.root() / "forms")
    for definition in sources.forms:
        form = compile_form(definition, sources.lookups)
        for answers in definition.examples:
            for page in form.pages(answers, "ru"):
                recent |= {f"{definition.id}{one.pointer}": one.recent for one in page.fields if one.kind == "date"}
    assert recent["passport-replacement/loss/date"] and recent["water-meter/days/read"]
    births = [name for name in recent if name.endswith("/birth")]
    assert births and not any(recent[name] for name in births)
    assert not recent["kindergarten/start"]
