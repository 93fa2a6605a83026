"""Start, session end and memory, beside an empty QML window.

Rules. Every start is a fresh process; the two sides take turns. A session process is started as the engine starts it
(`Open`, then `Show` at once) over an encrypted store with the real services; its first useful frame is Welcome, told
by "shown". A session's end is measured with the real engine and its warm spare, from the visitor's tap (with the two
looks of the driver at the button) to the spare's "shown". Memory is what a process has for itself (USS): pages of
libraries shared with others count for nobody.
"""

from __future__ import annotations

import compileall
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

import bench
import kiosk
from bench import content
from bench.measure import Figure, median, percentile
from bench.place import Place, place
from kiosk import app, log, words
from kiosk.engine.process import SessionProcess
from kiosk.protocol import wire
from kiosk.ui.driver import Driver

ROUNDS = 9
ENDS = 15
MIB = 1024 * 1024
PATIENCE_S = 60.0


def _compile() -> None:
    """Compile the program's modules, as an installed program has them; the libraries' are compiled already."""
    for package in (kiosk, bench):
        compileall.compile_dir(Path(package.__file__).parent, quiet=1)


def start_figure() -> Figure:
    """Start to the first frame of Welcome, ratio of medians."""
    mine: list[float] = []
    theirs: list[float] = []
    _compile()
    with place(content.documents()) as here:
        for round_ in range(ROUNDS + 1):
            with _session(here) as (_, took):
                ours = took
            with _empty_window() as (_, took):
                peer = took
            if round_:  # the first round fills the caches of the disk and of QML
                mine.append(ours)
                theirs.append(peer)
    value = median(mine) / median(theirs)
    return Figure("start", value, f"{median(mine) * 1e3:.0f} ms against {median(theirs) * 1e3:.0f} ms; {ROUNDS} rounds")


def session_end_figure() -> Figure:
    """From the visitor's tap on End to the first frame of the spare, p95 in ms."""
    took: list[float] = []
    _compile()
    with place(content.documents()) as here, _engine(here) as engine:
        for _ in range(ENDS):
            old = engine.front()
            driver = engine.driver(old)
            driver.tap(words.t("ru", "controls.welcome_start"), "Button")
            driver.wait_page("Home")
            engine.wait_for_spare()
            end = driver.find(words.t("ru", "controls.end_spoken"), "Button")
            began = time.perf_counter()
            ending = threading.Thread(target=_tap, args=(driver, end.name))
            ending.start()
            took.append((engine.shown_after(old) - began) * 1e3)
            ending.join()
    detail = f"p50 {median(took):.0f}, longest {max(took):.0f} ms of {ENDS} ends"
    return Figure("session_end", percentile(took, 0.95), detail)


def memory_session_figure() -> Figure:
    """A session process on Home, ratio."""
    _compile()
    with place(content.documents()) as here, _engine(here) as engine:
        session = engine.front()
        driver = engine.driver(session)
        driver.tap(words.t("ru", "controls.welcome_start"), "Button")
        driver.wait_page("Home")
        driver.wait(words.t("ru", "controls.search_name"), "EditableText")
        # With the spare beside it, as always: Qt's own pages are then shared, for the empty window as well.
        engine.wait_for_spare()
        return _memory("memory_session", session.pid)


