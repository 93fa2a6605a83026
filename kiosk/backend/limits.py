"""Limits on how often anybody may ask: for each address and for each device, answered 429 with Retry-After.

Rules. A bucket holds `burst` requests and fills again at `per_s`; it is one number (the generic cell rate algorithm of
ITU-T I.371), and at most MOST of them are kept, the least recently used is forgotten first: a flood of addresses fills
no memory. An address counts before anything is read; IPv6 by its /64, which is one customer. A device counts only once
its signature was checked, or anybody could use up its share by naming it. Probes and published content are not
counted. Limits hold for one process; those of a whole site belong to the proxy before it (docs/operations.md).

Whose address it is when a proxy stands between is uvicorn's question (settings.trusted_proxies).
"""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.backend import http

MOST = 20_000


class Rate(Struct, frozen=True):
    """So many requests at once, and so many a second for good; `per_s` 0 is no limit."""

    burst: int
    per_s: float


class TooMany(Exception):
    """Ask again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class Limiter:
    """One rate for any number of names. Safe for threads."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    def count(self, name: str) -> None:
        """One request more. Raises TooMany, which costs nothing of the share."""
        if self._rate.per_s <= 0:
            return
        now, step = self._clock(), 1 / self._rate.per_s
        with self._lock:
            full_at = max(self._full_at.pop(name, now), now)
            wait = full_at + step - now - self._rate.burst * step
            self._full_at[name] = full_at if wait > 1e-9 else full_at + step
            if len(self._full_at) > MOST:
                self._full_at.popitem(last=False)
        if wait > 1e-9:
            raise TooMany(wait)


class Guard:
    """ASGI middleware: counts requests by address."""

    def __init__(self, app: ASGIApp, limiter: Limiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _counted(scope["path"]):
            try:
                self._limiter.count(address_of(scope))
            except TooMany as error:
                await answer(error)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def address_of(scope: Scope) -> str:
    """The network that asks, "" where it cannot be known (a socket in the file system)."""
    client = scope.get("client")
    try:
        found = ipaddress.ip_address(client[0] if client else "")
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False))
    return str(found)


def answer(error: TooMany) -> Response:
    """Status 429, and how many whole seconds to wait."""
    return http.answer_problem("too-many-requests", headers={"Retry-After": str(max(1, math.ceil(error.seconds)))})


async def on_too_many(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    return answer(error)


def _counted(path: str) -> bool:
    return path.startswith("/v1/") and path not in ("/v1/health", "/v1/ready")
