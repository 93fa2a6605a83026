"""Metrics: what came, how it was answered, what waits; nobody is named, nothing is loaded that was not asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from kiosk.backend import metrics as metrics_room
from kiosk.backend.metrics import Silent, Told
from kiosk.protocol import batch
from tests.backend import site as sites
from tests.backend.site import Site
from tests.helpers import tls
from tests.helpers.patience import PATIENCE_S, until

export = pytest.importorskip("opentelemetry.sdk.metrics.export", reason="metrics need the extra 'metrics'")
ROOT = Path(__file__).parents[2]
DATABASES = sites.BOTH
CANARY = "Канареечкина"


class Watched:
    """A backend and what its meter says."""

    def __init__(self, site: Site, reader: Any) -> None:
        self.site = site
        self._reader = reader

    def data(self) -> Any:
        return self._reader.get_metrics_data()

    def points(self, name: str) -> dict[tuple[tuple[str, Any], ...], Any]:
        """Attributes -> value (a histogram's count)."""
        found = {}
        data = self.data()
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in metric.data.data_points if metric.name == name else ():
                        value = point.count if hasattr(point, "count") else point.value
                        found[tuple(sorted(point.attributes.items()))] = value
        return found


@pytest.fixture
def watched(used: Any) -> Iterator[Watched]:
    reader = export.InMemoryMetricReader()
    with sites.running(used, registrar=True, metrics=lambda database: Told(database, [reader])) as site:
        yield Watched(site, reader)


def test_what_came_and_what_became_of_it(watched: Watched) -> None:
    kiosk = watched.site.enrol()
    sealed = kiosk.seal(answers={"name": CANARY})
    other = kiosk.seal_this(sites.submission(id=sites.submission().id))
    assert [one.status for one in kiosk.post(sealed, other, b"no envelope").results] == [
        "received",
        "received",
        "refused",
    ]
    kiosk.post(sealed)
    until(lambda: len(kiosk.feed().entries) == 2)
    assert watched.points("kiosk.envelopes") == {
        (("status", "received"),): 2,
        (("status", "already"),): 1,
        (("problem", "not-an-envelope"), ("status", "refused")): 1,
    }
    assert watched.points("kiosk.registrations") == {(("state", "registered"),): 2}
    assert watched.points("kiosk.confirmations.sent")[()] >= 2
    for name, value in (
        ("kiosk.submissions.pending", 0),
        ("kiosk.quarantine.size", 1),
        ("kiosk.uploads.open", 0),
        ("kiosk.attachments.awaited", 0),
    ):
        assert watched.points(name) == {(): value}, name


def test_requests_by_route_and_status(watched: Watched) -> None:
    site = watched.site
    kiosk = site.enrol()
    kiosk.post(kiosk.seal())
    kiosk.post_body(batch.pack([kiosk.seal()]), **{"Content-Digest": "sha-256=:AAAA:"})
    for path in ("/v1/health", f"/v1/{CANARY}", "/wp-login.php"):
        site.client.get(site.url + path)
    site.client.request("BREW", site.url + "/v1/health")
    found = {
        (dict(key)["http.request.method"], dict(key)["http.route"], dict(key)["http.response.status_code"]): count
        for key, count in watched.points("http.server.request.duration").items()
    }
    assert found == {
        ("POST", "/v1/enrolments", 200): 1,
        ("POST", "/v1/kiosks/{kiosk}/submissions", 200): 1,
        ("POST", "/v1/kiosks/{kiosk}/submissions", 401): 1,
        ("GET", "/v1/health", 200): 1,
        ("GET", "other", 404): 2,
        ("_OTHER", "/v1/health", 405): 1,
    }


def test_nobody_is_named(watched: Watched) -> None:
    kiosk = watched.site.enrol()
    sealed = kiosk.seal(answers={"name": CANARY})
    (result,) = kiosk.post(sealed).results
    kiosk.feed()
    kiosk.get_feed(after="canary-cursor")
    said = watched.data().to_json()
    assert "kiosk.envelopes" in said
    for secret in (CANARY, kiosk.device.kiosk, kiosk.device.centre, result.id, "127.0.0.1", "S0438", "canary-cursor"):
        assert secret not in said.replace("kiosks/{kiosk}", ""), secret


def test_a_database_that_is_away_gives_no_value_and_no_failure(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    assert watched.points("kiosk.quarantine.size") == {(): 0}
    with monkeypatch.context() as patch:
        patch.setattr(watched.site.backend.database, "read", away)
        assert watched.points("kiosk.quarantine.size") == {}
    assert watched.points("kiosk.quarantine.size") == {(): 0}


def test_the_environment_decides(used: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_SDK_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    with sites.running(used) as site:
        assert isinstance(site.backend.metrics, Silent)
    with tls.serving(None) as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        with sites.running(used) as site:
            kiosk = site.enrol("k17", 17)
            kiosk.post(kiosk.seal())
            assert isinstance(site.backend.metrics, Told)
        assert {path for _, path in collector.asked} == {"/v1/metrics"}, "told at the latest when it ends"
        for name, value in (("OTEL_SDK_DISABLED", "true"), ("OTEL_METRICS_EXPORTER", "none")):
            environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, name: value}
            assert isinstance(metrics_room.metrics(site.backend.database, environ), Silent)


WITHOUT = """
import sys
from pathlib import Path
if sys.argv[2] == "absent":
    sys.modules["opentelemetry"] = None
import httpx
from kiosk.backend import server
from kiosk.backend.settings import BackendSettings
with server.running(BackendSettings(data=Path(sys.argv[1]), port=0)) as url:
    assert httpx.get(url + "/v1/ready", trust_env=False).status_code == 200
assert not [name for name in sys.modules if name.startswith("opentelemetry.")], "nothing is loaded"
print("served")
"""


@pytest.mark.parametrize("kind", ["not asked for", "absent"])
def test_without_the_package_or_the_endpoint_nothing_changes(tmp_path: Path, kind: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    if kind == "absent":
        environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9"
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(tmp_path), kind],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0 and done.stdout == "served\n", done.stderr
    assert ("metrics are asked for and not installed" in done.stderr) == (kind == "absent")
