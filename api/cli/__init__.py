"""The command line: `saraban …`. Each command reads the settings, calls a room, prints."""

from __future__ import annotations

import sys

import click

from api.cli import (
    agencies,
    archiving,
    backup,
    data,
    evidence,
    expressions,
    papers,
    running,
    secrets,
    versions,
)
from api.settings import BadSettings
from engine.errors import DeploymentRefused, Invalid, Rejected


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def saraban() -> None:
    """Run the e-Office as a workflow engine: serve it, deploy to it, operate it."""


for room in (
    running,
    data,
    agencies,
    versions,
    archiving,
    backup,
    evidence,
    expressions,
    papers,
    secrets,
):
    for command in room.COMMANDS:
        saraban.add_command(command)


def main() -> None:
    """Run one command; what it was refused for goes to stderr, exit code 1."""
    try:
        saraban.main(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (Rejected, BadSettings) as refused:
        for line in _lines(refused):
            click.echo(line, err=True)
        sys.exit(1)


def _lines(refused: Exception) -> list[str]:
    if isinstance(refused, DeploymentRefused):
        return [str(problem) for problem in refused.problems]
    if isinstance(refused, Invalid) and refused.errors:
        return [str(refused), *(f"  {e.path}: {e.message}" for e in refused.errors)]
    return [str(refused)]
