"""A damaged key file of the backend is one clear sentence, and is never made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.backend import backend_keys, keys
from kiosk.backend.settings import BackendSettings
from kiosk.errors import ConfigurationError

DAMAGE = {
    "no text": b"\xff\xfe\x00",
    "bytes inside a text": b'{"recipients": [{"id": "\xff"}]}',
    "empty": b"",
    "cut": b'{"recipients": [',
    "other JSON": b"[1, 2]",
    "nested": b"[" * 100_000,
}


@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.parametrize("file", ["keys.json", "recovery.json", "recovery-key.json"])
def test_it_is_said_and_left_alone(tmp_path: Path, file: str, kind: str) -> None:
    settings = BackendSettings(data=tmp_path)
    backend_keys(settings)
    (tmp_path / file).write_bytes(DAMAGE[kind])
    with pytest.raises(ConfigurationError, match=rf"{file} are damaged"):
        if file == keys.RECOVERY_PRIVATE:
            keys.recovery_pair(tmp_path / file)
        else:
            keys.load(settings)
    assert (tmp_path / file).read_bytes() == DAMAGE[kind]
