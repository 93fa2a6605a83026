"""The rules of wording refuse their bad example each, and the shipped lists refuse nothing that is plain."""

from __future__ import annotations

import pytest

from kiosk import resources
from kiosk.model.text import Text
from kiosk.publish import wording
from kiosk.publish.wording import Term, Wording

LISTS = Wording(
    office={"осуществл*": "делать", "в целях": "чтобы", "предоставлени* услуг*": "услуга"},
    latin=("QR",),
    terms=(Term("свидетельство о рождении", ("birth certificate",)), Term("патент", ("patent",), ("патентный",))),
    cyrillic=("МСЭ",),
)
PLAIN = Text("Покажите код QR на входе.", "Show the QR code at the entrance.")


def found(ru: str = PLAIN.ru, en: str = PLAIN.en) -> str:
    return "\n".join(wording.wording_problems(Text(ru, en), LISTS))


def test_a_plain_text_passes() -> None:
    assert found() == ""


def test_a_hard_text_over_100_characters() -> None:
    hard = "Государственная регистрация прекращения деятельности предпринимателя совершается незамедлительно всегда."
    assert len(hard) > 100
    assert "hard to read" in found(hard)
    assert "hard to read" not in found("Регистрация предпринимательской деятельности.")


def test_ease_has_oborneva_constants() -> None:
    """Two sentences of 3 and 2 words, 8 syllables: 206.835 - 1.3 * 2.5 - 60.1 * 1.6."""
    assert wording.reading_ease("Мама мыла раму. Она устала.") == pytest.approx(206.835 - 1.3 * 2.5 - 60.1 * 11 / 5)


@pytest.mark.parametrize("words, refused", [(20, False), (21, True)])
def test_a_sentence_of_more_than_20_words(words: int, refused: bool) -> None:
    assert ("a sentence has" in found(ru=" ".join(["да"] * words) + ".")) is refused
    assert ("a sentence has" in found(en=" ".join(["yes"] * words) + ".")) is refused


def test_two_short_sentences_are_not_one_long() -> None:
    assert found(ru=("да " * 15 + ". ") * 2) == ""


@pytest.mark.parametrize(
    "ru", ["Мы осуществляем проверку.", "Это делают в  целях порядка.", "Идёт предоставление услуги.", "В ЦЕЛЯХ дела"]
)
def test_office_words(ru: str) -> None:
    assert "word of offices" in found(ru)


@pytest.mark.parametrize("ru", ["Мы проверяем.", "В целях, понятных всем, есть смысл. Цели"])
def test_words_that_only_look_like_office(ru: str) -> None:
    assert ("word of offices" in found(ru)) is ru.startswith("В целях")


def test_latin_in_russian_and_cyrillic_in_english() -> None:
    assert "not translated: online" in found(ru="Подайте online")
    assert "Cyrillic" in found(en="Show the паспорт")
    assert found(en="The МСЭ paper") == ""


def test_a_term_in_other_words() -> None:
    assert "by the glossary" in found("Возьмите свидетельства о рождении.", "Bring papers of birth.")
    assert found("Возьмите свидетельства о рождении.", "Bring birth certificates.") == ""
    assert found("Патентный суд.", "The court of inventions.") == ""


def test_the_shipped_lists() -> None:
    lists = wording.parse((resources.root() / "catalogue" / "wording.json").read_bytes())
    assert len(lists.terms) >= 60 and len(lists.office) >= 30
    assert len({term.ru for term in lists.terms}) == len(lists.terms)
    assert list(wording.wording_problems(Text("Подайте заявление.", "Send the application."), lists)) == []
    assert list(wording.wording_problems(Text("Ввиду этого нельзя.", "So it cannot be done."), lists))
