"""The HTTP client of this device: TLS verified, optional private CA, proxy, time limits, no redirect followed.

Proxies come from `proxy_url`, else from a proxy auto-config file (`network.pac`, pac.py), else from the environment
(HTTP_PROXY, HTTPS_PROXY, NO_PROXY).
"""

from __future__ import annotations

import ssl
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from kiosk import __version__
from kiosk.config import Settings
from kiosk.errors import ConfigurationError, NetworkFault

if TYPE_CHECKING:
    import httpx

CONNECT_S = 5.0


def _httpx() -> ModuleType:
    """httpx without its command line, which it would load (click, rich, pygments: four megabytes) where they are."""
    absent = "click" not in sys.modules
    if absent:
        sys.modules["click"] = None  # type: ignore[assignment]
    try:
        import httpx
    finally:
        if absent:
            del sys.modules["click"]
    return httpx


def make_client(settings: Settings) -> httpx.Client:
    """A client for one thread. Raises ConfigurationError for a CA file, proxy or proxy file that cannot be used."""
    library = _httpx()
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.ca_file:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise ConfigurationError(f"the CA file {settings.ca_file} cannot be used: {error}") from error
    timeout = library.Timeout(settings.request_timeout_s, connect=CONNECT_S)
    transport = _by_pac(settings, context, timeout)
    try:
        client: httpx.Client = library.Client(
            verify=context,
            proxy=settings.proxy_url or None,
            transport=transport,
            trust_env=transport is None,
            timeout=timeout,
            follow_redirects=False,
            headers={"User-Agent": f"mydocuments-kiosk/{__version__}"},
        )
    except (ValueError, ImportError, library.InvalidURL) as error:  # a SOCKS proxy needs a package of its own
        raise ConfigurationError(f"the proxy {settings.proxy_url} cannot be used: {error}") from error
    return client


def _by_pac(settings: Settings, context: ssl.SSLContext, timeout: httpx.Timeout) -> httpx.BaseTransport | None:
    if not settings.network.pac:
        return None
    if settings.proxy_url:
        raise ConfigurationError("proxy_url and network.pac are both set; one of them decides")
    from kiosk.sync.pac import pac_transport

    return pac_transport(settings.network.pac, context, timeout)


def reason(error: Exception) -> str:
    """What is said of a fault of httpx: its kind, and of a proxy what went wrong. Never an address with a query."""
    import httpx

    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, httpx.ProxyError) and str(error) else kind


def health(settings: Settings) -> int:
    """The HTTP status of the backend's health. Raises NetworkFault, ConfigurationError."""
    import httpx

    with make_client(settings) as client:
        try:
            return client.get(settings.backend_url.rstrip("/") + "/v1/health").status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NetworkFault(f"the backend is out of reach: {reason(error)}") from error
