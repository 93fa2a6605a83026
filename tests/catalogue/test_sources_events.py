"""Life events, popular searches, synonyms and centres hang together with the services."""

from __future__ import annotations

import re

from kiosk.model.content import Centre
from kiosk.model.service import LifeEvent, Popular, Synonyms

from .source_files import CATALOGUE, raw, services, strict


def events() -> list[LifeEvent]:
    files = sorted((CATALOGUE / "events").glob("*.json"))
    found = [strict(event, LifeEvent) for path in files for event in raw(path)["events"]]
    return sorted(found, key=lambda event: event.order)


def synonyms(language: str) -> Synonyms:
    return strict(raw(CATALOGUE / "synonyms" / f"{language}.json"), Synonyms)


def centres() -> list[Centre]:
    return [strict(centre, Centre) for centre in raw(CATALOGUE / "centres" / "moscow-2013.json")["centres"]]


def test_events_name_services_that_are_offered() -> None:
    known = services()
    for event in events():
        assert 2 <= len(event.services) <= 20, event.id
        assert 2 <= len(event.steps) <= 6, event.id
        assert len(set(event.services)) == len(event.services), event.id
        for service in event.services:
            assert service in known, f"{event.id}: {service}"
            assert not known[service].historical, f"{event.id}: {service}"


def test_events_are_told_apart() -> None:
    found = events()
    assert len(found) >= 60 and len({event.category for event in found}) == 14
    assert len({event.id for event in found}) == len({event.title for event in found}) == len(found)
    assert len({event.icon for event in found[:12]}) == 12, "those of Home have pictures of their own"
    for event in found:
        assert re.fullmatch("[a-z0-9-]+", event.id) and re.fullmatch("[a-z0-9-]+", event.icon)
        assert max(len(event.title.ru), len(event.title.en)) <= 24, event.id


def test_popular_searches_lead_to_a_service() -> None:
    """Every chip's words stand in a title, a short title or a keyword."""
    found = services().values()
    for query in strict(raw(CATALOGUE / "popular.json"), Popular).queries:
        assert max(len(query.ru), len(query.en)) <= 20
        for language in ("ru", "en"):
            stems = [word[:4] for word in re.findall(r"\w+", query.of(language).casefold()) if len(word) > 2]
            texts = (
                " ".join(
                    [
                        s.title.of(language),
                        s.short_title.of(language) if s.short_title else "",
                        *getattr(s.keywords, language),
                    ]
                )
                for s in found
            )
            assert any(all(stem in text.casefold() for stem in stems) for text in texts), query


def test_synonym_groups_are_groups() -> None:
    for language, least in (("ru", 120), ("en", 60)):
        groups = synonyms(language).groups
        assert len(groups) >= least
        assert len({frozenset(group) for group in groups}) == len(groups)
        for group in groups:
            assert len(group) >= 2, group
            assert len({word.casefold() for word in group}) == len(group), group


def test_synonyms_know_the_words_of_loss() -> None:
    groups = synonyms("ru").groups
    assert any({"потерял", "утраченный"} <= set(group) for group in groups)


def test_centres_are_complete() -> None:
    found = centres()
    assert len({centre.id for centre in found}) == len({centre.name for centre in found}) == 49
    assert "sokol" in {centre.id for centre in found}
    for centre in found:
        assert re.fullmatch("[a-z-]+", centre.id)
        assert re.fullmatch(r"(\+7\d{10})?", centre.phone), centre.id
        assert re.search(r"\d", centre.address.ru) and re.search(r"\d", centre.address.en), centre.id
        assert re.findall(r"\d+", centre.address.ru) == re.findall(r"\d+", centre.address.en), centre.id
        assert "по общему правилу" in centre.hours.ru and "general rule" in centre.hours.en
