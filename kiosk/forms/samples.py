"""Made-up answers for own questions, so that every form has complete examples.

Rules. Nothing is drawn by chance: the same set gives the same examples. Identifiers are made up and pass their checks.
What is calculated is worked out of the other answers, and is not there while one of them is missing.
The first example is the shortest way through the form, the second goes through as many conditional parts as one can;
further ones are made until every question was asked once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.forms.attachments import BRING, MOST_BYTES, media_types
from kiosk.forms.expression import Expression
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
    Paper,
    QuestionSet,
    Repeated,
    When,
    YesNo,
    expression_of,
)
from kiosk.forms.set_reckoning import of_form
from kiosk.model.form import Answers
from kiosk.model.lookup import Lookup as LookupList

ON = "2026-11-23"
"""The day on which the examples are right."""
IDENTIFIERS: dict[str, str] = {
    "inn-person": "770000001103",
    "inn-organisation": "7709999018",
    "snils": "112-233-445 95",
    "ogrn": "1027799999017",
    "ogrnip": "304770000000019",
    "oms-policy": "7700 0000 0000 0016",
    "account": "40702810138250123017",
    "bic": "044525225",
    "uin": "18810136161108008161",
    "passport-rf": "4509 123456",
    "division-code": "770-045",
    "travel-passport": "75 1234567",
    "birth-certificate": "IV-МЮ 123456",
    "sts": "77 УК 123456",
    "driving-licence": "99 00 123456",
    "plate": "А 123 ВС 777",
    "plate-taxi": "АВ 123 777",
    "vin": "XTA210930Y2696785",
    "kpp": "773601001",
    "oktmo": "45334000",
    "troika": "0123 456 789",
    "epd-payer": "1234567890",
    "postcode": "125057",
    "phone-ru": "+7 916 000-12-34",
    "phone-any": "+7 916 000-12-34",
    "email": "anna@example.ru",
    "meter-reading": "123.45",
    "date": "2026-11-01",
}
_DAYS = {"past": "2026-11-02", "future": "2026-12-14", "any": "2026-12-01", "birth": "1988-09-17"}
_MOST_EXAMPLES = 12


def examples(one: QuestionSet, lookups: Mapping[str, LookupList]) -> list[tuple[Answers, Answers]]:
    """Answers for /matter and /papers: the shortest way, the longest one, then what is not reached yet."""
    filler = _Filler(one, lookups)
    made = [filler.fill({}, full=False), filler.fill({}, full=True)]
    forced: set[str] = set()
    while len(made) < _MOST_EXAMPLES:
        missing = [name for name in filler.conditional if name not in filler.reached and name not in forced]
        if not missing:
            break
        forced.add(missing[0])
        made.append(filler.fill(filler.way_to(missing[0]), full=True))
    return made


class _Filler:
    def __init__(self, one: QuestionSet, lookups: Mapping[str, LookupList]) -> None:
        self._set = one
        self._lookups = lookups
        self._questions = {question.id: question for question in one.questions()}
        self._conditions: dict[str, tuple[When, ...]] = {
            question.id: tuple(when for when in (page.when, question.when) if when)
            for page in one.pages
            for question in page.fields
        }
        self._expressions = {
            name: Expression(of_form(text, one))
            for name, question in self._questions.items()
            if (text := expression_of(question))
        }
        papers = {f"papers/{paper.id}": (paper.when,) for paper in one.attachments if paper.when}
        self.conditional = {name: whens for name, whens in (self._conditions | papers).items() if whens}
        self.reached: set[str] = set()

    def fill(self, forced: Mapping[str, Any], *, full: bool) -> tuple[Answers, Answers]:
        matter: Answers = {}
        for name, question in self._questions.items():
            if not all(self._met(when, matter) for when in self._conditions[name]):
                continue
            self.reached.add(name)
            if name in self._expressions:
                value = self._expressions[name].value({"matter": matter})
                matter |= {} if value is None else {name: value}
            elif name in forced:
                matter[name] = [forced[name]] if isinstance(question, Choices) else forced[name]
            elif full or not _may_lack(question):
                matter[name] = self._value(question, full)
        papers: Answers = {}
        for number, paper in enumerate(self._set.attachments):
            if paper.when and not self._met(paper.when, matter):
                continue
            self.reached.add(f"papers/{paper.id}")
            if full or not paper.optional:
                papers[paper.id] = [_file(paper, number)] if full else BRING
        return matter, papers

    def way_to(self, name: str) -> dict[str, Any]:
        """Answers that make a question asked."""
        forced: dict[str, Any] = {}
        waiting = list(self.conditional[name])
        while waiting:
            when = waiting.pop()
            if when.field not in forced:
                forced[when.field] = when.values[0]
                waiting += self._conditions[when.field]
        return forced

    def _met(self, when: When, matter: Answers) -> bool:
        value = matter.get(when.field)
        return any(one in when.values for one in value) if isinstance(value, list) else value in when.values

    def _value(self, question: AnyQuestion, full: bool) -> Any:
        match question:
            case Choice():
                return self._weighed(question.id, list(question.choices), full)
            case YesNo():
                return self._weighed(question.id, [False, True], full)
            case Choices():
                return list(question.choices) if full else [self._weighed(question.id, list(question.choices), False)]
            case Repeated():
                count = max(question.least, min(2, question.most)) if full else question.least
                return [self._item(question, full) for _ in range(count)]
            case _:
                return _plain(question, self._lookups)

    def _weighed(self, name: str, values: list[Any], full: bool) -> Any:
        """The answer that leads to the fewest further questions, or to the most that were not asked yet."""

        def weight(value: Any) -> int:
            led = [one for one, whens in self.conditional.items() if _leads(whens, name, value)]
            return sum(one not in self.reached for one in led) if full else -len(led)

        return max(values, key=weight)

    def _item(self, question: Repeated, full: bool) -> Answers:
        item: Answers = {}
        for inner in question.fields:
            if (inner.when and not self._met(inner.when, item)) or (inner.optional and not full):
                continue
            match inner:
                case Choice():
                    item[inner.id] = next(iter(inner.choices))
                case Choices():
                    item[inner.id] = list(inner.choices)
                case YesNo():
                    item[inner.id] = full
                case _:
                    item[inner.id] = _plain(inner, self._lookups)
        return item


def _leads(whens: tuple[When, ...], name: str, value: Any) -> bool:
    return any(when.field == name and value in when.values for when in whens)


def _may_lack(question: AnyQuestion) -> bool:
    return question.least == 0 if isinstance(question, Repeated) else question.optional


def _plain(question: AnyQuestion, lookups: Mapping[str, LookupList]) -> Any:
    match question:
        case Line() | Long():
            return question.example
        case Number():
            return min(max(question.example, question.min), question.max)
        case Money():
            return round(min(max(question.example, question.min), question.max) * 100)
        case Day():
            return question.example or _DAYS[question.limit]
        case Identifier():
            return IDENTIFIERS[question.format]
        case Lookup():
            return lookups[question.list].entries[0].id
    raise AssertionError(question)


def _file(paper: Paper, number: int) -> dict[str, Any]:
    media_type = media_types(paper.kinds)[-1]
    return {
        "id": f"019a0000-0000-7000-8000-{number + 1:012}",
        "name": f"{paper.id}.{'pdf' if media_type == 'application/pdf' else 'png'}",
        "media_type": media_type,
        "size": min(300_000, MOST_BYTES),
    }
