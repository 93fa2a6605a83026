"""What was received is registered under a number, or goes to an official; the kiosk hears of it through its feed."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.backend import tables
from kiosk.backend.checking import Checker
from kiosk.backend.registrar import Registrar
from kiosk.model.content import Document
from kiosk.model.form import FormDefinition
from kiosk.model.service import Service
from kiosk.model.submission import Submission
from kiosk.model.text import Text
from kiosk.protocol import confirmation, envelope, pack
from kiosk.protocol.confirmation import Confirmation
from kiosk.publish import keys as publish_keys
from kiosk.publish import repository
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site
from tests.helpers.patience import until

DATABASES = BOTH

FORM = FormDefinition(
    id="library-ticket",
    version=1,
    title=Text("Билет", "Ticket"),
    schema={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20}},
        "required": ["name"],
        "additionalProperties": False,
    },
    ui={
        "type": "Categorization",
        "elements": [
            {
                "type": "Category",
                "i18n": "you",
                "elements": [{"type": "Control", "scope": "#/properties/name", "i18n": "name"}],
            }
        ],
    },
    texts={
        "you.label": Text("Кто вы?", "Who are you?"),
        "you.group": Text("Вы", "You"),
        "name.label": Text("Имя", "Name"),
    },
    examples=({"name": "Проба"},),
)
SERVICE = Service("S0001", "culture", "citizen", Text("Билет", "Ticket"), "apply", "editorial", form=FORM.id)


def _publish(folder: Path, form: FormDefinition = FORM, services: tuple[Service, ...] = (SERVICE,)) -> Path:
    documents = [Document(f"form/{form.id}", pack.canonical(form))]
    documents += [Document(f"service/{service.id}", pack.canonical(service)) for service in services]
    repository.write(folder / "repo", documents, publish_keys.load_or_make(folder / "publish-keys"))
    return folder / "repo"


def _outcomes(site: Site, kiosk: Kiosk) -> list[Confirmation]:
    return [confirmation.verify(entry.confirmation, site.keys.confirmation) for entry in kiosk.feed().entries]


def test_registered_under_numbers_without_gaps(site: Site, kiosk: Kiosk) -> None:
    sealed = [kiosk.seal() for _ in range(3)]
    kiosk.post(*sealed)
    assert site.register() == 3
    outcomes = _outcomes(site, kiosk)
    assert [one.number for one in outcomes] == ["77-2026-0000001", "77-2026-0000002", "77-2026-0000003"]
    assert [one.digest for one in outcomes] == [envelope.digest(data) for data in sealed]
    assert {one.state for one in outcomes} == {"registered"}


def test_registering_again_changes_nothing(site: Site, kiosk: Kiosk) -> None:
    kiosk.post(kiosk.seal())
    assert [site.register(), site.register()] == [1, 0]
    assert len(_outcomes(site, kiosk)) == 1


def test_two_registrars_at_once_register_once(site: Site, kiosk: Kiosk) -> None:
    kiosk.post(*(kiosk.seal() for _ in range(20)))
    start = threading.Barrier(4)
    done: list[int] = []

    def work() -> None:
        start.wait()
        done.append(site.register())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 20
    numbers = [row.number for row in site.rows(tables.registrations)]
    assert len(set(numbers)) == len(numbers) == 20
    assert len(_outcomes(site, kiosk)) == 20


def test_the_payload_is_kept_for_the_city(site: Site, kiosk: Kiosk) -> None:
    kiosk.post(kiosk.seal(answers={"name": "Ёлка"}))
    site.register()
    (row,) = site.rows(tables.registrations)
    assert msgspec.json.decode(row.payload, type=Submission).answers == {"name": "Ёлка"}
    assert (row.service, row.state) == ("S0001", "registered")


def test_without_consent_an_official_looks_at_it(site: Site, kiosk: Kiosk) -> None:
    kiosk.post(kiosk.seal(consent=False))
    site.register()
    (outcome,) = _outcomes(site, kiosk)
    assert (outcome.state, outcome.number) == ("with_official", "")
    assert "consent" in outcome.reason


@pytest.mark.parametrize(
    ("change", "state", "reason"),
    [
        ({}, "registered", ""),
        ({"answers": {}}, "with_official", "/name"),
        ({"answers": {"name": "x" * 21}}, "with_official", "/name"),
        ({"answers": {"name": "Проба", "extra": 1}}, "with_official", "not asked for"),
        ({"form_version": 2}, "with_official", "version 2"),
        ({"form": "nobody-knows"}, "with_official", "nobody-knows"),
        ({"service": "S9999"}, "with_official", "catalogue"),
        ({"service": "S0002"}, "with_official", "does not belong"),
    ],
)
def test_answers_are_checked_by_the_published_form(
    tmp_path: Path, change: dict[str, Any], state: str, reason: str
) -> None:
    other = msgspec.structs.replace(SERVICE, id="S0002", form="another")
    repo = _publish(tmp_path, services=(SERVICE, other))
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        kiosk = site.enrol()
        kiosk.post(kiosk.seal(**change))
        assert site.register() == 1
        (outcome,) = _outcomes(site, kiosk)
        assert outcome.state == state and reason in outcome.reason
        assert "xxxxx" not in outcome.reason


def test_a_form_filled_before_a_new_version_is_judged_by_its_own(tmp_path: Path) -> None:
    repo = _publish(tmp_path)
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        kiosk = site.enrol()
        assert site.register() == 0  # the first version is seen
        _publish(tmp_path, msgspec.structs.replace(FORM, version=2, schema=FORM.schema | {"minProperties": 1}))
        kiosk.post(kiosk.seal(form_version=1), kiosk.seal(form_version=2), kiosk.seal(form_version=3))
        assert site.register() == 3
        assert [one.state for one in _outcomes(site, kiosk)] == ["registered", "registered", "with_official"]
        assert sorted((row.form, row.version) for row in site.rows(tables.form_versions)) == [
            ("library-ticket", 1),
            ("library-ticket", 2),
        ]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"schema": FORM.schema | {"minProperties": 1}}, "with_official"),
        ({"title": Text("Билет", "Ticket")}, "registered"),
    ],
)
def test_a_version_that_was_published_in_two_forms_is_an_officials(
    tmp_path: Path, change: dict[str, Any], state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = _publish(tmp_path)
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        kiosk = site.enrol()
        assert site.register() == 0  # the first form of this version is seen
        _publish(tmp_path, msgspec.structs.replace(FORM, **change))
        kiosk.post(kiosk.seal())
        assert site.register() == 1
        (outcome,) = _outcomes(site, kiosk)
        assert outcome.state == state
        assert ("was published in two forms" in outcome.reason) is (state == "with_official")
    assert ("changed under its old version" in capsys.readouterr().err) is (state == "with_official")


def test_a_submission_that_cannot_be_checked_holds_up_nobody(
    site: Site, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def reason(_self: Checker, what: Submission) -> str:
        if what.answers == {"name": "КАНАРЕЙКА"}:
            raise RuntimeError("КАНАРЕЙКА broke it")
        return ""

    monkeypatch.setattr(Checker, "reason", reason)
    kiosk.post(kiosk.seal(answers={"name": "КАНАРЕЙКА"}), kiosk.seal())
    assert site.register() == 2
    assert [one.state for one in _outcomes(site, kiosk)] == ["with_official", "registered"]
    assert "КАНАРЕЙКА" not in "".join(capsys.readouterr())


def test_nothing_of_the_answers_is_logged_or_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    canary = "КАНАРЕЙКА-7736520080"
    repo = _publish(tmp_path)
    with sites.running(sites.settings(tmp_path, content=repo)) as site:
        kiosk = site.enrol()
        twice = sites.submission(answers={"name": canary, canary: canary})
        bodies = [kiosk.seal_this(twice), kiosk.seal_this(twice), kiosk.seal(answers={"name": canary})[:-1]]
        told = [str(kiosk.post(*bodies)), site.register(), str(_outcomes(site, kiosk))]
        told += [row.problem for row in site.rows(tables.quarantine)]
    logged = "".join(capfd.readouterr())
    assert "submission registered" in logged and "not taken" in logged
    assert canary not in logged
    assert canary not in "".join(map(str, told))


def test_the_registrar_works_by_itself_while_the_backend_runs(tmp_path: Path) -> None:
    with sites.running(sites.settings(tmp_path), registrar=True) as site:
        kiosk = site.enrol()
        kiosk.post(kiosk.seal())
        until(lambda: kiosk.feed().entries)


def test_the_day_of_a_submission_is_that_of_moscow() -> None:
    from kiosk.backend.checking import _day

    assert _day("2026-03-01T20:59:59Z") == date(2026, 3, 1)
    assert _day("2026-03-01T21:00:00Z") == date(2026, 3, 2)


def test_it_rests_while_many_kiosks_bring_something_and_comes_to_an_end(site: Site, kiosk: Kiosk) -> None:
    part, asked = site.backend, threading.Event()

    def crowded() -> bool:
        asked.set()
        return True

    kiosk.post(*(kiosk.seal() for _ in range(50)))
    kiosk.post(kiosk.seal())
    worker = Registrar(part.database, part.keys, part.settings, part.checker, part.place, busy=crowded)
    worker.start()
    try:
        until(lambda: len(site.rows(tables.registrations)) == 51)
    finally:
        worker.stop()
    assert asked.is_set()
    assert site.rows(tables.pending) == []
