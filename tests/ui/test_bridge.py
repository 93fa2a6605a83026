"""The session's end of the pipe."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from kiosk.protocol import wire
from kiosk.ui.bridge import Bridge


@pytest.fixture
def ends(qapp: object) -> Iterator[tuple[Bridge, socket.socket]]:
    here, there = socket.socketpair()
    bridge = Bridge(here.fileno(), here.fileno())
    yield bridge, there
    bridge.close()
    here.close()
    there.close()


def test_commands_become_signals_in_order(ends: tuple[Bridge, socket.socket], qtbot) -> None:
    bridge, engine = ends
    heard: list[object] = []
    bridge.showAsked.connect(lambda: heard.append("show"))
    bridge.woken.connect(lambda: heard.append("wake"))
    bridge.linkChanged.connect(heard.append)
    data = wire.encode(wire.Link(True)) + wire.encode(wire.Show()) + wire.encode(wire.Wake())
    engine.sendall(data[:20])
    engine.sendall(data[20:])
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [True, "show", "wake"]


def test_reports_are_lines(ends: tuple[Bridge, socket.socket]) -> None:
    bridge, engine = ends
    bridge.report(wire.Ready())
    bridge.report(wire.Ended())
    lines: wire.Lines[wire.Report] = wire.Lines(wire.Report)
    assert lines.feed(engine.recv(1000)) == [wire.Ready(), wire.Ended()]


def test_the_engine_going_ends_the_session(ends: tuple[Bridge, socket.socket], qtbot) -> None:
    bridge, engine = ends
    with qtbot.waitSignal(bridge.quitAsked):
        engine.close()
    bridge.report(wire.Ended())


@pytest.mark.parametrize("line", [b"not json\n", b'{"kind":"dance"}\n', b"\xff\xfe\n", b"x" * 70_000])
def test_a_line_that_is_no_message_ends_the_session(ends: tuple[Bridge, socket.socket], qtbot, line: bytes) -> None:
    bridge, engine = ends
    with qtbot.waitSignal(bridge.quitAsked):
        engine.sendall(line)
