"""The command line as a contract: words, exit codes 0, 1 and 2, one sentence for an error, and nothing of Python."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import __version__
from kiosk.cli import main as cli
from tests.cli.runner import Runner
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


def kiosk(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def test_help_lists_every_command(run: Runner) -> None:
    for words in (["--help"], ["-h"], ["help"]):
        ran = run(*words) if words != ["help"] else run("--help")
        assert ran.code == 0 and ran.err == ""
        for name in cli.COMMANDS:
            assert f"\n  {name} " in ran.out
    assert "session" not in run("--help").out, "not for people"


def test_nothing_asked_is_wrong_usage(run: Runner) -> None:
    ran = run()
    assert ran.code == 2 and ran.out == "" and "usage: kiosk COMMAND" in ran.err


def test_the_version(run: Runner) -> None:
    assert run("--version").out.strip() == __version__


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_explains_itself(run: Runner, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0 and ran.err == ""
    for option in ("--config FILE", "--profile DIR", "--json"):
        assert option in ran.out


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_an_unknown_option_is_wrong_usage(run: Runner, name: str) -> None:
    ran = run(name, "--no-such-option")
    assert ran.code == 2 and ran.out == ""
    assert ran.sentence().startswith(f"kiosk {name}: ")


def test_an_unknown_command_is_wrong_usage(run: Runner) -> None:
    for name in ("find", "SEARCH", "../cli", "kiosk.cli.search", "output", "profile", "__init__", ""):
        ran = run(name)
        assert ran.code == 2 and "there is no command" in ran.sentence() and ran.out == ""


def test_options_are_written_out(run: Runner) -> None:
    ran = run("search", "паспорт", "--lim", "3")
    assert ran.code == 2 and "--lim" in ran.sentence()


def test_a_profile_that_is_not_there(run: Runner, tmp_path: Path) -> None:
    answers = tmp_path / "a.json"
    answers.write_text("{}")
    for words in (
        ["search", "паспорт"],
        ["service", "S0438"],
        ["outbox", "list"],
        ["submit", "S0438", "--answers", str(answers)],
    ):
        ran = run(*words, "--json", "--profile", tmp_path / "nowhere")
        assert ran.code == 1 and ran.out == ""
        assert "nowhere" in ran.sentence()
        assert not (tmp_path / "nowhere").exists(), "asking makes nothing"


def test_a_profile_that_is_a_file(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for words in (["search", "паспорт"], ["outbox", "list"], ["run"], ["sync"], ["enrol", "X"]):
        ran = run(*words, "--profile", tmp_path / "file")
        assert ran.code == 1 and ran.sentence()


def test_a_configuration_that_is_refused(run: Runner, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("backend_ur = 'x'\n")
    for words in (["search", "x"], ["sync"], ["run"], ["doctor"], ["enrol", "X"], ["outbox", "list"]):
        ran = run(*words, "--config", wrong)
        assert ran.code == 1 and "backend_ur" in ran.sentence()
        assert run(*words, "--config", tmp_path / "absent.toml").code == 1


def test_a_real_process_says_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = kiosk("search", "x", "--json", "--profile", str(tmp_path / "none"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kiosk: ") and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert kiosk("find").returncode == 2
    assert kiosk("--version").stdout.strip() == __version__


def test_a_reader_that_goes_away_is_no_bug(run: Runner) -> None:
    command = [sys.executable, "-m", "kiosk", "search", "--jsonl", "--profile", str(run.profile)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        process.stdin.write('{"q": "паспорт"}\n' * 50)
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        assert "Traceback" not in process.stderr.read()
        assert process.wait(PATIENCE_S) == 1


def test_a_session_is_not_started_by_hand(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "session"],
        cwd=ROOT,
        input="",
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 2 and "engine" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_is_written_down(name: str) -> None:
    written = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert re.search(rf"^### .*\bkiosk {name}\b", written, re.MULTILINE), name
