"""The system's voice: a helper speaks, new words and stop end it at once, and nothing ever waits for it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices import speech
from kiosk.devices.speech import LONGEST, SystemVoice
from tests.devices import stand_ins
from tests.devices.stand_ins import StandIn
from tests.helpers.patience import PATIENCE_S, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="spd-say is of POSIX")


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> Iterator[SystemVoice]:
    """A hanging daemon is given up after a time that no test outlives, but for the one that is about it."""
    monkeypatch.setattr(speech, "CANCEL_S", 10 * PATIENCE_S)
    made = SystemVoice()
    yield made
    made.stop()
    made._end()
    for thread in cancelling():
        thread.join(PATIENCE_S)


def cancelling() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "cancel"]


def spoken(program: StandIn) -> list[str]:
    return [words.decode().rstrip("\n") for _, words in program.calls() if words]


def test_it_speaks_through_the_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say")
    assert voice.available()
    voice.speak("Мы приняли заявление", "ru")
    until(lambda: len(program.calls()) == 1)
    ((arguments, words),) = program.calls()
    assert words == "Мы приняли заявление\n".encode()
    assert arguments[-2:] == ["--language", "ru"] and "--pipe-mode" in arguments
    assert not any("заявление" in one for one in arguments), "words do not show in the list of processes"


def test_stop_ends_helper_and_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say", hangs=True)
    voice.speak("Один", "ru")
    until(lambda: spoken(program) == ["Один"])
    (pid,) = program.pids()
    voice.stop()
    assert cancelling(), "nobody waits for a daemon that hangs"
    assert not stand_ins.alive(pid)
    until(lambda: ["--cancel"] in [arguments for arguments, _ in program.calls()])
    voice.stop()


def test_a_daemon_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say", hangs=True)
    voice.speak("Один", "ru")
    until(lambda: spoken(program) == ["Один"])
    monkeypatch.setattr(speech, "CANCEL_S", 0.1)
    voice.stop()
    until(lambda: not cancelling())


def test_new_words_end_the_old_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say", hangs=True)
    voice.speak("Один", "ru")
    until(lambda: spoken(program) == ["Один"])
    (first,) = program.pids()
    voice.speak("Two", "en")
    assert not stand_ins.alive(first)
    until(lambda: spoken(program) == ["Один", "Two"])
    arguments = program.calls()[-1][0]
    assert "--cancel" in arguments and arguments[-1] == "en", "the daemon forgets the old words first"
    assert sum(stand_ins.alive(pid) for pid in program.pids()) == 1


def test_a_helper_that_does_not_read_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice
) -> None:
    stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say", hangs=True, reads=False)
    voice.speak("слово " * 100_000, "ru")
    voice.stop()
    assert cancelling(), "it hangs still, and we are here"


def test_a_long_text_is_cut_between_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice
) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say")
    voice.speak("x" + "я" * LONGEST, "ru")
    until(lambda: len(program.calls()) == 1)
    words = program.calls()[0][1]
    assert len(words) <= LONGEST + 1 and words.decode().startswith("xяяя")


def test_a_helper_that_dies_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    stand_ins.put(tmp_path / "bin", monkeypatch, "spd-say", code=1, reads=False)
    for _ in range(5):
        voice.speak("Один " * 1000, "ru")
    voice.stop()


def test_the_second_program_is_taken_where_the_first_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice
) -> None:
    program = stand_ins.put(tmp_path / "bin", monkeypatch, "espeak-ng")
    assert voice.available()
    voice.speak("Hello", "en")
    until(lambda: len(program.calls()) == 1)
    assert program.calls() == [(["-v", "en", "--stdin"], b"Hello\n")]


def test_no_voice_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: SystemVoice) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not voice.available()
    voice.speak("Один", "ru")
    voice.stop()
    (tmp_path / "spd-say").write_text("no program")
    (tmp_path / "spd-say").chmod(0o755)
    voice.speak("Один", "ru")
    voice.stop()
