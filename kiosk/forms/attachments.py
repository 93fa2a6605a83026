"""Files that a visitor adds, as answers: references to them, or the word that the paper itself will be brought.

Rules. An answer is a list of references {id, name, media_type, size}, or "bring": the visitor brings the paper to the
centre, so that a kiosk without a camera stops nobody. The schema keyword `x-attachment` says {"kinds": ["photo" |
"scan", …], "most_bytes": n}; the rest of the schema is plain JSON Schema (`schema_of`). The files themselves are
elsewhere (Submission.attachments): `mismatch` says whether both name the same files. Contents are not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from kiosk.forms.schema import Schema
from kiosk.model.attachment import Attachment
from kiosk.model.form import FileLimits

if TYPE_CHECKING:
    from kiosk.forms.question import Question

BRING = "bring"
KINDS = ("photo", "scan")
MOST_FILES = 10
"""No application has more files than this."""
MOST_BYTES = 20 * 1024 * 1024
_IMAGES = ("image/jpeg", "image/png")
_NAMES = {"id", "name", "media_type", "size"}


def schema_of(kinds: tuple[str, ...], most: int, most_bytes: int = MOST_BYTES) -> Schema:
    """The schema of an attachment."""
    reference = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "name", "media_type", "size"],
        "properties": {
            "id": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
            "name": {"type": "string", "minLength": 1, "maxLength": 200},
            "media_type": {"type": "string", "enum": list(media_types(kinds))},
            "size": {"type": "integer", "minimum": 1, "maximum": most_bytes},
        },
    }
    return {
        "anyOf": [
            {"type": "string", "const": BRING},
            {"type": "array", "minItems": 1, "maxItems": most, "items": reference},
        ],
        "x-attachment": {"kinds": list(kinds), "most_bytes": most_bytes},
    }


def media_types(kinds: Iterable[str]) -> tuple[str, ...]:
    """How files of these kinds may be written: a photograph as an image, a scan as an image or a PDF."""
    return (*_IMAGES, "application/pdf") if "scan" in kinds else _IMAGES


def limits_of(schema: Schema) -> FileLimits:
    """The limits that the schema of an attachment states."""
    own = schema["x-attachment"]
    kinds = tuple(own.get("kinds", ()))
    most = next((one["maxItems"] for one in schema.get("anyOf", ()) if "maxItems" in one), 1)
    return FileLimits(kinds, media_types(kinds), most, own.get("most_bytes", MOST_BYTES))


def fault(schema: Schema, value: Any) -> tuple[str, dict[str, Any]] | None:
    """What is wrong with the answer of an attachment: its code and the arguments of its words."""
    if value == BRING:
        return None
    limits = limits_of(schema)
    if not isinstance(value, list) or not all(_is_reference(one) for one in value):
        return "type", {}
    if len(value) > limits.most:
        return "attachment.many", {"count": limits.most}
    if any(one["media_type"] not in limits.media_types for one in value):
        return "attachment.kind", {}
    if any(one["size"] > limits.most_bytes for one in value):
        return "attachment.large", {"count": limits.most_bytes // 2**20}
    return ("attachment.twice", {}) if len({one["id"] for one in value}) < len(value) else None


def references(questions: Iterable[Question], values: dict[str, Any]) -> Iterator[tuple[Question, dict[str, Any]]]:
    """The references in visible answers (pointer -> value), with the question of each."""
    for question in questions:
        value = values.get(question.pointer) if question.kind == "attachment" else None
        if isinstance(value, list):
            for one in value:
                if _is_reference(one):
                    yield question, one


def mismatch(named: Iterable[dict[str, Any]], files: Iterable[Attachment]) -> bool:
    """Whether the answers name a file that is not there, or is of another kind or size."""
    there = {(one.id, one.media_type, one.size) for one in files}
    return any((one["id"], one["media_type"], one["size"]) not in there for one in named)


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _NAMES
        and all(isinstance(value[name], str) for name in ("id", "name", "media_type"))
        and type(value["size"]) is int
        and value["size"] > 0
    )
