"""The embedded backend of the demo: `kiosk backend` as a process of its own, on loopback, stopped by its id."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec

from kiosk.errors import EnvironmentFault


class BackendProcess:
    """A backend over `data` that serves `content`. `port` 0 takes a free one at the first start and keeps it."""

    def __init__(self, data: Path, content: Path, port: int = 0) -> None:
        self._data = data
        self._content = content
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Known once it has been started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> str:
        """Start and wait until it listens; its URL. Raises EnvironmentFault."""
        if self._process is not None:
            return self.url
        command = [sys.executable, "-m", "kiosk", "backend", "--json", "--data", str(self._data)]
        command += ["--content", str(self._content), "--port", str(self._port)]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            process.wait()
            raise EnvironmentFault("the embedded backend did not start; its own message says why")
        url: str = msgspec.json.decode(line)["url"]
        self._port = int(url.rpartition(":")[2])
        self._process = process
        return self.url

    def stop(self) -> None:
        """Answer what is under way, then end."""
        if self._process is None:
            return
        self._process.terminate()
        self._reap()

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def _reap(self) -> None:
        process, self._process = self._process, None
        assert process is not None and process.stdout is not None
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
