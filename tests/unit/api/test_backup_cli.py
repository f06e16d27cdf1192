"""`saraban backup`, `restore` and `restore --release`, as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.backup import Damaged
from api.cli import saraban
from engine.errors import Conflict


def run(home: Path, *words: str) -> Result:
    environ = {"SARABAN_HOME": str(home), "SARABAN_SECRET": "a secret of the tests"}
    return CliRunner(env=environ).invoke(saraban, words)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    home = tmp_path / "here"
    assert run(home, "migrate").exit_code == 0
    founded = run(home, "init", "--agency", "culture", "--name", "กระทรวงวัฒนธรรม",
                  "--admin", "anong", "--password", "a long and plain phrase")  # fmt: skip
    assert founded.exit_code == 0, founded.output
    return home


def test_a_drill_from_one_machine_to_another(office: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "monday.backup", tmp_path / "there"
    made = run(office, "backup", str(file))
    assert made.exit_code == 0, made.output
    assert "monday.backup:" in made.output
    assert "secret is not in it" in made.output
    again = run(there, "restore", str(file))
    assert again.exit_code == 0, again.output
    assert "In quarantine" in again.output
    token = run(there, "token", "anong")
    assert token.exit_code == 0, token.output
    assert "Epoch 1 is released" in run(there, "restore", "--release").output
    refused = run(there, "restore", "--release")
    assert isinstance(refused.exception, Conflict)


def test_another_secret_is_said(office: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    run(office, "backup", str(file))
    environ = {"SARABAN_HOME": str(tmp_path / "there"), "SARABAN_SECRET": "another one"}
    said = CliRunner(env=environ).invoke(saraban, ["restore", str(file)])
    assert said.exit_code == 0
    assert "second factors must be set up anew" in said.output


def test_restore_wants_a_file_or_the_release(tmp_path: Path) -> None:
    assert run(tmp_path, "restore").exit_code == 2
    (tmp_path / "x").write_bytes(b"x")
    assert run(tmp_path, "restore", str(tmp_path / "x"), "--release").exit_code == 2
    assert isinstance(run(tmp_path, "restore", str(tmp_path / "x")).exception, Damaged)


def test_a_replica_that_took_over_is_held_until_somebody_has_looked(office: Path) -> None:
    asked = CliRunner(
        env={"SARABAN_HOME": str(office), "SARABAN_SECRET": "a secret of the tests"}
    ).invoke(saraban, ["restore", "--promoted"], input="n\n")
    assert asked.exit_code != 0
    assert "Everybody is signed out" in asked.output
    assert isinstance(run(office, "restore", "--release").exception, Conflict)
    held = run(office, "restore", "--promoted", "--yes")
    assert held.exit_code == 0, held.output
    assert "In quarantine" in held.output
    assert "Epoch 1 is released" in run(office, "restore", "--release").output
