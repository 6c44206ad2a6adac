"""Settings: defaults < xiaoer.toml < environment < arguments."""

import os
from pathlib import Path

import pytest

from xiaoer.settings import BadSettingsError, load_settings


@pytest.fixture(autouse=True)
def _no_settings_but_the_tests_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("XIAOER_")]:
        monkeypatch.delenv(name)


def write_toml(text: str) -> None:
    Path("xiaoer.toml").write_text(text, encoding="utf-8")


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.port, settings.pack, settings.demo.enabled) == (8000, Path("packs/shop_zh"), True)


def test_each_source_wins_over_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("port = 8001\nhost = '0.0.0.1'\nshop = 'toml'")
    monkeypatch.setenv("XIAOER_PORT", "8002")
    monkeypatch.setenv("XIAOER_HOST", "0.0.0.2")
    settings = load_settings(port=8003)
    assert (settings.port, settings.host, settings.shop, settings.log_level) == (8003, "0.0.0.2", "toml", "info")


def test_an_argument_of_none_leaves_the_setting_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOER_PORT", "8002")
    assert load_settings(port=None).port == 8002


def test_a_section_is_joined_from_all_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("[guard]\nmessages_per_minute = 7\nmax_message_characters = 100")
    monkeypatch.setenv("XIAOER_GUARD__MESSAGES_PER_MINUTE", "9")
    guard = load_settings().guard
    assert (guard.messages_per_minute, guard.max_message_characters) == (9, 100)


def test_the_database_lies_in_the_data_folder_unless_a_url_is_given() -> None:
    assert load_settings(data="here").store_url == f"sqlite+aiosqlite:///{Path('here') / 'xiaoer.db'}"
    assert load_settings(store={"url": "postgresql+asyncpg://db/x"}).store_url == "postgresql+asyncpg://db/x"


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOER_ACCESS__VISITOR_SECRET", "very-secret")
    settings = load_settings()
    assert "very-secret" not in repr(settings)
    assert settings.access.visitor_secret is not None
    assert settings.access.visitor_secret.get_secret_value() == "very-secret"


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("port = 70000", "port"),
        ("port = 'many'", "port"),
        ("prot = 8000", "prot"),
        ("[guard]\nmessages_per_minute = 0", "guard.messages_per_minute"),
        ("[guard]\nmessages = 1", "guard.messages"),
        ("[turn]\naction_timeout_seconds = 0", "turn.action_timeout_seconds"),
    ],
)
def test_a_bad_value_is_named(toml: str, named: str) -> None:
    write_toml(toml)
    with pytest.raises(BadSettingsError, match=rf"Settings: {named}: ") as bad:
        load_settings()
    assert bad.value.code == "settings.invalid"


def test_a_bad_argument_and_a_bad_variable_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOER_TURN__MAX_RUNNING", "none")
    with pytest.raises(BadSettingsError, match=r"port: .*; turn\.max_running: "):
        load_settings(port=-1)


def test_a_file_that_is_no_toml_is_named() -> None:
    write_toml("port = = 8000")
    with pytest.raises(BadSettingsError, match=r"xiaoer\.toml"):
        load_settings()


@pytest.mark.parametrize("value", ["not json", "[1"])
def test_a_variable_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XIAOER_ACCESS__ALLOWED_ORIGINS", value)
    with pytest.raises(BadSettingsError, match="access"):
        load_settings()
