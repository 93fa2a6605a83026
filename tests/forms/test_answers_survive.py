"""Answers that a form accepts survive saving, continuing, sending and opening unchanged; hidden ones never leave."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings

from kiosk.forms.answers import get, put
from kiosk.model.draft import Draft
from kiosk.protocol import draft, envelope, keys
from tests.forms.test_published_forms import asked_anywhere, day, filled, form
from tests.protocol.samples import device, recipient, submission

SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def saved_and_continued(answers: dict[str, Any]) -> dict[str, Any]:
    ticket = draft.new_ticket()
    kept = draft.seal(Draft("S0001", "f", 1, "ru", "p", answers, "2026-11-24T10:00:00Z"), ticket)
    return draft.open_sealed(kept, draft.read_code(ticket.code())).answers


def sent_and_opened(answers: dict[str, Any]) -> dict[str, Any]:
    private, public = recipient(keys.X_WING)
    sealed = envelope.seal(
        submission(answers), recipient=public, device=device(), sequence=1, boot=1, content_version=1
    )
    return envelope.open_envelope(envelope.read(sealed), private).answers


@SETTINGS
@given(filled())
def test_answers_that_pass_survive_save_resume_submit_and_unseal(given_answers: tuple[str, dict[str, Any]]) -> None:
    name, answers = given_answers
    one, today = form(name), day(name)
    assume(not one.check(answers, "en", today))
    later = saved_and_continued(one.for_later(answers))
    assert later == one.for_later(answers)
    for question in asked_anywhere(name):
        if question.kind == "attachment" and isinstance(get(answers, question.pointer), list):
            assert get(later, question.pointer) is None
            later = put(later, question.pointer, get(answers, question.pointer))
    sent = one.outgoing(later)
    assert sent == one.outgoing(answers)
    opened = sent_and_opened(sent)
    assert opened == sent
    assert one.check(opened, "ru", today) == () and one.miscalculated(opened) == ()


@SETTINGS
@given(filled())
def test_hidden_answers_never_leave_inside_a_seal(given_answers: tuple[str, dict[str, Any]]) -> None:
    name, answers = given_answers
    one = form(name)
    asked = {question.pointer for question in one.asked(answers)}
    opened = sent_and_opened(one.outgoing(answers))
    for question in asked_anywhere(name):
        if question.pointer not in asked:
            assert get(opened, question.pointer) is None
