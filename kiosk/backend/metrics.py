"""The backend's metrics by OpenTelemetry: how much comes, how it is answered, what waits.

Rules. Off unless the environment names an OTLP endpoint (OTEL_EXPORTER_OTLP_ENDPOINT or
OTEL_EXPORTER_OTLP_METRICS_ENDPOINT; the SDK's other OTEL_ variables count too), and off without the extra `metrics`:
then nothing is imported and nothing costs anything. Numbers and words of ours only: routes without what names somebody,
states, problem types. No kiosk, no address, no id. What cannot be exported is dropped; no request waits for it. Gauges
are read from the tables when the exporter asks, by every process: a dashboard takes their maximum, and the sum of
counters.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from kiosk import __version__
from kiosk.backend import tables
from kiosk.backend.database import Database
from kiosk.log import logger

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation
    from opentelemetry.sdk.metrics.export import MetricReader

SERVICE = "mydocuments-kiosk-backend"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logger("backend")


class Metrics(Protocol):
    """Where the backend tells what happened."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None: ...

    def envelopes(self, outcomes: Iterable[tuple[str, str]]) -> None:
        """Envelopes of a batch: (status, name of the problem or "")."""
        ...

    def registered(self, states: Iterable[str]) -> None: ...

    def confirmations(self, count: int) -> None:
        """Entries of the feed that a kiosk was given."""
        ...

    def close(self) -> None: ...


class Silent:
    """Nobody listens."""

    def request(self, method: str, route: str, status: int, seconds: float) -> None: ...

    def envelopes(self, outcomes: Iterable[tuple[str, str]]) -> None: ...

    def registered(self, states: Iterable[str]) -> None: ...

    def confirmations(self, count: int) -> None: ...

    def close(self) -> None: ...


class Told:
    """By an OpenTelemetry meter of its own, to these readers."""

    def __init__(self, database: Database, readers: Sequence[MetricReader]) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource

        name = os.environ.get("OTEL_SERVICE_NAME") or SERVICE
        resource = Resource.create({SERVICE_NAME: name, SERVICE_VERSION: __version__})
        self._provider = MeterProvider(readers, resource, shutdown_on_exit=False)
        meter = self._provider.get_meter("kiosk.backend", __version__)
        self._requests = meter.create_histogram(
            "http.server.request.duration", "s", "Requests by route and status, and how long they took"
        )
        self._envelopes = meter.create_counter("kiosk.envelopes", "{envelope}", "Envelopes by what was answered")
        self._registered = meter.create_counter("kiosk.registrations", "{submission}", "Submissions by their outcome")
        self._confirmations = meter.create_counter(
            "kiosk.confirmations.sent", "{confirmation}", "Entries of feeds that kiosks were given"
        )
        for name, unit, what, table, where in _GAUGES:
            meter.create_observable_gauge(name, [_rows(database, table, where)], unit, what)

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.record(
            seconds,
            {
                "http.request.method": method if method in _METHODS else "_OTHER",
                "http.route": route,
                "http.response.status_code": status,
            },
        )

    def envelopes(self, outcomes: Iterable[tuple[str, str]]) -> None:
        for (status, problem), count in Counter(outcomes).items():
            self._envelopes.add(count, {"status": status} | ({"problem": problem} if problem else {}))

    def registered(self, states: Iterable[str]) -> None:
        for state, count in Counter(states).items():
            self._registered.add(count, {"state": state})

    def confirmations(self, count: int) -> None:
        if count:
            self._confirmations.add(count)

    def close(self) -> None:
        """Export what was told since the last time, and end."""
        self._provider.shutdown(timeout_millis=5000)


_GAUGES: tuple[tuple[str, str, str, Table, ColumnElement[bool] | None], ...] = (
    ("kiosk.submissions.pending", "{submission}", "Received and not registered yet", tables.pending, None),
    ("kiosk.quarantine.size", "{envelope}", "Envelopes in the quarantine", tables.quarantine, None),
    (
        "kiosk.uploads.open",
        "{upload}",
        "Uploads that no submission has claimed",
        tables.uploads,
        ~tables.uploads.c.claimed,
    ),
    (
        "kiosk.attachments.awaited",
        "{attachment}",
        "Attachments of received submissions that have not come",
        tables.attachments,
        tables.attachments.c.state == "awaited",
    ),
)


def metrics(database: Database, environ: Mapping[str, str] = os.environ) -> Metrics:
    """What the environment asks for."""
    wanted = any(environ.get(name) for name in _ENDPOINTS)
    refused = environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_METRICS_EXPORTER") == "none"
    if not wanted or refused:
        return Silent()
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    except ImportError:
        _log.warning("metrics are asked for and not installed", extra="metrics")
        return Silent()
    return Told(database, [PeriodicExportingMetricReader(OTLPMetricExporter())])


def _rows(
    database: Database, table: Table, where: ColumnElement[bool] | None
) -> Callable[[CallbackOptions], list[Observation]]:
    query: Any = select(func.count()).select_from(table)
    if where is not None:
        query = query.where(where)

    def look(_: CallbackOptions) -> list[Observation]:
        from opentelemetry.metrics import Observation

        try:
            with database.read() as connection:
                return [Observation(connection.execute(query).scalar_one())]
        except SQLAlchemyError:  # away: no value is the right value
            return []

    return look
