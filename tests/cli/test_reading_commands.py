"""search, service, forms, doctor: answers in JSON shapes that scripts rely on (docs/cli.md)."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.store import clock, documents
from tests.cli.runner import Runner
from tests.helpers.profiles import KioskProfile

HIT = {"id", "title", "theme", "audience", "score"}


def test_search_in_json(run: Runner) -> None:
    ran = run("search", "читательский билет", "--json", "--limit", "3")
    assert ran.code == 0 and ran.err == ""
    assert set(ran.json) == {"results", "did_you_mean", "ms"}
    assert ran.json["did_you_mean"] is None and ran.json["ms"] >= 0
    assert 1 <= len(ran.json["results"]) <= 3 and all(set(hit) == HIT for hit in ran.json["results"])
    assert ran.json["results"][0]["id"] == "S0438"
    english = run("search", "читательский билет", "--json", "--lang", "en").json["results"][0]
    assert (english["id"], english["title"]) == ("S0438", "Unified library card")


def test_search_for_people(run: Runner) -> None:
    ran = run("search", "читательский билит ")
    assert ran.code == 0 and "(читательский билет?)" in ran.out and "S0438  " in ran.out


def test_nothing_found_is_an_answer(run: Runner) -> None:
    ran = run("search", "фывапролдж ", "--json")
    assert ran.code == 0 and ran.json["results"] == [] and ran.err == ""
    ran = run("search", "фывапролдж ")
    assert ran.code == 0 and ran.out == "" and "Nothing was found" in ran.err


@pytest.mark.parametrize("text", ["", "-" + "x" * 10_000, "😀", '"*', "NEAR/AND/*/", "\udcff"])
def test_any_text_can_be_looked_for(run: Runner, text: str) -> None:
    ran = run("search", "--json", "--", text) if text.startswith("-") else run("search", "--json", text)
    assert ran.code in (0, 2)
    if ran.code == 0:
        assert set(ran.json) == {"results", "did_you_mean", "ms"}


def test_search_line_by_line(run: Runner) -> None:
    lines = ["читательский билет", "фывапролдж ", "", "паспорт\u2028\n"]
    ran = run("search", "--jsonl", stdin="\n".join(msgspec.json.encode({"q": q}).decode() for q in lines) + "\n\n")
    assert ran.code == 0 and len(ran.lines) == 4
    assert ran.lines[0]["results"][0]["id"] == "S0438" and ran.lines[1]["results"] == []
    assert all(set(line) == {"results", "did_you_mean", "ms"} for line in ran.lines)


@pytest.mark.parametrize(
    "line", ["паспорт", '{"query": "x"}', '{"q": 5}', '{"q": null}', "[]", b"\xff\xfe", "[" * 5000]
)
def test_a_line_that_is_no_query_is_named(run: Runner, line: str | bytes) -> None:
    data = line if isinstance(line, bytes) else line.encode()
    ran = run("search", "--jsonl", stdin=b'{"q": "x"}\n' + data + b"\n")
    assert ran.code == 2 and "line 2" in ran.sentence() and len(ran.lines) == 1


WRONG = [
    "search",
    "search x --jsonl",
    "search x --limit 0",
    "search x --limit many",
    "search x --lang de",
    "search x y",
    "service",
    "forms",
    "forms list",
]


@pytest.mark.parametrize("words", WRONG)
def test_wrong_usage(run: Runner, words: str) -> None:
    ran = run(*words.split())
    assert ran.code == 2 and ran.out == "" and ran.sentence()


def test_an_empty_store_says_sync_first(run: Runner, kiosk_profile: KioskProfile) -> None:
    with kiosk_profile.store() as store, store.transaction():
        store.execute("DELETE FROM documents")
    ran = run("search", "паспорт", "--json")
    assert ran.code == 1 and "sync" in ran.sentence()


def test_a_service_with_its_form(run: Runner) -> None:
    ran = run("service", "S0438", "--json")
    assert ran.code == 0 and ran.json["id"] == "S0438" and ran.json["form"]["id"] == "library-ticket"
    assert {"id", "theme", "audience", "title", "kind", "provenance", "fees", "documents", "form"} <= set(ran.json)
    assert {"id", "version", "title", "schema", "ui", "texts", "examples", "own"} == set(ran.json["form"])
    assert run("service", "S0063", "--json").json["form"] is None
    plain = run("service", "S0438", "--lang", "en")
    assert plain.out.startswith("Unified library card\n") and "[library-ticket, 1]" in plain.out


@pytest.mark.parametrize("id_", ["S9999", "s0438", "../keys/backend", "", "S0438' OR 1=1 --", "x" * 5000])
def test_a_service_that_is_not_published(run: Runner, id_: str) -> None:
    ran = run("service", id_, "--json")
    assert ran.code == 1 and ran.out == "" and ran.sentence()


def test_one_form_is_checked(run: Runner) -> None:
    ran = run("forms", "check", "S0438", "--json")
    assert ran.code == 0 and ran.err == ""
    assert ran.json == {"services": 1, "with_own_form": 1, "question_sets": 1, "errors": []}
    assert "0 errors" in run("forms", "check", "S0438").out
    assert run("forms", "check", "S9999", "--json").code == 1


def test_doctor_says_how_old_content_is_and_whether_the_clock_jumped(run: Runner, kiosk_profile: KioskProfile) -> None:
    def found() -> dict[str, dict[str, str]]:
        return {one["name"]: one for one in run("doctor", "--json").json["findings"]}

    stale = found()["content"]
    assert stale["state"] == "broken" and stale["detail"].startswith("stale: verified ")
    now = clock.look()
    with kiosk_profile.store() as store:
        mark = {clock.MARK: clock.write_mark(None, now)}
        documents.save_trust(store, mark, verified_at=clock.iso(now.wall))
    fresh = found()
    assert (fresh["content"]["state"], fresh["clock"]["state"]) == ("ok", "ok")
    ahead = clock.Moment(now.wall + 2 * clock.DAY_S, now.elapsed, now.boot)
    with kiosk_profile.store() as store:
        documents.save_trust(store, {clock.MARK: clock.write_mark(None, ahead)})
    assert "behind" in found()["clock"]["detail"] and found()["clock"]["state"] == "broken"


def test_doctor(run: Runner, kiosk_profile: KioskProfile) -> None:
    ran = run("doctor", "--json")
    assert ran.code == 0 and ran.err == "" and set(ran.json) == {"findings"}
    found = {one["name"]: one for one in ran.json["findings"]}
    assert set(found) >= {"keyring", "store", "content", "clock", "network", "fonts", "printer", "speech", "screen"}
    assert all(set(one) == {"name", "state", "detail"} for one in found.values())
    assert {one["state"] for one in found.values()} <= {"ok", "absent", "broken"}
    assert found["store"]["state"] == "ok" and "version 1" in found["store"]["detail"]
    assert found["network"]["state"] == found["printer"]["state"] == "absent"
    kiosk_profile.configure(backend_url="http://127.0.0.1:9", printer="lpt:1")
    (kiosk_profile.path / "store.db").write_bytes(b"\0" * 8192)
    ran = run("doctor", "--json")
    found = {one["name"]: one for one in ran.json["findings"]}
    assert ran.code == 0, "a finding is an answer"
    assert [found[name]["state"] for name in ("store", "network", "printer")] == ["broken"] * 3
    assert run("doctor").out.count("\n") == len(found)
