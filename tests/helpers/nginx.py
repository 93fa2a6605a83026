"""nginx as docs/operations.md sets it up, on loopback: the block of that page, with addresses and folders put in.

Rules. What the page says is what runs; only where it listens, what it proxies to, where files lie and which certificate
it shows are changed, and each of these must stand in the page or the test fails. nginx is a process of the tests' own.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.helpers.patience import until

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def unavailable() -> str:
    """Why it cannot run here, "" when it can."""
    return "" if shutil.which("nginx", path=_path()) else "nginx is not installed"


def documented() -> str:
    """The block of the page that begins after "nginx, the essentials:"."""
    _, _, rest = PAGE.read_text("utf-8").partition("nginx, the essentials:\n\n")
    lines = []
    for line in rest.splitlines():
        if line and not line.startswith("    "):
            break
        lines.append(line)
    return textwrap.dedent("\n".join(lines))


@contextmanager
def running(folder: Path, backends: Sequence[str], content: Path, certificate: Path) -> Iterator[str]:
    """nginx before these backends (URLs) and the folder that holds `content/`; gives its https address."""
    port = _free_port()
    servers = " ".join(f"server {urlsplit(url).netloc};" for url in backends)
    site = _put(documented(), r"(server [\d.]+:\d+; ?)+", f"{servers} ")
    site = _put(site, r"listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
    site = _put(site, r"root /srv;", f"root {content.parent};")
    site = _put(
        site, r"ssl_protocols", f"ssl_certificate {certificate};\nssl_certificate_key {certificate};\nssl_protocols"
    )
    places = "\n".join(f"{name}_temp_path {folder / name};" for name in _FOLDERS)
    user = "user root;" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(
        f"{user}\npid {folder / 'nginx.pid'};\nerror_log {folder / 'error.log'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{places}\n{site}\n}}\n",
        "utf-8",
    )
    program = shutil.which("nginx", path=_path()) or "nginx"
    with subprocess.Popen([program, "-p", folder, "-c", path, "-g", "daemon off;"]) as process:
        try:
            _wait(process, port, folder / "error.log")
            yield f"https://127.0.0.1:{port}"
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _put(text: str, pattern: str, value: str) -> str:
    put, count = re.subn(pattern, lambda _: value, text)
    assert count, f"docs/operations.md does not say {pattern!r} any more"
    return put


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    def answers() -> bool:
        assert process.poll() is None, log.read_text("utf-8") if log.exists() else "nginx does not start"
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return True
        return False

    until(answers, "nginx answers")


def _path() -> str:
    unpacked = PAGE.parents[1] / "build" / "nginx" / "usr" / "sbin"  # by ./dev
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:{unpacked}"
