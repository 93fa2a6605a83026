"""The own questions of a set as pages: JSON Schema, JSON Forms elements and texts.

Rules. The answers stand under /matter, the files under /papers. A page's i18n key is "page.<id>", a question's
"matter.<id>", one of an item "matter.<list>.<id>", a document's "papers.<id>", that of the words of a rule
"matter.<id>.rule.<number>". Sums become kopecks here, names in expressions the paths of the form. `required` names what
is always asked; inlining moves what stands under a condition (requirements.py).
"""

from __future__ import annotations

from typing import Any

from kiosk.forms import attachments
from kiosk.forms.question_set import (
    AnyQuestion,
    Choice,
    Choices,
    Day,
    Identifier,
    Line,
    Long,
    Lookup,
    Money,
    Number,
    OwnPage,
    Paper,
    QuestionSet,
    Repeated,
    When,
    Words,
    YesNo,
    expression_of,
)
from kiosk.forms.samples import IDENTIFIERS
from kiosk.forms.schema import Schema
from kiosk.forms.set_reckoning import of_form
from kiosk.model.text import Text

Element = dict[str, Any]
Texts = dict[str, Text]
ON_A_PAGE = 3
"""Documents asked for on one page."""
_GROUP = Text("О деле", "The matter")
_PAPERS = Text("Какие документы вы приложите?", "Which documents will you attach?")
_MORE_PAPERS = Text("Какие ещё документы вы приложите?", "Which other documents will you attach?")
_PAPERS_GROUP = Text("Документы", "Documents")
_HELD = Text("Эти документы есть у города: {}. Их не прикладывайте.", "The city has these: {}. No need to attach them.")


def text_of(words: Words) -> Text:
    """The text of a set whose texts are resolved."""
    return words if isinstance(words, Text) else Text(words, words)


def matter(one: QuestionSet, texts: Texts) -> tuple[Schema, list[Element]]:
    """The schema of /matter and the pages that ask for it; `texts` gets their words."""
    kinds = {question.id: question for question in one.questions()}
    pages: list[Element] = []
    for page in one.pages:
        key = f"page.{page.id}"
        texts[f"{key}.label"] = text_of(page.title)
        texts[f"{key}.group"] = text_of(page.group) if page.group else _GROUP
        if page.hint:
            texts[f"{key}.description"] = text_of(page.hint)
        controls = [_control(question, "matter", "#/properties/matter", kinds, texts) for question in page.fields]
        pages.append(_ruled({"type": "Category", "i18n": key, "elements": controls}, page.when, kinds))
    schema = _object(tuple(one.questions()))
    for question in one.questions():
        if text := expression_of(question):
            schema["properties"][question.id] = _calculated(question, of_form(text, one))
    return schema, pages


def rules(one: QuestionSet, texts: Texts) -> list[dict[str, Any]]:
    """The `x-rules` of a set; `texts` gets their words."""
    made: list[dict[str, Any]] = []
    for number, rule in enumerate(one.rules, start=1):
        texts[f"matter.{rule.at}.rule.{number}"] = text_of(rule.says)
        that = of_form(rule.that, one)
        made.append({"rule": "says", "at": f"/matter/{rule.at}", "that": that, "name": str(number)})
    return made


def papers(one: QuestionSet, texts: Texts) -> tuple[Schema, list[Element]]:
    """The schema of /papers and the pages that ask for files; none where the service needs no documents."""
    kinds = {question.id: question for question in one.questions()}
    properties = {paper.id: attachments.schema_of(paper.kinds, paper.most) for paper in one.attachments}
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    needed = [paper.id for paper in one.attachments if not paper.optional]
    if needed:
        schema["required"] = needed
    pages: list[Element] = []
    for start in range(0, len(one.attachments), ON_A_PAGE):
        key = f"documents_{start // ON_A_PAGE + 1}"
        texts[f"{key}.label"] = _MORE_PAPERS if start else _PAPERS
        texts[f"{key}.group"] = _PAPERS_GROUP
        if one.held and not start:
            texts[f"{key}.description"] = _held(one.held)
        controls = [_paper(paper, kinds, texts) for paper in one.attachments[start : start + ON_A_PAGE]]
        pages.append({"type": "Category", "i18n": key, "elements": controls})
    return schema, pages


def condition(when: When, question: AnyQuestion, scope: str = "#/properties/matter") -> dict[str, Any]:
    """The condition of a rule."""
    values = list(when.values)
    schema: Schema = {"const": values[0]} if len(values) == 1 else {"enum": values}
    if isinstance(question, Choices):
        schema = {"contains": schema}
    return {"scope": f"{scope}/properties/{when.field}", "schema": schema}


