"""Question sets become forms: the own questions of a service with the shared parts of whoever applies.

Rules. The order is that of a good conversation: for whom (where anybody may apply), the matter itself with what may end
it at once, what it is about (address, vehicle, child, another person), then who applies, money, documents,
contact, delivery. A form has the id of its service in small letters ("s0001") and needs no other file: blocks are
inlined, as in forms that are written by hand. Its first example is the shortest way, the others go through every
conditional part. Wrong sets are named with the file and pointer of the set. It does not read files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from kiosk.forms import own_pages, samples, set_rules
from kiosk.forms.question_set import Identifier, Lookup, Placed, Problem, QuestionSet
from kiosk.forms.written import BlockSource, FormSource, inlined
from kiosk.model.form import Answers, FormDefinition
from kiosk.model.lookup import Lookup as LookupList
from kiosk.model.text import Text

Element = dict[str, Any]
EDITION = 2
"""One more whenever other forms come of the same sets and blocks: it raises the versions of all of them."""
UNTITLED = Text("Заявление", "Application")
_KIND = Text("Вы пишете от себя или от организации?", "Do you write for yourself or for an organisation?")
_STAY = Text("Где вы живёте в Москве?", "Where do you stay in Moscow?")
_PLACE = Text("О каком адресе речь?", "Which address is it about?")
_ADDRESS = Text("Адрес", "Address")
_NAME = Text("Как вас зовут?", "What is your name?")
_CHILD: dict[str, Text] = {
    "representative.who.self": Text("Я родитель или опекун", "I am the parent or guardian"),
    "representative.who.representative": Text("Я действую за родителя или опекуна", "I act for the parent or guardian"),
    "anyone.who.label": Text("Как зовут родителя или опекуна?", "What is the name of the parent or guardian?"),
    "anyone.who.group": Text("Родитель", "Parent"),
}
_OTHER: dict[str, Text] = {
    "subject.who.label": Text("О ком вы просите?", "Who is it about?"),
    "subject.who.group": Text("О ком заявление", "Person concerned"),
    "anyone.who.label": Text("Кто просит об услуге?", "Who asks for the service?"),
}


class Part(Struct, frozen=True):
    """A shared part of a form: where its answers stand, the block, the prefix of its texts, for whom it is."""

    key: str
    block: str
    i18n: str
    only: str = ""


_CITIZEN = (
    Part("applying", "representative", "representative", "person"),
    Part("applicant", "anyone", "anyone", "person"),
    Part("document", "identity", "identity", "person"),
)
_FOREIGNER = (_CITIZEN[0], _CITIZEN[1], Part("document", "foreign-identity", "foreign-identity", "person"))
_ORGANISATION = (
    Part("organisation", "organisation", "organisation", "organisation"),
    Part("official", "official", "official", "organisation"),
)
_WHO = {
    "citizen": _CITIZEN,
    "foreigner": _FOREIGNER,
    "organisation": _ORGANISATION,
    "anyone": (*_CITIZEN, *_ORGANISATION),
    "caller": (),
    "nobody": (),
}
"""A caller gives a name and no papers; nobody is asked for more than the contact."""


def form_id(service: str) -> str:
    return service.lower()


def assembled(
    placed: Placed, title: Text | None, blocks: Mapping[str, BlockSource], lookups: Mapping[str, LookupList]
) -> tuple[FormDefinition | None, list[Problem]]:
    """The form of a set, or what is wrong with the set."""
    problems = [
        (placed.file, placed.pointer + pointer, message) for pointer, message in set_rules.faults(placed.set, lookups)
    ]
    if problems:
        return None, problems
    source = _Assembly(placed.set, blocks, lookups).source(title or UNTITLED)
    return inlined(source, blocks, Path(placed.file), placed.pointer), []


class _Assembly:
    def __init__(self, one: QuestionSet, blocks: Mapping[str, BlockSource], lookups: Mapping[str, LookupList]) -> None:
        self._set = one
        self._blocks = blocks
        self._lookups = lookups
        self._texts: dict[str, Text] = {}
        self._properties: dict[str, Any] = {}
        self._elements: list[Element] = []
        self._parts: list[Part] = []
        self._either = one.applicant == "anyone"

    def source(self, title: Text) -> FormSource:
        self._build()
        schema: dict[str, Any] = {
            "type": "object",
            "additionalProperties": False,
            "required": list(self._properties),
            "properties": self._properties,
            "x-examplesOn": samples.ON,
        }
        rules = [*self._rules(), *own_pages.rules(self._set, self._texts)]
        if rules:
            schema["x-rules"] = rules
        return FormSource(
            id=form_id(self._set.service),
            version=self._set.version + EDITION - 1,
            title=title,
            schema=schema,
            ui={"type": "Categorization", "elements": self._elements},
            texts=self._texts,
            examples=tuple(self._examples()),
        )

    def _build(self) -> None:
        one = self._set
        if self._either:
            self._ask_for_whom()
        self._own("matter", *own_pages.matter(one, self._texts))
        if "address" in one.blocks:
            self._place("address", _PLACE)
        if "vehicle" in one.blocks:
            self._use(Part("vehicle", "vehicle", "vehicle"))
        if one.about == "child":
            self._use(Part("child", "child", "child"))
            self._texts |= _CHILD if one.applicant != "organisation" else {}
        elif one.about == "other":
            self._use(Part("subject", "anyone", "subject"))
            self._texts |= {
                key: text
                for key, text in _OTHER.items()
                if one.applicant != "organisation" or not key.startswith("anyone.")
            }
        for part in _WHO[one.applicant]:
            self._use(part)
        if one.applicant == "foreigner":
            self._place("stay", _STAY)
        elif one.applicant == "caller":
            self._page("applicant", "person-name", _NAME, Text("О вас", "About you"))
        for name in ("snils", "bank"):
            if name in one.blocks:
                self._use(Part(name, name, name))
        if one.attachments:
            self._own("papers", *own_pages.papers(one, self._texts))
        # Whoever wants the result by e-mail is asked for the address there, and so not before.
        delivered = "delivery" in one.blocks
        self._use(Part("contact", "phone" if delivered else "contact", "contact"))
        if delivered:
            self._use(Part("delivery", "delivery", "delivery"))

    def _own(self, key: str, schema: dict[str, Any], pages: list[Element]) -> None:
        self._properties[key] = schema
        self._elements += pages

    def _ask_for_whom(self) -> None:
        self._properties["from"] = {"type": "string", "enum": ["person", "organisation"]}
        control = {"type": "Control", "scope": "#/properties/from", "i18n": "from"}
        self._elements.append({"type": "Category", "i18n": "from_page", "elements": [control]})
        self._texts |= {
            "from_page.label": _KIND,
            "from_page.group": Text("Кто подаёт", "Who applies"),
            "from.label": Text("От кого заявление", "Who it is from"),
            "from.person": Text("От себя или другого человека", "Myself or another person"),
            "from.organisation": Text("От организации или ИП", "An organisation or sole trader"),
        }

    def _use(self, part: Part) -> None:
        self._properties[part.key] = {"$ref": f"#/$defs/{part.block}"}
        self._parts.append(part)
        use: Element = {"type": "Block", "block": part.block, "scope": f"#/properties/{part.key}", "i18n": part.i18n}
        if self._either and part.only:
            condition = {"scope": "#/properties/from", "schema": {"const": part.only}}
            use["rule"] = {"effect": "SHOW", "condition": condition}
        self._elements.append(use)

    def _place(self, key: str, title: Text) -> None:
        self._page(key, "address", title, _ADDRESS)

    def _page(self, key: str, block: str, title: Text, group: Text) -> None:
        """A block that is a group of fields gets a page of its own."""
        self._use(Part(key, block, key))
        use = self._elements.pop()
        self._elements.append({"type": "Category", "i18n": f"{key}_page", "elements": [use]})
        self._texts |= {f"{key}_page.label": title, f"{key}_page.group": group}

    def _rules(self) -> list[dict[str, Any]]:
        """An own account and an own bank must fit each other."""
        own = list(self._set.questions())
        accounts = [one.id for one in own if isinstance(one, Identifier) and one.format == "account"]
        banks = [one.id for one in own if isinstance(one, Lookup) and one.list == "banks"]
        banks += [one.id for one in own if isinstance(one, Identifier) and one.format == "bic"]
        if len(accounts) != 1 or len(banks) != 1:
            return []
        return [{"rule": "account-bic", "at": f"/matter/{accounts[0]}", "with": f"/matter/{banks[0]}"}]

    def _examples(self) -> list[Answers]:
        own = samples.examples(self._set, self._lookups)
        most = max([len(own), *(len(self._blocks[part.block].examples) for part in self._parts)])
        made: list[Answers] = []
        for number in range(most + (most % 2 if self._either else 0)):
            matter, papers = own[number] if number < len(own) else own[0]
            whom = ("person", "organisation")[number % 2] if self._either else ""
            answers: Answers = {"from": whom} if whom else {}
            answers["matter"] = matter
            for part in self._parts:
                if not whom or part.only in ("", whom):
                    known = self._blocks[part.block].examples
                    answers[part.key] = known[(number // 2 if whom else number) % len(known)]
            if papers:
                answers["papers"] = papers
            made.append({key: value for key, value in answers.items() if value != {}})
        return made
