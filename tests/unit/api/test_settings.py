"""api.settings: defaults in one data folder, clear refusals, secrets from files."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from api.desk import make_desk
from api.settings import BadSettings, Settings
from office.files.storage import MemoryStorage


def _read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_env({"SARABAN_HOME": str(tmp_path / "data"), **environ})


def test_everything_lives_in_the_data_folder_by_default(tmp_path: Path) -> None:
    settings = _read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'saraban.db'}"
    assert settings.storage_url == f"file://{tmp_path / 'data' / 'files'}"
    assert settings.public_url == "http://127.0.0.1:8000"


def test_platform_variables_count_without_the_prefix(tmp_path: Path) -> None:
    settings = _read(tmp_path, DATABASE_URL="postgresql://db/x", PORT="8155")
    assert (settings.database_url, settings.port) == ("postgresql://db/x", 8155)


def test_the_prefixed_variable_wins(tmp_path: Path) -> None:
    settings = _read(tmp_path, DATABASE_URL="sqlite:///a", SARABAN_DATABASE_URL="sqlite:///b")
    assert settings.database_url == "sqlite:///b"


@pytest.mark.parametrize(
    ("name", "text"), [("SARABAN_PORT", "eighty"), ("SARABAN_DEMO", "perhaps")]
)
def test_a_wrong_value_names_its_variable(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(BadSettings, match=f"Expected {name} .*{text}"):
        _read(tmp_path, **{name: text})


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, again = _read(tmp_path), _read(tmp_path)
    assert first.secret == again.secret
    assert len(first.secret) >= 43
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from the vault\n")
    assert _read(tmp_path, SARABAN_SECRET_FILE=str(tmp_path / "key")).secret == "from the vault"


def test_a_signed_letter_stays_small_enough_to_be_uploaded(tmp_path: Path) -> None:
    settings = replace(_read(tmp_path), enclosed_mb=21)
    with pytest.raises(BadSettings, match="SARABAN_ENCLOSED_MB from 0 to 20, but it is 21"):
        make_desk(settings, MemoryStorage(), lambda: pytest.fail("no bus is asked for"))
