"""Lists: things of one kind, asked for one at a time ("add another").

Rules. An item has a page of its own; the list's own page shows its items as rows with Change and Remove, and Add while
there may be more. Pointers of items are those of the answers (/children/1/name); answers.put adds an item at the end
and takes one away. Nothing is kept here.
"""

from __future__ import annotations

from msgspec.structs import replace

from kiosk.forms.answers import get, put
from kiosk.forms.question import Question
from kiosk.forms.seen import Seen
from kiosk.forms.summary import Words, item_words
from kiosk.model.form import Answers, Field, ListItem, Page


def items(question: Question, answers: Answers, words: Words, language: str) -> tuple[ListItem, ...]:
    """The items of a list in clean answers, in order."""
    return tuple(
        ListItem(
            f"{question.pointer}/{number}",
            words.item(question, number, language),
            item_words(words, question, item, language),
        )
        for number, item in enumerate(get(answers, question.pointer) or ())
    )


def opened(pointer: str, answers: Answers) -> Answers:
    """Answers in which the item is there, if only an empty one."""
    return answers if isinstance(get(answers, pointer), dict) else put(answers, pointer, {})


def page(question: Question, number: int, page_id: str, seen: Seen, words: Words, language: str) -> Page:
    """The page of one item, with what it asks now."""
    asked = {one.pointer for one in seen.questions()}
    fields: list[Field] = []
    for one in question.of_item(number):
        field = one.field(words.texts, language)
        if one.pointer in asked:
            fields.append(field)
        elif one.pointer in seen.disabled:
            fields.append(replace(field, enabled=False))
    hint = words.texts.get(f"{question.i18n}.description")
    return Page(
        id=page_id,
        title=words.item(question, number, language),
        hint=hint.of(language) if hint else "",
        group=words.texts[f"{page_id}.group"].of(language),
        fields=tuple(fields),
    )
