"""Registration numbers of the lost time are never given again; the settings of an installation come from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.backend import tables
from kiosk.backend.restored import skip_numbers
from kiosk.backend.settings import BackendSettings, Terms, load
from kiosk.cli.main import main
from kiosk.errors import ConfigurationError
from tests.backend.site import BOTH, NOW, Site

DATABASES = BOTH


def test_no_number_is_given_twice(site: Site, used: BackendSettings) -> None:
    kiosk = site.enrol()
    kiosk.post(kiosk.seal())
    site.register()
    assert skip_numbers(used, NOW) == 100_001
    kiosk.post(kiosk.seal())
    site.register()
    numbers = sorted(row.number for row in site.rows(tables.registrations))
    assert numbers == ["77-2026-0000001", "77-2026-0100002"]


def test_a_year_without_numbers(used: BackendSettings) -> None:
    assert skip_numbers(used, NOW, 10) == 10


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backend", "--data", str(tmp_path), "--restored", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"skipped_until": 100_000, "attachments_asked_again": 0}


def test_settings_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "backend.toml"
    file.write_text('region = "78"\ndevice_per_s = 5.0\n[keep]\npayloads = 30\n')
    found = load(file, data=tmp_path, port=1)
    assert (found.region, found.device_per_s, found.port, found.data) == ("78", 5.0, 1, tmp_path)
    assert (found.keep.payloads, found.keep.feed) == (30, Terms().feed)
    assert load(None, data=tmp_path) == BackendSettings(data=tmp_path)


@pytest.mark.parametrize(
    "text", ["regoin = '78'", "[keep]\nenvelope = 3", "port = 'x'", "port = ", "[keep]\nfeed = 'x'"]
)
def test_settings_that_are_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "backend.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"backend\.toml"):
        load(file, data=tmp_path)
    with pytest.raises(ConfigurationError):
        load(tmp_path / "nowhere.toml", data=tmp_path)
