"""The committed OpenAPI document says what the code does, and the code answers only what the document says.

Schemathesis makes the requests: valid ones, odd ones, ones that break the document, signed by an enrolled device and
not, against both databases. A few dozen an operation here; thousands in the soak.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import openapi as schemas
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.routing import Route

from kiosk.backend import draft_routes, openapi, tus
from kiosk.backend.settings import BackendSettings
from kiosk.protocol import batch, cbor, http_signature, problem
from tests.backend import site as sites
from tests.backend.site import BOTH, Kiosk, Site, submission
from tests.backend.test_drafts import put_draft
from tests.backend.upload_client import UploadOf
from tests.helpers.patience import PATIENCE_S

DATABASES = BOTH
COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
UPLOADS = ("askUploads", "createUpload", "readUpload", "continueUpload", "endUpload")
DRAFTS = ("putDraft", "getDraft", "endDraft")
OPERATIONS = ("health", "ready", "enrol", "renewCertificate", "takeSubmissions", "readFeed", *UPLOADS, *DRAFTS)
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
_sealed: list[bytes] = []


def _batches() -> st.SearchStrategy[bytes]:
    """Bytes, lists of bytes, and true envelopes among them."""
    one = st.binary(max_size=64) | st.deferred(lambda: st.sampled_from(_sealed))
    framed = st.lists(one, min_size=1, max_size=5).map(cbor.encode)
    return st.binary(max_size=64) | framed | st.lists(one, max_size=60).map(cbor.encode)


schemas.media_type(batch.CONTENT_TYPE, _batches())
schemas.media_type(tus.BODY, st.binary(max_size=64))
schemas.media_type(draft_routes.BODY, st.binary(max_size=64) | st.binary(max_size=64).map(lambda rest: b"MDD1" + rest))


def test_the_committed_document_is_the_one_of_the_code() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi.text(), (
        "python -m kiosk.backend.openapi > docs/openapi.json"
    )


def test_every_route_is_described_and_every_description_has_a_route(site: Site) -> None:
    from kiosk.backend.app import create_app

    app = create_app(site.settings, registrar=False)
    routes = {
        (route.path, method)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - ({"HEAD"} if "GET" in (route.methods or set()) else set())
    }
    app.state.backend.database.close()
    document = json.loads(COMMITTED.read_text(encoding="utf-8"))
    described = {
        (path, method.upper())
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert described == routes
    assert document["openapi"].startswith("3.1.")
    named = {
        one["operationId"] for item in document["paths"].values() for name, one in item.items() if name != "parameters"
    }
    assert named == set(OPERATIONS)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@pytest.fixture
def open_site(used: BackendSettings) -> Iterator[Site]:
    import msgspec

    unlimited = msgspec.structs.replace(used, address_per_s=0.0, device_per_s=0.0, most_open_uploads=10**6)
    with sites.running(unlimited, registrar=True) as running:
        yield running


def _send(case: schemathesis.Case, kiosk: Kiosk, session: requests.Session, signed: bool) -> Any:
    """The request as Schemathesis made it, signed by the device where that is asked for."""
    request = requests.Request(**case.as_transport_kwargs(base_url=kiosk.site.url))
    prepared = session.prepare_request(request)
    if signed:
        body = prepared.body or b""
        data = body.encode() if isinstance(body, str) else body
        headers = http_signature.sign_request(
            str(prepared.method),
            prepared.path_url,
            data if isinstance(data, bytes) else b"",
            kiosk.device,
            int(time.time()),
            secrets.token_urlsafe(18),
        )
        prepared.headers.update(headers)
    return session.send(prepared, timeout=PATIENCE_S, allow_redirects=False)


def _explore(operation: str, site: Site, examples: int) -> dict[int, int]:
    """So many requests of one operation, each held against the document; answers by status."""
    kiosk = site.enrol()
    _sealed[:] = [kiosk.seal() for _ in range(3)] + [kiosk.seal_this(submission(service="\0", form="x\0"))]
    document = schemas.from_dict(json.loads(COMMITTED.read_text(encoding="utf-8")))
    found = document.find_operation_by_id(operation)
    seen: dict[int, int] = {}
    with requests.Session() as session:
        session.trust_env = False

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=examples < 500,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def one(data: st.DataObject) -> None:
            mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
            case = data.draw(found.as_strategy(generation_mode=mode))
            if "kiosk" in case.path_parameters and data.draw(st.booleans()):
                case.path_parameters["kiosk"] = kiosk.device.kiosk
            if operation in UPLOADS:
                _make_likely(case, data, kiosk)
            if operation in DRAFTS and data.draw(st.booleans()):
                case.path_parameters["draft"] = put_draft(kiosk)
            response = _send(case, kiosk, session, data.draw(st.booleans()))
            seen[response.status_code] = seen.get(response.status_code, 0) + 1
            if response.status_code >= 400:
                assert response.headers["Content-Type"] == problem.CONTENT_TYPE
                if operation != "readUpload":
                    assert problem.decode(response.content).status == response.status_code
            case.validate_response(schemathesis.Response.from_requests(response, verify=False), checks=list(CHECKS))

        one()
    return seen


def _make_likely(case: schemathesis.Case, data: st.DataObject, kiosk: Kiosk) -> None:
    """Sometimes a request about an upload that is there, or that could be."""
    made = UploadOf(kiosk, bytes(3000))
    if "upload" in case.path_parameters and data.draw(st.booleans()):
        assert made.create().status_code == 201
        case.path_parameters["upload"] = made.id
        case.headers["Upload-Offset"] = "0"
    if data.draw(st.booleans()):
        case.path_parameters["kiosk"] = kiosk.device.kiosk
        sound = {"Tus-Resumable": "1.0.0", "Upload-Length": "3000", "Upload-Metadata": made.metadata()}
        case.headers.update(sound)
        case.headers.pop("Upload-Checksum", None)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_request_is_answered_otherwise_than_described(operation: str, open_site: Site) -> None:
    seen = _explore(operation, open_site, 8 if operation in ("health", "ready") else 80)
    assert sum(seen.values()) > 1 and 500 not in seen
    if operation in ("takeSubmissions", "readFeed", "renewCertificate", *UPLOADS, *DRAFTS):
        assert sum(count for status, count in seen.items() if status < 300) > 0, f"some got through: {seen}"


@pytest.mark.soak
@pytest.mark.parametrize("operation", OPERATIONS[2:])
def test_thousands_of_requests(operation: str, open_site: Site) -> None:
    seen = _explore(operation, open_site, 3000)
    assert sum(seen.values()) > 1000 and 500 not in seen
