"""The part of the OpenAPI document that is tus 1.0.0: the paths below /uploads.

Rules. What is said of headers comes from tus.py. Answers to HEAD have no body, so a refusal there is a status alone.
"""

from __future__ import annotations

from typing import Any

from kiosk.backend import tus
from kiosk.backend.upload_routes import MANY, ONE
from kiosk.protocol import problem
from kiosk.protocol.envelope import UUID7

Described = dict[str, Any]
_DIGITS = r"^[0-9]{1,15}$"
_ANY = ("malformed", "method-not-allowed", "too-many-requests", "internal", "not-ready")
_DEVICE = ("not-signed", "wrong-clock", "unknown-device", "revoked-device", "cloned-device", "not-found")
_SIGNED: list[dict[str, list[str]]] = [{"device": []}]


def paths(kiosk: Described, trouble: Described) -> dict[str, Described]:
    """The two paths; `kiosk` is the parameter of the path, `trouble` the schema of a problem."""
    version = _header("Tus-Resumable", "The version of the protocol.", {"const": tus.VERSION})
    found = (*_ANY, *_DEVICE, "wrong-version")
    return {
        MANY: {
            "parameters": [kiosk],
            "options": {
                "operationId": "askUploads",
                "summary": "What of tus is spoken here.",
                "security": _SIGNED,
                "responses": _answers("204", _told(tus.about()), (*_ANY, *_DEVICE), trouble),
            },
            "post": {
                "operationId": "createUpload",
                "summary": "An upload for a sealed attachment, or the one that is there already.",
                "description": "The same again finds what came of it; anything else under the id is refused.",
                "security": _SIGNED,
                "parameters": [
                    version,
                    _header(
                        "Upload-Length",
                        f"Bytes of the sealed file, {tus.LEAST_LENGTH} to {tus.MOST_LENGTH}.",
                        {"type": "string", "pattern": _DIGITS},
                    ),
                    _header(
                        "Upload-Metadata",
                        "Base64 values of `submission`, `attachment` (UUIDv7) and `sha256` (hex), and nothing else.",
                        {"type": "string"},
                    ),
                ],
                "responses": _answers(
                    "201",
                    {"Location": _said({"type": "string"}), **_expires()},
                    (*found, "too-large", "other-upload", "too-many-uploads"),
                    trouble,
                ),
            },
        },
        ONE: {
            "parameters": [
                kiosk,
                {
                    "name": "upload",
                    "in": "path",
                    "required": True,
                    "description": "The id of the attachment.",
                    "schema": {"type": "string", "pattern": f"^{UUID7.pattern}$"},
                },
            ],
            "head": {
                "operationId": "readUpload",
                "summary": "How far an upload is.",
                "security": _SIGNED,
                "parameters": [version],
                "responses": _answers(
                    "200",
                    {**_offset(), "Upload-Length": _said(_number()), "Cache-Control": _said({"const": "no-store"})},
                    (*found, "expired"),
                    None,
                ),
            },
            "patch": {
                "operationId": "continueUpload",
                "summary": "One part more, at the offset where the upload stands.",
                "description": "The last part is taken only if the whole has the announced digest. Otherwise the "
                "upload is removed, and is to be created anew.",
                "security": _SIGNED,
                "parameters": [
                    version,
                    _header("Upload-Offset", "Where the part begins.", {"type": "string", "pattern": _DIGITS}),
                    {**_header("Upload-Checksum", "sha256 and base64.", {"type": "string"}), "required": False},
                ],
                "requestBody": {
                    "required": True,
                    "content": {tus.BODY: {"schema": {"type": "string", "description": "At most 4 MiB."}}},
                },
                "responses": _answers(
                    "204",
                    _offset(),
                    (
                        *(*found, "too-slow", "too-large", "unsupported-media-type"),
                        *("wrong-offset", "expired", "wrong-content", "wrong-checksum"),
                    ),
                    trouble,
                ),
            },
            "delete": {
                "operationId": "endUpload",
                "summary": "Let go of an upload that no received submission has claimed.",
                "security": _SIGNED,
                "parameters": [version],
                "responses": _answers("204", {}, (*found, "expired", "claimed-upload"), trouble),
            },
        },
    }


def _header(name: str, description: str, schema: Described) -> Described:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": schema}


def _said(schema: Described) -> Described:
    return {"required": True, "schema": schema}


def _told(headers: dict[str, str]) -> Described:
    return {name: _said({"const": value}) for name, value in headers.items()}


def _number() -> Described:
    return {"type": "string", "pattern": _DIGITS}


def _expires() -> Described:
    return {"Upload-Expires": {"description": "Until when it is kept, unless it moves.", "schema": {"type": "string"}}}


def _offset() -> Described:
    return {"Upload-Offset": _said(_number()), **_expires()}


def _answers(status: str, headers: Described, problems: tuple[str, ...], trouble: Described | None) -> Described:
    """A success with these headers, and problems with a body unless it is for HEAD (`trouble` None)."""
    always = _told({"Tus-Resumable": tus.VERSION})
    found: Described = {status: {"description": "Done.", "headers": {**always, **headers}}}
    for name in problems:
        code, title = problem.TYPES[name]
        one = found.setdefault(str(code), {"description": "", "headers": dict(always)})
        one["description"] = " / ".join(filter(None, [one["description"], f"{name}: {title}."]))
        if trouble is not None:
            one["content"] = {problem.CONTENT_TYPE: {"schema": trouble}}
        if code in (429, 503):
            one["headers"]["Retry-After"] = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        if code == 405:
            one["headers"]["Allow"] = _said({"type": "string"})
        if code == 412:
            one["headers"] |= _told({"Tus-Version": tus.VERSION})
    return dict(sorted(found.items()))
