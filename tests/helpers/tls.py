"""A certificate authority of the tests' own, and small servers on loopback that speak TLS: what a client refuses."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


class Authority:
    """A private CA; `ca_file` is its certificate as PEM."""

    def __init__(self, folder: Path, name: str = "Tests CA") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .issuer_name(self._name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY)
            .not_valid_after(now + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(False, False, False, False, False, True, True, False, False),
                critical=True,
            )
            .sign(self._key, hashes.SHA256())
        )
        self.ca_file = folder / f"{name.replace(' ', '-')}.pem"
        self.ca_file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, *, host: str = "127.0.0.1", until: datetime.timedelta = 7 * DAY) -> Path:
        """A server's certificate with its key, as one PEM file. A negative `until` is one that has expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.datetime.now(datetime.UTC)
        try:
            name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 20 * DAY)
            .not_valid_after(now + until)
            .add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        path = self._folder / f"server-{made.serial_number:x}.pem"
        path.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return path


def only(version: ssl.TLSVersion, certificate: Path) -> ssl.SSLContext:
    """A server's context that speaks this version and no other; old ones are allowed what they need."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    old(context, version)
    return context


def old(context: ssl.SSLContext, version: ssl.TLSVersion) -> None:
    """Make a context speak one version, TLS 1.0 and 1.1 included, which OpenSSL allows at security level 0 only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if version < ssl.TLSVersion.TLSv1_2:
            context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = version
        context.maximum_version = version


class Server:
    """What was asked of it, as (host header, path); `location` makes every answer a redirect there."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[tuple[str, str]] = []
        self.location = ""
        self.body = b"{}"
        self.content_type = "application/json"


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[Server]:
    """A server on loopback, with TLS where there is a context."""
    seen = Server("")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.asked.append((self.headers.get("Host", ""), self.path))
            self.send_response(307 if seen.location else 200)
            if seen.location:
                self.send_header("Location", seen.location)
            self.send_header("Content-Type", seen.content_type)
            self.send_header("Content-Length", str(len(seen.body)))
            self.end_headers()
            self.wfile.write(seen.body)

        do_GET = do_POST = _answer

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: socket.socket, address: object) -> None:  # type: ignore[override]
            # The handshake belongs to the connection's own thread; a client that refuses ends it.
            with suppress(OSError):
                if context is not None:
                    request = context.wrap_socket(request, server_side=True)
                with request:
                    super().finish_request(request, address)  # type: ignore[arg-type]

        def handle_error(self, *_: object) -> None:
            """A client that goes away is what these tests are about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    scheme = "http" if context is None else "https"
    seen.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Tunnels:
    """What a proxy was asked: `host:port` for a tunnel, the whole address for a plain request. `status` refuses all."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []
        self.status = 200


@contextmanager
def tunnelling() -> Iterator[Tunnels]:
    """A proxy that opens tunnels (RFC 9110, section 9.3.6) and forwards plain requests, to loopback; remembers them."""
    seen = Tunnels("")

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            seen.asked.append(self.path)
            if seen.status != 200:
                self.send_error(seen.status)
                return
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as far:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pump, args=(far, self.connection), daemon=True)
                back.start()
                _pump(self.connection, far)
                back.join(5)
            self.close_connection = True

        def _forward(self) -> None:
            seen.asked.append(self.path)
            if seen.status != 200:
                self.send_error(seen.status)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            target = urlsplit(self.path)
            far = HTTPConnection(target.hostname or "", target.port)
            far.request(self.command, target.path + (f"?{target.query}" if target.query else ""), body, self.headers)
            answer = far.getresponse()
            data = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            far.close()

        do_GET = do_POST = _forward

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that goes away is what these tests are about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    seen.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
