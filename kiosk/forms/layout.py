"""The JSON Forms UI schema of a definition, read into pages and questions, with everything that is wrong with it.

Rules. Categorization > Category (one page) > Control or Group of Controls. A Category's `i18n` is the page's id and
has the texts `label` (the question), `group` (its short name) and, if need be, `description`. A Group with
`options.joined` makes one row of its answers on the check page, joined by that string. Every leaf of the schema has
exactly one Control; objects refuse what they do not list; rules look at what is asked before. The Control of a list has
the layout of one item in `options.detail`, Controls with scopes and rules that begin at the item, and the text `item`
(the name of one). It checks and reads, it raises nothing: the problems are a list of (pointer, message).
"""

from __future__ import annotations

from typing import Any

from kiosk.forms import limits
from kiosk.forms.answers import pointer_of
from kiosk.forms.attachments import KINDS
from kiosk.forms.expression import Expression
from kiosk.forms.formats import FORMATS
from kiosk.forms.question import Question, Sheet, kind_of
from kiosk.forms.schema import Schema, at, item_of, leaves, objects, path_of, required
from kiosk.forms.visibility import Rule, compile_rule, paths
from kiosk.model.form import FormDefinition

Problem = tuple[str, str]


class LayoutReader:
    """Reads one definition; afterwards `sheets` and `problems` are there."""

    def __init__(self, definition: FormDefinition, lookups: frozenset[str] = frozenset()) -> None:
        """`lookups` are the ids of the lists that there are."""
        self.definition = definition
        self.schema = definition.schema
        self.problems: list[Problem] = []
        self.sheets: list[Sheet] = []
        self._lookups = lookups
        self._required = required(self.schema)
        self._asked: dict[tuple[str, ...], str] = {}
        self._read_pages()
        self._check_schema()
        self._check_pairs()

    @classmethod
    def of_item(cls, outer: LayoutReader, schema: Schema, detail: Any, where: str) -> tuple[Question, ...]:
        """The questions of one item of a list; their problems go to `outer`."""
        inner = cls.__new__(cls)
        inner.definition, inner.schema, inner.problems = outer.definition, schema, outer.problems
        inner._lookups, inner._required, inner._asked = outer._lookups, required(schema), {}
        questions: list[Question] = []
        elements = detail.get("elements") if isinstance(detail, dict) else None
        inner._read_elements(elements or (), f"{where}/options/detail", (), ("", " "), questions)
        for path in leaves(schema):
            if path not in inner._asked:
                inner._wrong(where, f"an item does not ask for {pointer_of(path)}")
        for question in questions:
            if question.kind in ("list", "attachment") or "x-calculated" in question.schema:
                inner._wrong(where, f"{question.pointer}: an item of a list cannot ask for this")
        return tuple(questions)

    def _wrong(self, pointer: str, message: str) -> None:
        self.problems.append((pointer, message))

    def _read_pages(self) -> None:
        if self.definition.ui.get("type") != "Categorization" or not self.definition.ui.get("elements"):
            self._wrong("/ui", "the UI schema must be a Categorization with pages")
        for number, category in enumerate(self.definition.ui.get("elements", ())):
            where = f"/ui/elements/{number}"
            if not isinstance(category, dict) or category.get("type") != "Category" or not category.get("i18n"):
                self._wrong(where, "a page must be a Category with an i18n key")
                continue
            page = str(category["i18n"])
            if any(sheet.id == page for sheet in self.sheets):
                self._wrong(where, f"two pages have the key {page}")
            self._need_texts(where, page, "label", "group")
            rules = self._rules(category, where, ())
            questions: list[Question] = []
            self._read_elements(category.get("elements", ()), where, rules, ("", " "), questions)
            if not questions:
                self._wrong(where, "a page must ask something")
            self.sheets.append(Sheet(page, rules, tuple(questions)))

    def _rules(self, element: dict[str, Any], where: str, outer: tuple[Rule, ...]) -> tuple[Rule, ...]:
        if "rule" not in element:
            return outer
        try:
            rule = compile_rule(element["rule"])
        except ValueError as error:
            self._wrong(f"{where}/rule", str(error))
            return outer
        for path in paths(rule.condition):
            if path and not any(asked[: len(path)] == path for asked in self._asked):
                self._wrong(f"{where}/rule", f"the rule looks at {pointer_of(path)}, which is not asked before")
        return (*outer, rule)

    def _read_elements(
        self, elements: Any, where: str, rules: tuple[Rule, ...], joined: tuple[str, str], questions: list[Question]
    ) -> None:
        for number, element in enumerate(elements):
            place = f"{where}/elements/{number}"
            inner = self._rules(element, place, rules)
            match element.get("type"):
                case "Group":
                    group = joined
                    if "joined" in element.get("options", {}):
                        group = (str(element.get("i18n", "")), str(element["options"]["joined"]))
                        self._need_texts(place, group[0], "label")
                    self._read_elements(element.get("elements", ()), place, inner, group, questions)
                case "Control":
                    self._read_control(element, place, inner, joined, questions)
                case other:
                    self._wrong(place, f"unknown element {other}")

    def _read_control(
        self,
        element: dict[str, Any],
        where: str,
        rules: tuple[Rule, ...],
        joined: tuple[str, str],
        questions: list[Question],
    ) -> None:
        path = path_of(str(element.get("scope", "")))
        schema = at(self.schema, path) if path else None
        if not path or schema is None or "properties" in schema:
            self._wrong(f"{where}/scope", f"{element.get('scope')} is no answer of the schema")
            return
        if path in self._asked:
            self._wrong(f"{where}/scope", f"{pointer_of(path)} is asked twice")
        i18n = str(element.get("i18n", ""))
        self._asked[path] = i18n
        options = element.get("options", {})
        kind = kind_of(schema, options)
        items: tuple[Question, ...] = ()
        if kind == "list":
            items = self.of_item(self, item_of(self.schema, schema) or {}, options["detail"], where)
            self._need_texts(where, i18n, "item")
            if not items:
                self._wrong(where, "a list must ask something about an item")
        needed = path in self._required
        question = Question(
            pointer_of(path), path, schema, i18n, kind, options, needed, rules, joined[0], joined[1], items
        )
        self._need_texts(where, i18n, "label", *question.values)
        self._check_question(question, where)
        questions.append(question)

    def _check_question(self, question: Question, where: str) -> None:
        if question.format and question.format not in FORMATS:
            self._wrong(f"{where}/scope", f"unknown format {question.format}")
        if question.kind == "choices" and item_of(self.schema, question.schema) is not None:
            self._wrong(where, "a list needs the layout of an item in options.detail")
        if question.lookup and question.lookup not in self._lookups:
            self._wrong(f"{where}/scope", f"there is no lookup {question.lookup}")
        if question.kind == "attachment":
            kinds = question.schema["x-attachment"].get("kinds", ())
            if not kinds or set(kinds) - set(KINDS):
                self._wrong(f"{where}/scope", "an attachment must say its kinds: photo, scan or both")
        try:
            if question.expression is not None and question.required:
                self._wrong(f"{where}/scope", "what is calculated cannot be required")
        except ValueError as error:
            self._wrong(f"{where}/scope", f"x-calculated: {error}")

    def _need_texts(self, where: str, i18n: str, *suffixes: str) -> None:
        for suffix in suffixes:
            text = self.definition.texts.get(f"{i18n}.{suffix}")
            if text is None:
                self._wrong(where, f"the text {i18n}.{suffix} is missing")

    def _check_schema(self) -> None:
        for key, text in self.definition.texts.items():
            if not text.ru.strip() or not text.en.strip():
                self._wrong(f"/texts/{key}", "a text must be there in Russian and in English")
        for path, node in objects(self.schema):
            if node.get("additionalProperties") is not False:
                self._wrong(f"/schema{pointer_of(path)}", "an object must say additionalProperties: false")
        for path in leaves(self.schema):
            if path not in self._asked:
                self._wrong(f"/schema{pointer_of(path)}", "no page asks for this")
            limit = (at(self.schema, path) or {}).get("x-dateLimit", "past")
            if limit not in limits.DATE_LIMITS:
                self._wrong(f"/schema{pointer_of(path)}", f"unknown x-dateLimit {limit}")
        for path in self._required:
            if at(self.schema, path) is None:
                self._wrong("/schema", f"required names {pointer_of(path)}, which is not a property")

    def _check_pairs(self) -> None:
        pointers = {pointer_of(path) for path in self._asked}
        for number, rule in enumerate(self.schema.get("x-rules", ())):
            where = f"/schema/x-rules/{number}"
            if rule.get("rule") == "says":
                self._check_says(where, rule, pointers)
                continue
            if rule.get("rule") not in limits.PAIR_RULES:
                self._wrong(where, f"unknown rule {rule.get('rule')}")
            for side in ("at", "with"):
                if rule.get(side) not in pointers:
                    self._wrong(where, f"{rule.get(side)} is asked nowhere")
            if rule.get("rule") == "at-most-more" and not isinstance(rule.get("limit"), int | float):
                self._wrong(where, "at-most-more needs a limit")

    def _check_says(self, where: str, rule: dict[str, Any], pointers: set[str]) -> None:
        if rule.get("at") not in pointers:
            self._wrong(where, f"{rule.get('at')} is asked nowhere")
            return
        i18n = next(name for path, name in self._asked.items() if pointer_of(path) == rule["at"])
        self._need_texts(where, i18n, f"rule.{rule.get('name')}")
        try:
            Expression(str(rule.get("that", "")))
        except ValueError as error:
            self._wrong(where, str(error))
