"""Small published content and submissions for the tests of the store."""

from __future__ import annotations

import msgspec

from kiosk.model.content import Document
from kiosk.model.service import Fee, Keywords, RequiredDocument, Service, Theme
from kiosk.model.text import Text
from kiosk.store.outbox import Found, NewSubmission

TRUST = {"root.json": b"{}", "timestamp.json": b'{"version":1}'}


def document(id_: str, value: object) -> Document:
    return Document(id_, msgspec.json.encode(value, order="sorted"))


def service(number: int, ru: str, en: str, *, theme: str = "documents", keywords: tuple[str, ...] = ()) -> Document:
    return document(
        f"service/S{number:04}",
        Service(
            id=f"S{number:04}",
            theme=theme,
            audience="citizen",
            title=Text(ru, en),
            kind="apply",
            provenance="source",
            fees=(Fee(30000, "2020-01-01"),),
            summary=Text("Короткое описание", "A short summary"),
            documents=(RequiredDocument(Text("Заявление", "Application")),),
            keywords=Keywords(ru=keywords),
            form="general",
        ),
    )


def theme(id_: str = "documents", ru: str = "Документы", en: str = "Documents") -> Document:
    return document(f"theme/{id_}", Theme(id_, Text(ru, en), "passport", 1))


def submission(sequence: int, name: str = "one") -> NewSubmission:
    id_ = f"0190aaaa-0000-7000-8000-{name}{sequence:06}"
    envelope = f"envelope|{id_}|{sequence}|".encode() + b"\x00\xff" * 700
    return NewSubmission(id_, f"16-{sequence:06}", "2026-03-01T09:00:00Z", envelope)


def read(data: bytes) -> Found:
    from kiosk.errors import EnvelopeRefused

    parts = data.split(b"|")
    if parts[0] != b"envelope" or len(parts) < 4:
        raise EnvelopeRefused("not an envelope")
    return Found(parts[1].decode(), int(parts[2]), "2026-03-01T09:00:00Z")
