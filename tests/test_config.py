"""The settings: file, then environment; what is unknown or has no meaning is refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from kiosk import config
from kiosk.config import Network, Settings
from kiosk.errors import ConfigurationError


def write(profile: Path, text: str) -> Path:
    path = profile / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert config.load(tmp_path, environ={}) == Settings()
    assert config.load(tmp_path / "not there", environ={}) == Settings()


def test_the_file_of_the_profile_is_read(tmp_path: Path) -> None:
    write(tmp_path, 'backend_url = "https://kiosk.example"\nidle_s = 60\nlandscape = true\nlanguage = "en"\n')
    found = config.load(tmp_path, environ={})
    assert (found.backend_url, found.idle_s, found.landscape, found.language) == (
        "https://kiosk.example",
        60.0,
        True,
        "en",
    )
    assert found.mode == "kiosk"


def test_a_named_file_takes_its_place(tmp_path: Path) -> None:
    write(tmp_path, 'language = "en"\n')
    other = tmp_path / "other.toml"
    other.write_text('mode = "desktop"\n', encoding="utf-8")
    found = config.load(tmp_path, other, environ={})
    assert (found.mode, found.language) == ("desktop", "ru")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigurationError, match="cannot be read"):
            config.load(tmp_path, path, environ={})


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'language = "en"\nidle_s = 60\ndemo = false\n')
    environ = {
        "KIOSK_LANGUAGE": "ru",
        "KIOSK_IDLE_S": "45.5",
        "KIOSK_DEMO": "yes",
        "KIOSK_PRINTER": "queue:hall",
        "LANGUAGE": "de",
        "kiosk_mode": "desktop",
    }
    found = config.load(tmp_path, environ=environ)
    assert (found.language, found.idle_s, found.demo, found.printer, found.mode) == (
        "ru",
        45.5,
        True,
        "queue:hall",
        "kiosk",
    )


def test_the_real_environment_counts_where_none_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_BACKEND_URL", "https://from.environment")
    assert config.load(tmp_path).backend_url == "https://from.environment"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("False", False), ("no", False)]
)
def test_yes_and_no_in_the_environment(tmp_path: Path, text: str, value: bool) -> None:
    assert config.load(tmp_path, environ={"KIOSK_LANDSCAPE": text}).landscape is value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KIOSK_IDLE_S", "soon"),
        ("KIOSK_IDLE_S", ""),
        ("KIOSK_IDLE_S", "-1"),
        ("KIOSK_IDLE_S", "nan"),
        ("KIOSK_DEMO", "perhaps"),
        ("KIOSK_MODE", "tablet"),
        ("KIOSK_KEY_SLOT", "paper"),
        ("KIOSK_LANGUAGE", "RU"),
    ],
)
def test_a_variable_without_meaning_is_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        config.load(tmp_path, environ={name: text})


@pytest.mark.parametrize("line", ["backend_ur = 'x'", "[backend]\nurl = 'x'", "Language = 'ru'", "profile = '/tmp'"])
def test_an_unknown_setting_is_refused_by_its_name(tmp_path: Path, line: str) -> None:
    path = write(tmp_path, line + "\n")
    name = line.strip("[").partition("]")[0].partition(" ")[0]
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, environ={})
    assert name in caught.value.engineer and str(path) in caught.value.engineer


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("idle = 5", "no setting idle; did you mean idle_s?"),
        ("Language = 'ru'", "no setting Language; did you mean language?"),
        ("request_timeout_ms = 5", "no setting request_timeout_ms; did you mean request_timeout_s?"),
        ("[network]\npack = 'file:///x'", "no setting network.pack; did you mean network.pac?"),
        ("zzzzzz = 1", "no setting zzzzzz"),
    ],
)
def test_the_nearest_known_setting_is_named(tmp_path: Path, line: str, said: str) -> None:
    write(tmp_path, line + "\n")
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, environ={})
    assert caught.value.engineer.endswith(said)


def test_an_unknown_variable_is_warned_of_and_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"KIOSK_IDLE": "5", "KIOSK_BACKEND_UR": "https://x", "KIOSK_LANGUAGE": "en", "XKIOSK_IDLE": "1"}
    assert config.load(tmp_path, environ=environ) == Settings(language="en")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["name"], line["nearest"]) for line in lines] == [
        ("warning", "KIOSK_BACKEND_UR", "KIOSK_BACKEND_URL"),
        ("warning", "KIOSK_IDLE", "KIOSK_IDLE_S"),
    ]
    assert "https://x" not in str(lines), "its value may be a secret of somebody else"


def test_a_table_of_the_file_and_its_variable(tmp_path: Path) -> None:
    write(tmp_path, '[network]\npac = "file:///etc/proxy.pac"\n')
    assert config.load(tmp_path, environ={}).network.pac == "file:///etc/proxy.pac"
    found = config.load(tmp_path, environ={"KIOSK_NETWORK_PAC": "https://pac.example/proxy.pac"})
    assert found.network.pac == "https://pac.example/proxy.pac"
    write(tmp_path, "network = 5\n")
    for environ in ({}, {"KIOSK_NETWORK_PAC": "file:///x"}):
        with pytest.raises(ConfigurationError, match=r"\$\.network"):
            config.load(tmp_path, environ=environ)


@pytest.mark.parametrize(
    "url",
    [
        "https://backend.example",
        "https://10.0.0.5:8443/kiosk",
        "http://127.0.0.1:8080",
        "http://127.8.9.1:8080",
        "http://[::1]:8080",
        "http://localhost:8080",
    ],
)
def test_signed_requests_go_over_tls_or_stay_here(tmp_path: Path, url: str) -> None:
    assert config.load(tmp_path, environ={"KIOSK_BACKEND_URL": url}).backend_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://backend.example",
        "HTTP://backend.example",
        "http://10.0.0.5",
        "http://127.0.0.1.example",
        "http://localhost.example",
        "http://0.0.0.0:80",
        "http://127.0.0.1@backend.example",
        "ftp://127.0.0.1",
        "backend.example",
        "https://",
        "http://[::1",
    ],
)
def test_signed_requests_are_not_sent_in_the_clear(tmp_path: Path, url: str) -> None:
    write(tmp_path, f"backend_url = '{url}'\n")
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path, environ={})
    assert url in caught.value.engineer
    assert "https://" in caught.value.engineer or "no address" in caught.value.engineer


def test_signed_content_may_come_in_the_clear(tmp_path: Path) -> None:
    write(tmp_path, "backend_url = 'https://b.example'\ncontent_url = 'http://mirror.example/content'\n")
    assert config.load(tmp_path, environ={}).content_base() == "http://mirror.example/content"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("idle_s = 'long'", "idle_s"),
        ("idle_s = true", "idle_s"),
        ("idle_s = 0", "idle_s"),
        ("idle_s = -5", "idle_s"),
        ("content_every_s = nan", "content_every_s"),
        ("request_timeout_s = inf", "request_timeout_s"),
        ("demo = 'yes'", "demo"),
        ("demo = 1", "demo"),
        ("backend_url = 5", "backend_url"),
        ("mode = 'tablet'", "mode"),
        ("language = ['ru']", "language"),
        ("panel_height_mm = 2026-01-01", "panel_height_mm"),
    ],
)
def test_a_wrong_type_is_refused_by_its_name(tmp_path: Path, line: str, name: str) -> None:
    write(tmp_path, line + "\n")
    with pytest.raises(ConfigurationError, match=rf"\$\.{name}"):
        config.load(tmp_path, environ={})


@pytest.mark.parametrize("data", [b"mode = ", b"\xff\xfe", b"{}", b"mode = 'kiosk'\nmode = 'kiosk'\n", b"\0", b"a.b.c"])
def test_what_is_no_toml(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "kiosk.toml").write_bytes(data)
    with pytest.raises(ConfigurationError, match=r"kiosk\.toml"):
        config.load(tmp_path, environ={})


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    settings = Settings(
        mode="desktop",
        language="en",
        demo=True,
        backend_url="https://a.example/ё",
        help_phone='a"b\\c/ё\n',
        key_slot="file",
        idle_s=12.25,
        link_probe_cap_s=5.0,
        printer="folder:/tmp/печать",
        network=Network(pac="file:///etc/proxy.pac"),
    )
    config.save(settings, tmp_path / "kiosk.toml")
    assert config.load(tmp_path, environ={}) == settings
    config.save(Settings(), tmp_path / "kiosk.toml")
    assert (tmp_path / "kiosk.toml").read_text(encoding="utf-8") == ""


def test_settings_are_frozen_and_named_with_their_units() -> None:
    with pytest.raises(AttributeError):
        Settings().idle_s = 1.0  # type: ignore[misc]
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, float):
            assert field.name.endswith(("_s", "_mm", "_days")), field.name


def test_where_content_comes_from() -> None:
    assert Settings().content_base() == ""
    assert Settings(backend_url="https://b.example/").content_base() == "https://b.example/content"
    assert Settings(backend_url="https://b.example", content_url="https://c.example").content_base() == (
        "https://c.example"
    )


def test_every_person_has_a_profile_of_their_own() -> None:
    assert "mydocuments-kiosk" in str(config.default_profile())
    assert config.default_profile().is_absolute()