def memory_engine_figure() -> Figure:
    """The engine process, sync thread running, ratio."""
    _compile()
    with place(content.documents()) as here:
        (here.profile / "root.json").write_bytes(content.root())
        command = [sys.executable, "-m", "kiosk", "run", "--profile", str(here.profile), "--offscreen"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_until_calm(psutil.Process(process.pid))
            return _memory("memory_engine", process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _memory(name: str, pid: int) -> Figure:
    ours = _own(pid)
    with _empty_window() as (peer, _):
        theirs = _own(peer)
    return Figure(name, ours / theirs, f"{ours / MIB:.1f} MiB against {theirs / MIB:.1f} MiB (USS)")


def _wait_until_calm(engine: psutil.Process) -> None:
    """Until a front and a spare stand and the whole family has done nothing for two seconds."""
    until, calm, spent = time.monotonic() + PATIENCE_S, 0, 0.0
    while calm < 8:
        if time.monotonic() > until:
            raise RuntimeError("the engine with its sessions does not come to rest")
        time.sleep(0.25)
        family = [engine, *engine.children()]
        before, spent = spent, sum(sum(one.cpu_times()[:2]) for one in family)
        calm = calm + 1 if len(family) == 3 and spent - before < 0.03 else 0


def _own(pid: int) -> int:
    return int(psutil.Process(pid).memory_full_info().uss)


@contextmanager
def _session(here: Place) -> Iterator[tuple[int, float]]:
    """A session process that has shown Welcome: its process id, and the seconds from its start to that."""
    began = time.perf_counter()
    session = SessionProcess(here.profile, here.key.raw, here.settings, offscreen=True)
    session.send(wire.Show())  # as the engine does where nobody is in front
    try:
        took = 0.0
        while not took:
            for report in _heard(session):
                if isinstance(report, wire.Shown):
                    took = time.perf_counter() - began
        yield session.pid, took
    finally:
        session.quit()


def _heard(session: SessionProcess) -> list[wire.Report]:
    reports = session.hear()
    if reports is None:
        raise RuntimeError("the session process ended before it was shown")
    return reports


@contextmanager
def _empty_window() -> Iterator[tuple[int, float]]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "bench.empty_window"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        if process.stdout.readline() != b"shown\n":
            raise RuntimeError("the empty window was not shown")
        yield process.pid, time.perf_counter() - began
    finally:
        process.communicate()


class _Engine:
    """The real engine on a thread, with a driver for each of its sessions."""

    def __init__(self, here: Place) -> None:
        self._links: dict[int, socket.socket] = {}
        self._theirs: list[socket.socket] = []
        self._drivers: dict[int, Driver] = {}
        (here.profile / "root.json").write_bytes(content.root())
        # That the network is down is known here.
        log.keep_from("warning")
        self._engine = app.Engine(here.profile, here.settings, offscreen=True, driving=self._link)
        self._stop = threading.Event()
        self._changed = threading.Condition()
        self._shown_at: dict[int, float] = {}
        self._thread = threading.Thread(target=self._work, daemon=True)

    def begin(self) -> None:
        self._engine.begin()
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)
        self._engine.close()
        for link in (*self._links.values(), *self._theirs):
            link.close()

    def front(self) -> SessionProcess:
        """The session on the screen."""
        self._until(lambda: self._front() is not None)
        found = self._front()
        assert found is not None
        return found

    def driver(self, session: SessionProcess) -> Driver:
        if session.pid not in self._drivers:
            self._drivers[session.pid] = Driver(self._links[session.driving])
        return self._drivers[session.pid]

    def wait_for_spare(self) -> None:
        """Until a second session has said that it is ready."""
        self._until(lambda: len(self._engine.supervisor.ready - self._engine.supervisor.shown) > 0)

    def shown_after(self, old: SessionProcess) -> float:
        """When (perf_counter) the session after `old` was on the screen; waits for it."""
        self._until(lambda: (front := self._front()) is not None and front.pid != old.pid)
        front = self._front()
        assert front is not None
        return self._shown_at[front.pid]

    def _front(self) -> SessionProcess | None:
        front = self._engine.supervisor.front
        return front if front is not None and front.pid in self._shown_at else None

    def _until(self, holds: object) -> None:
        assert callable(holds)
        with self._changed:
            if not self._changed.wait_for(holds, PATIENCE_S):
                raise RuntimeError("the engine did not bring a session to the screen in time")

    def _link(self) -> int:
        ours, theirs = socket.socketpair()
        self._links[theirs.fileno()] = ours
        self._theirs.append(theirs)
        return theirs.fileno()

    def _work(self) -> None:
        while not self._stop.is_set():
            self._engine.supervisor.turn(0.1)
            now = time.perf_counter()
            with self._changed:
                for pid in self._engine.supervisor.shown:
                    self._shown_at.setdefault(pid, now)
                self._changed.notify_all()


@contextmanager
def _engine(here: Place) -> Iterator[_Engine]:
    engine = _Engine(here)
    engine.begin()
    try:
        yield engine
    finally:
        engine.end()


def _tap(driver: Driver, name: str) -> None:
    driver.tap(name, "Button")
