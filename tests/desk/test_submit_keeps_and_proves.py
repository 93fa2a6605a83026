"""An application that is taken: sealed on the disk, numbered, and with a receipt that proves itself."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from stdnum import luhn

from kiosk.desk.applications import Application
from kiosk.model.form import FormDefinition
from kiosk.model.submission import Submission, SubmissionState
from kiosk.passes import receipt_code
from kiosk.protocol import envelope
from kiosk.protocol.keys import public_of
from kiosk.protocol.receipt_number import receipt_number
from kiosk.store import documents, outbox
from tests.helpers import profiles
from tests.helpers.profiles import SERVICE, KioskProfile

CANARY = "Канарейкина"
MORNING = 1_790_000_000.0


def opened(kiosk: KioskProfile, data: bytes) -> Submission:
    """What the backend reads in an envelope."""
    read = envelope.read(data)
    envelope.verify(read, public_of(kiosk.identity.private_key))
    private = kiosk.private.recipient(read.header.key_id)
    assert private is not None
    return envelope.open_envelope(read, private)


def test_the_file_opens_to_exactly_what_was_sent(kiosk_profile: KioskProfile) -> None:
    answers = kiosk_profile.answers("library-ticket", 1)
    receipt = kiosk_profile.submit(answers, language="en")
    (file,) = (kiosk_profile.path / "outbox").iterdir()
    assert file.name == f"{receipt.submission}.env"
    with kiosk_profile.store() as store:
        (row,) = outbox.rows(store)
        assert outbox.envelope(store, row.id) == file.read_bytes(), "file and row are the same bytes"
        form = documents.get(store, "form/library-ticket", FormDefinition)
    assert (row.id, row.receipt_number, row.sequence, row.state) == (
        receipt.submission,
        receipt.number,
        1,
        SubmissionState.WAITING,
    )
    sent = opened(kiosk_profile, file.read_bytes())
    assert (sent.id, sent.receipt_number, sent.service) == (receipt.submission, receipt.number, SERVICE)
    assert (sent.form, sent.form_version, sent.language, sent.consent) == (form.id, form.version, "en", True)
    assert sent.answers == answers, "an example is in the stored spelling already"


def test_hidden_answers_stay_and_the_rest_is_spelled_as_it_is_stored(kiosk_profile: KioskProfile) -> None:
    answers = kiosk_profile.answers()
    assert answers["reader"] == "self"
    filled = profiles.put(answers, "/child/last", "Спрятанная")
    filled = profiles.put(filled, "/contact/phone", "8 (916) 000-12-34")
    kiosk_profile.submit(filled)
    (file,) = (kiosk_profile.path / "outbox").iterdir()
    sent = opened(kiosk_profile, file.read_bytes()).answers
    assert "child" not in sent
    assert sent == answers | {"contact": answers["contact"] | {"phone": "+79160001234"}}


def test_nothing_readable_stays_in_any_file(kiosk_profile: KioskProfile) -> None:
    answers = profiles.put(kiosk_profile.answers(), "/applicant/last", CANARY)
    receipt = kiosk_profile.submit(answers)
    with pytest.raises(Exception, match="refused"):
        kiosk_profile.submit(profiles.put(answers, "/contact/phone", "1"))
    forms = [CANARY.encode(codec) for codec in ("utf-8", "utf-16-le", "cp1251")]
    forms.append(CANARY.encode("unicode_escape"))
    files = [path for path in kiosk_profile.path.rglob("*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        data = path.read_bytes()
        assert not any(form in data for form in forms), path
        assert SERVICE.encode() not in data, "not even which service"
    assert CANARY not in msgspec.json.encode(receipt).decode()
    with kiosk_profile.store() as store:
        for (table,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"):
            for row in store.rows(f'SELECT * FROM "{table}"'):
                assert CANARY not in repr(row), table


def test_the_code_of_the_receipt_is_genuine(kiosk_profile: KioskProfile) -> None:
    receipt = kiosk_profile.submit()
    authorities = kiosk_profile.private.public().device_authority
    verdict = receipt_code.verify(receipt.code, authorities)
    assert verdict.status == "valid" and verdict.claims is not None
    claims = verdict.claims
    assert (claims.number, claims.submission, claims.service, claims.kiosk) == (
        receipt.number,
        receipt.submission,
        SERVICE,
        "k16",
    )
    assert receipt_code.verify(receipt.code, authorities, revoked=["k16"]).status == "revoked"
    assert receipt_code.verify(receipt.code[:-4] + "0000", authorities).status != "valid"


def test_numbers_run_on_and_carry_a_check_digit(kiosk_profile: KioskProfile) -> None:
    numbers = [kiosk_profile.submit().number for _ in range(3)]
    assert [number[:9] for number in numbers] == ["16-000001", "16-000002", "16-000003"]
    for number in numbers:
        assert re.fullmatch(r"16-\d{6}-\d", number)
        assert luhn.is_valid(number.replace("-", ""))


def test_the_check_digit_finds_every_wrong_digit_and_most_swapped_ones() -> None:
    for sequence in (1, 4127, 999_999, 1_000_000):
        number = receipt_number(16, sequence)
        digits = number.replace("-", "")
        assert luhn.is_valid(digits)
        for place, digit in enumerate(digits):
            for other in "0123456789":
                if other != digit:
                    assert not luhn.is_valid(digits[:place] + other + digits[place + 1 :])
    assert receipt_number(16, 4127) == "16-004127-" + luhn.calc_check_digit("16004127")


def test_the_receipt_says_where_when_and_what_next(kiosk_profile: KioskProfile) -> None:
    receipt = kiosk_profile.counter(now=lambda: MORNING).submit(_application(kiosk_profile, language="en"))
    assert receipt.centre.en == "My Documents, Sokol" and receipt.address.en
    assert receipt.created_at.startswith("2026-09-2") and receipt.created_at[-6] in "+-"
    assert receipt.service.en == "Unified library card" and receipt.language == "en"
    assert len(receipt.next_steps) >= 2 and all(step.title for step in receipt.next_steps)
    assert all(not re.search("[а-яё]", step.title + step.note, re.IGNORECASE) for step in receipt.next_steps[:1])


def test_a_centre_that_editors_do_not_know_leaves_no_hole(kiosk_profile: KioskProfile) -> None:
    from kiosk.paper.receipt import receipt_sheet
    from kiosk.paper.text import text

    kiosk_profile.publish([], removed=("centre/sokol",))
    receipt = kiosk_profile.submit()
    assert receipt.centre.ru == receipt.address.ru == ""
    assert "\n  ," not in text(receipt_sheet(receipt))


def _application(kiosk: KioskProfile, **changes: object) -> Application:
    return Application(
        **({"service": SERVICE, "answers": kiosk.answers(), "language": "ru", "consent": True} | changes)
    )


def test_it_is_sealed_to_the_best_key_that_has_not_run_out(kiosk_profile: KioskProfile) -> None:
    published = kiosk_profile.private.public()
    best, second = published.recipients
    assert (best.suite, second.suite) == (2, 1)
    moment = "2026-09-21T14:13:20Z"  # MORNING
    for not_after, expected in (
        ("2026-09-21T14:13:20Z", best),
        ("2026-09-21T14:13:19Z", second),
        ("2026-09-21", best),
        ("2026-09-20", second),
    ):
        aged = msgspec.structs.replace(best, not_after=not_after)
        kiosk_profile.publish_keys(msgspec.structs.replace(published, recipients=(aged, second)))
        receipt = kiosk_profile.counter(now=lambda: MORNING).submit(_application(kiosk_profile))
        data = outbox.file_of(kiosk_profile.path, receipt.submission).read_bytes()
        header = envelope.read(data).header
        assert (header.key_id, header.suite, header.created_at) == (expected.id, expected.suite, moment), not_after
        assert opened(kiosk_profile, data).id == receipt.submission


def test_the_header_tells_kiosk_boot_and_content_version(kiosk_profile: KioskProfile) -> None:
    kiosk_profile.publish([])
    receipt = kiosk_profile.submit()
    header = envelope.read(outbox.file_of(kiosk_profile.path, receipt.submission).read_bytes()).header
    assert (header.kiosk, header.sequence, header.boot, header.form_set) == ("k16", 1, 1, 2)


def test_two_counters_at_once_share_no_number(kiosk_profile: KioskProfile) -> None:
    kiosk = kiosk_profile
    answers = kiosk.answers()
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: kiosk.submit(answers).number, range(12)))
    assert len(set(numbers)) == 12
    with kiosk.store() as store:
        assert [row.sequence for row in outbox.rows(store)] == list(range(1, 13))
