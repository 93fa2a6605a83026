"""The OpenAPI 3.1 document of the backend, made from the code: `python -m kiosk.backend.openapi > docs/openapi.json`.

Rules. Bodies come from the very types that are encoded (msgspec), problems from the table of problem types. Every
refusal is application/problem+json. Uploads are openapi_uploads.py's. A test holds the committed document against this
module and against the routes.
Published content under /content/ is plain files under TUF, not described here.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from kiosk import __version__
from kiosk.backend import openapi_drafts, openapi_uploads
from kiosk.backend.draft_routes import DraftKept
from kiosk.protocol import batch, problem
from kiosk.protocol.batch import BatchAnswer, Feed
from kiosk.protocol.enrolment import EnrolmentAnswer, EnrolmentRequest
from kiosk.protocol.envelope import KIOSK_ID
from kiosk.protocol.problem import Problem

_KIOSK: dict[str, Any] = {
    "name": "kiosk",
    "in": "path",
    "required": True,
    "description": "The id of the enrolled device.",
    "schema": {"type": "string", "pattern": f"^{KIOSK_ID.pattern}$", "examples": ["k16"]},
}
_SIGNED: list[dict[str, list[str]]] = [{"device": []}]
_ANY_ROUTE = ("malformed", "method-not-allowed", "too-many-requests", "internal", "not-ready")
_BODY = ("too-slow", "too-large", "unsupported-media-type")
_DEVICE = ("not-signed", "wrong-clock", "unknown-device", "revoked-device", "cloned-device", "not-found")


def document() -> dict[str, Any]:
    """The whole document."""
    (answer, feed, asked, enrolled, kept, trouble), schemas = msgspec.json.schema_components(
        [BatchAnswer, Feed, EnrolmentRequest, EnrolmentAnswer, DraftKept, Problem],
        ref_template="#/components/schemas/{name}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "My Documents Kiosk: backend",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Takes sealed submissions, each exactly once, and tells what became of them. "
            "Every refusal is a problem document (RFC 9457).",
        },
        "paths": {
            "/v1/health": {"get": _probe("health", "The process lives.", "live")},
            "/v1/ready": {"get": _probe("ready", "The process can do its work: the database answers.", "ready")},
            "/v1/enrolments": {
                "post": {
                    "operationId": "enrol",
                    "summary": "A one-time code and a proven key become a device with a certificate.",
                    "requestBody": _body("application/json", asked),
                    "responses": _answers(enrolled, (*_ANY_ROUTE, *_BODY, "enrolment-refused"), trouble),
                }
            },
            "/v1/kiosks/{kiosk}/certificate": {
                "parameters": [_KIOSK],
                "post": {
                    "operationId": "renewCertificate",
                    "summary": "The device's certificate, renewed where that is due. The body is not looked at.",
                    "security": _SIGNED,
                    "requestBody": _body("application/json", {"type": "object", "maxProperties": 0}),
                    "responses": _answers(enrolled, (*_ANY_ROUTE, *_BODY, *_DEVICE), trouble),
                },
            },
            "/v1/kiosks/{kiosk}/submissions": {
                "parameters": [_KIOSK],
                "post": {
                    "operationId": "takeSubmissions",
                    "summary": "1 to 50 sealed envelopes; one result for each, in their order.",
                    "description": "The same bytes again get the first answer again; other bytes under an id that is "
                    "taken are a conflict. Envelopes of a kiosk that is not enrolled are refused one by one.",
                    "security": [*_SIGNED, {}],
                    "parameters": [
                        _query(
                            "settled",
                            "The highest running number for which the device holds this backend's word. More than "
                            "`high_water` in the answer says that an older copy was restored here.",
                            {"type": "integer", "minimum": 0, "maximum": 10**16 - 1, "default": 0},
                        )
                    ],
                    "requestBody": _body(
                        batch.CONTENT_TYPE,
                        {
                            "type": "string",
                            "description": "Deterministic CBOR (RFC 8949, section 4.2): an array of 1 to "
                            f"{batch.LIMITS.envelopes} byte strings, {batch.LIMITS.bytes} bytes in all.",
                        },
                    ),
                    "responses": _answers(
                        answer,
                        (*_ANY_ROUTE, *_BODY, "not-signed", "wrong-clock", "not-found"),
                        trouble,
                    ),
                },
            },
            "/v1/kiosks/{kiosk}/confirmations": {
                "parameters": [_KIOSK],
                "get": {
                    "operationId": "readFeed",
                    "summary": "Signed confirmations after an opaque cursor, in the order they were committed.",
                    "security": _SIGNED,
                    "parameters": [
                        _query("after", 'The cursor of the last page, "" for the beginning.', {"type": "string"}),
                        _query(
                            "limit",
                            "How many entries at most; above 500 counts as 500.",
                            {"type": "integer", "minimum": 0, "maximum": 9999, "default": 100},
                        ),
                    ],
                    "responses": _answers(feed, (*_ANY_ROUTE, *_DEVICE), trouble),
                },
            },
            **openapi_uploads.paths(_KIOSK, trouble),
            **openapi_drafts.paths(kept, trouble),
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "device": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Signature",
                    "description": "HTTP Message Signatures (RFC 9421) with the device's Ed25519 key: Content-Digest, "
                    "Signature-Input and Signature over method, path, query and digest, with created and nonce.",
                }
            },
        },
    }


def text() -> str:
    """The document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _probe(name: str, summary: str, status: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "responses": _answers(
            {"type": "object", "properties": {"status": {"const": status}}, "required": ["status"]},
            ("method-not-allowed", "internal", "not-ready"),
            {"$ref": "#/components/schemas/Problem"},
        ),
    }


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _body(content_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {content_type: {"schema": schema}}}


def _answers(schema: dict[str, Any], problems: tuple[str, ...], trouble: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"200": {"description": "Done.", "content": {"application/json": {"schema": schema}}}}
    for name in problems:
        status, title = problem.TYPES[name]
        one = found.setdefault(str(status), {"description": "", "content": {problem.CONTENT_TYPE: {"schema": trouble}}})
        one["description"] = " / ".join(filter(None, [one["description"], f"{name}: {title}."]))
        if status in (429, 503):
            one["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
        if status == 405:
            one["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return dict(sorted(found.items()))


if __name__ == "__main__":
    print(text(), end="")
