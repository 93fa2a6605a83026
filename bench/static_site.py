"""A folder on loopback, as a process of its own: `python -m bench.static_site FOLDER` prints its port and serves.

Rules. HTTP/1.1 with kept connections and without Nagle's delay, so that neither side of a figure waits for the server.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, format: str, *values: object) -> None:
        """Nothing is told: the figures are."""


@contextmanager
def site(folder: Path) -> Iterator[str]:
    """The address of a running site, stopped at the end."""
    command = [sys.executable, "-m", "bench.static_site", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=sys.argv[1]))
    print(server.server_address[1], flush=True)
    server.serve_forever()
