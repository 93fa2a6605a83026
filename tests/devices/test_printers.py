"""Printers: what reaches them, and what staff are told when they do not do their work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.devices import printer
from kiosk.devices.printer import FolderPrinter, QueuePrinter, printer_of, queue_is_there
from kiosk.errors import ConfigurationError, DeviceFault
from tests.devices import stand_ins
from tests.helpers.patience import PATIENCE_S

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 400
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="lp is of POSIX")
ROOT = Path(__file__).parents[2]


def test_a_folder_gets_whole_documents_only(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    for _ in range(3):
        FolderPrinter(folder).print_pdf(PDF)
    files = list(folder.iterdir())
    assert len(files) == 3 and {path.suffix for path in files} == {".pdf"}
    assert all(path.read_bytes() == PDF for path in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in files), "nobody else reads a receipt"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DeviceFault, match="print folder"):
        FolderPrinter(tmp_path / "file" / "inside").print_pdf(PDF)


FULL = """
import resource, signal, sys
from pathlib import Path
from kiosk.devices.printer import FolderPrinter
from kiosk.errors import DeviceFault
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (512, resource.RLIM_INFINITY))
try:
    FolderPrinter(Path(sys.argv[1])).print_pdf(bytes(10_000))
except DeviceFault as error:
    print(error.engineer)
"""


def test_a_full_disk_leaves_no_half_document(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=True,
    )
    assert "print folder" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_queue_gets_the_document_and_a4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lp = stand_ins.put(tmp_path / "bin", monkeypatch, "lp")
    QueuePrinter("hall-2").print_pdf(PDF)
    assert lp.calls() == [(["-d", "hall-2", "-o", "media=A4", "-s", "-"], PDF)]


def test_a_queue_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_ins.put(tmp_path / "bin", monkeypatch, "lp", code=1, says="lp: The printer or class does not exist.\n")
    with pytest.raises(DeviceFault, match=r"^the printer hall-2 refused: lp: The printer or class does not exist\.$"):
        QueuePrinter("hall-2").print_pdf(PDF)


def test_a_queue_that_does_not_read_but_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lp = stand_ins.put(tmp_path / "bin", monkeypatch, "lp", reads=False)
    QueuePrinter("hall-2").print_pdf(PDF)
    assert len(lp.calls()) == 1


def test_a_queue_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lp = stand_ins.put(tmp_path / "bin", monkeypatch, "lp", hangs=True)
    monkeypatch.setattr(printer, "TIMEOUT_S", 0.5)
    with pytest.raises(DeviceFault, match="does not answer"):
        QueuePrinter("hall-2").print_pdf(PDF)
    assert not any(stand_ins.alive(pid) for pid in lp.pids()), "the helper does not stay behind"


def test_no_printing_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceFault, match="not installed"):
        QueuePrinter("hall-2").print_pdf(PDF)
    (tmp_path / "lp").write_text("no program")
    with pytest.raises(DeviceFault, match="lp"):
        QueuePrinter("hall-2").print_pdf(PDF)
    (tmp_path / "lp").chmod(0o755)
    with pytest.raises(DeviceFault, match="lp"):
        QueuePrinter("hall-2").print_pdf(PDF)


def test_the_setting() -> None:
    assert printer_of("") is None
    assert isinstance(printer_of("queue:hall-2"), QueuePrinter)
    assert isinstance(printer_of("folder:/var/spool/kiosk"), FolderPrinter)


@pytest.mark.parametrize("setting", ["hall-2", "queue:", "folder:", "lpt:1", ":", "Queue:x", " "])
def test_a_setting_that_is_none(setting: str) -> None:
    with pytest.raises(ConfigurationError, match="neither queue:NAME nor folder:DIR"):
        printer_of(setting)


def test_what_doctor_believes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queue_is_there(f"folder:{tmp_path}")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not queue_is_there("queue:hall-2") and not queue_is_there("")
    stand_ins.put(tmp_path / "bin", monkeypatch, "lp")
    assert queue_is_there("queue:hall-2")