def page_of(one: QuestionSet, question: str) -> OwnPage:
    """The page that asks for a question."""
    return next(page for page in one.pages if any(inner.id == question for inner in page.fields))


def _object(questions: tuple[AnyQuestion, ...]) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {question.id: _schema(question) for question in questions},
    }
    needed = [question.id for question in questions if _needed(question)]
    if needed:
        schema["required"] = needed
    return schema


def _needed(question: AnyQuestion) -> bool:
    if expression_of(question):
        return False
    return question.least > 0 if isinstance(question, Repeated) else not question.optional


def _calculated(question: AnyQuestion, expression: str) -> Schema:
    """What is worked out: its kind alone, for a visitor cannot mend what oversteps a limit."""
    match question:
        case Day():
            kind: Schema = {"type": "string", "format": "date"}
        case Line():
            kind = {"type": "string"}
        case _:
            kind = {"type": "integer"}
    return {**kind, "x-calculated": expression}


def _schema(question: AnyQuestion) -> Schema:
    match question:
        case Choice():
            return {"type": "string", "enum": list(question.choices)}
        case Choices():
            items = {"type": "string", "enum": list(question.choices)}
            return {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}
        case Line() | Long():
            return {"type": "string", "maxLength": question.most}
        case Number():
            return {"type": "integer", "minimum": question.min, "maximum": question.max}
        case Money():
            return {"type": "integer", "minimum": question.min * 100, "maximum": question.max * 100}
        case YesNo():
            return {"type": "boolean"}
        case Day():
            limit = {} if question.limit == "any" else {"x-dateLimit": question.limit}
            return {"type": "string", "format": "date", **limit}
        case Identifier():
            return {"type": "string", "format": question.format, "examples": [IDENTIFIERS[question.format]]}
        case Lookup():
            format_of = {"format": "bic"} if question.list == "banks" else {"maxLength": 120}
            return {"type": "string", **format_of, "x-lookup": question.list}
        case Repeated():
            items = _object(question.fields)
            return {"type": "array", "minItems": question.least, "maxItems": question.most, "items": items}


def _control(question: AnyQuestion, prefix: str, scope: str, kinds: dict[str, AnyQuestion], texts: Texts) -> Element:
    key = f"{prefix}.{question.id}"
    texts[f"{key}.label"] = text_of(question.label)
    if question.hint:
        texts[f"{key}.description"] = text_of(question.hint)
    options: dict[str, Any] = {}
    match question:
        case Choice() | Choices():
            texts.update({f"{key}.{value}": text_of(words) for value, words in question.choices.items()})
        case Long():
            options["multi"] = True
        case Money():
            options["money"] = True
        case Number() if question.unit:
            texts[f"{key}.unit"] = text_of(question.unit)
        case Repeated():
            texts[f"{key}.item"] = text_of(question.item)
            inside: dict[str, AnyQuestion] = {inner.id: inner for inner in question.fields}
            elements = [_control(inner, key, "#", inside, texts) for inner in question.fields]
            options["detail"] = {"type": "VerticalLayout", "elements": elements}
    element: Element = {"type": "Control", "scope": f"{scope}/properties/{question.id}", "i18n": key}
    if options:
        element["options"] = options
    return _ruled(element, question.when, kinds, scope)


def _paper(paper: Paper, kinds: dict[str, AnyQuestion], texts: Texts) -> Element:
    key = f"papers.{paper.id}"
    texts[f"{key}.label"] = text_of(paper.name)
    if paper.hint:
        texts[f"{key}.description"] = text_of(paper.hint)
    element = {"type": "Control", "scope": f"#/properties/papers/properties/{paper.id}", "i18n": key}
    return _ruled(element, paper.when, kinds)


def _ruled(
    element: Element, when: When | None, kinds: dict[str, AnyQuestion], scope: str = "#/properties/matter"
) -> Element:
    if when is None:
        return element
    return {**element, "rule": {"effect": "SHOW", "condition": condition(when, kinds[when.field], scope)}}


def _held(names: tuple[Words, ...]) -> Text:
    known = [text_of(name) for name in names]
    lists = {language: ", ".join(_within(text.of(language)) for text in known) for language in ("ru", "en")}
    return Text(_HELD.ru.format(lists["ru"]), _HELD.en.format(lists["en"]))


def _within(name: str) -> str:
    """A name as it stands within a sentence."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name
