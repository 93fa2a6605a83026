"""Fill a form on the real screen, by the names of its controls, from a set of answers.

Rules. The form engine says which pages and fields there are; the driver presses and types what a person would. An
answer that is not there leaves its field empty.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk import words
from kiosk.forms import answers as answer_tree
from kiosk.forms.definition import Form
from kiosk.model.form import Answers, Field, Page
from kiosk.ui.driver import Driver

TYPED = ("text", "long_text", "number", "money", "phone", "email", "identifier", "reading")


class FormFiller:
    """Answers the questions of one form in one language. `before_next` is called on each page before Continue."""

    def __init__(self, driver: Driver, form: Form, language: str) -> None:
        self._driver = driver
        self._form = form
        self._language = language
        self._answers: Answers = {}

    def pages(self, answers: Answers) -> tuple[Page, ...]:
        return self._form.pages(answers, self._language)

    def fill(self, answers: Answers, before_next: Callable[[Page], None] | None = None) -> int:
        """Answer every page in turn and press Continue on each; how many pages there were."""
        self._answers = answers
        pages = self.pages(answers)
        for page in pages:
            self._driver.wait(page.title, "Heading")
            for field in page.fields:
                self.answer(field, answer_tree.get(answers, field.pointer))
            if before_next is not None:
                before_next(page)
            self.next()
        return len(pages)

    def next(self) -> None:
        """Press Continue; while keyboard or keypad cover it, Done or Next first, as a visitor would."""
        before = self._headings()
        while self._t("common.continue") not in (names := {control.name for control in self._driver.names()}):
            done = self._t("controls.key_done")
            self._driver.tap(done if done in names else self._t("pages.next"), "Button")
            if self._headings() != before:
                return
        self._driver.tap(self._t("common.continue"), "Button")

    def _headings(self) -> list[str]:
        return [control.name for control in self._driver.names() if control.role == "Heading"]

    def answer(self, field: Field, value: Any) -> None:
        """Give one answer; None leaves the field alone. Files are brought to the centre: a screen has none."""
        if value is None or field.calculated:
            return
        if field.kind == "list":
            self._items(field, value)
            return
        if field.kind == "attachment":
            name = words.t(self._language, "pages.answer_spoken", answer=self._t("pages.bring"), question=field.label)
            self._driver.tap(name, "CheckBox")
            return
        if field.kind == "lookup":
            said = self._form.shown(field.pointer, self._answers, self._language)
            self._type(field.label, said.partition(" (")[0])
            if any(one.label == said for one in self._form.find(field.pointer, said, self._language)):
                self._driver.tap(said, "RadioButton")
            return
        if field.kind in TYPED:
            self._type(field.label, answer_tree.entry(field, value))
        elif field.kind == "date":
            year, month, day = str(value).split("-")
            for part, text in (("day", day), ("month", month), ("year", year)):
                self._type(f"{self._t(f'pages.{part}')}, {field.label}", text)
        elif field.kind == "tick":
            if value:
                self._driver.tap(field.label, "CheckBox")
        else:
            chosen = value if isinstance(value, list) else [value]
            texts = {"true" if one is True else "false" if one is False else str(one) for one in chosen}
            role = "CheckBox" if field.kind == "choices" else "RadioButton"
            for option in field.options:
                if option.value in texts:
                    yes_no = field.kind == "yes_no"
                    self._driver.tap(f"{option.label}, {field.label}" if yes_no else option.label, role)

    def _items(self, field: Field, values: list[Answers]) -> None:
        """Add each item of a list on a page of its own."""
        for number, item in enumerate(values):
            self._driver.tap(self._t("pages.add_item", item=field.item), "Button")
            pointer = f"{field.pointer}/{number}"
            inner = self._form.item_page(pointer, self._answers, self._language)
            self._driver.wait(inner.title, "Heading")
            for one in inner.fields:
                self.answer(one, answer_tree.get(item, one.pointer.removeprefix(pointer)))
            self._press("pages.item_add")

    def _press(self, key: str) -> None:
        """Press the main button; while keyboard or keypad cover it, Done or Next first."""
        while self._t(key) not in (names := {control.name for control in self._driver.names()}):
            done = self._t("controls.key_done")
            self._driver.tap(done if done in names else self._t("pages.next"), "Button")
        self._driver.tap(self._t(key), "Button")

    def _type(self, name: str, text: str) -> None:
        field = self._driver.tap(name, "EditableText")
        for _ in field.value:
            self._driver.key("Backspace")
        self._driver.type(text)

    def _t(self, key: str, **arguments: Any) -> str:
        return words.t(self._language, key, **arguments)
