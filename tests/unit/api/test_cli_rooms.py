"""The command line imports what its command needs, not the house."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from api import cli
from api.cli import ROOMS, saraban


@pytest.mark.parametrize("room", ROOMS)
def test_a_file_holds_the_commands_that_are_looked_for_in_it(room: str) -> None:
    found = import_module(f"api.cli.{room}").COMMANDS
    assert tuple(command.name for command in found) == ROOMS[room]


def test_every_file_is_looked_into() -> None:
    files = {file.stem for file in Path(cli.__file__).parent.glob("*.py")}
    assert files - {"__init__"} == set(ROOMS)


def test_every_command_is_told_but_the_hidden_one() -> None:
    shown = CliRunner().invoke(saraban, ["--help"]).output.partition("Commands:")[2]
    told = {line.split()[0] for line in shown.splitlines() if line.strip()}
    assert told == {name for names in ROOMS.values() for name in names} - {"timestamp-authority"}


def test_an_unknown_command_is_refused() -> None:
    answer = CliRunner().invoke(saraban, ["fly"])
    assert (answer.exit_code, "No such command 'fly'" in answer.output) == (2, True)


def test_an_expression_needs_no_house() -> None:
    program = (
        "import sys; from api.cli import saraban; saraban.main(['feel', '1 + 1'], "
        "standalone_mode=False); print({'api.bootstrap', 'sqlalchemy'} & sys.modules.keys())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout.split("\n") == ["2", "set()", ""], said.stderr
