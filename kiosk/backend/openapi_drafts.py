"""The part of the OpenAPI document that is about drafts (draft_routes.py)."""

from __future__ import annotations

from typing import Any

from kiosk.backend.draft_routes import BODY
from kiosk.protocol import draft, problem

_DRAFT: dict[str, Any] = {
    "name": "draft",
    "in": "path",
    "required": True,
    "description": "The id in the visitor's code, in hex.",
    "schema": {"type": "string", "pattern": f"^{draft.ID.pattern}$"},
}
_BYTES = {
    "type": "string",
    "description": f"A sealed draft, at most {draft.MOST_BYTES} bytes: MDD1, nonce, XChaCha20-Poly1305.",
}
_EVERY = (
    "malformed",
    "not-signed",
    "wrong-clock",
    "unknown-device",
    "revoked-device",
    "cloned-device",
    "not-found",
    "method-not-allowed",
    "too-many-requests",
    "internal",
    "not-ready",
)


def paths(kept: dict[str, Any], trouble: dict[str, Any]) -> dict[str, Any]:
    """The paths; `kept` and `trouble` are the schemas of the answer to PUT and of a problem."""
    signed: list[dict[str, list[str]]] = [{"device": []}]
    return {
        "/v1/drafts/{draft}": {
            "parameters": [_DRAFT],
            "put": {
                "operationId": "putDraft",
                "summary": "Keep a draft that only its visitor can read. The same bytes again are fine.",
                "security": signed,
                "requestBody": {"required": True, "content": {BODY: {"schema": _BYTES}}},
                "responses": _answers(
                    {"200": {"description": "Kept.", "content": {"application/json": {"schema": kept}}}},
                    (*_EVERY, "conflict", "too-many-drafts", "too-slow", "too-large", "unsupported-media-type"),
                    trouble,
                ),
            },
            "get": {
                "operationId": "getDraft",
                "summary": "The bytes of a draft, for any enrolled kiosk.",
                "security": signed,
                "responses": _answers(
                    {"200": {"description": "The draft.", "content": {BODY: {"schema": _BYTES}}}}, _EVERY, trouble
                ),
            },
            "delete": {
                "operationId": "endDraft",
                "summary": "Let go of a draft; one that is not there is fine.",
                "security": signed,
                "responses": _answers({"204": {"description": "It is not there."}}, _EVERY, trouble),
            },
        }
    }


def _answers(found: dict[str, Any], problems: tuple[str, ...], trouble: dict[str, Any]) -> dict[str, Any]:
    for name in problems:
        status, title = problem.TYPES[name]
        one = found.setdefault(str(status), {"description": "", "content": {problem.CONTENT_TYPE: {"schema": trouble}}})
        one["description"] = " / ".join(filter(None, [one["description"], f"{name}: {title}."]))
        if status in (429, 503):
            one["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
        if status == 405:
            one["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return dict(sorted(found.items()))
