"""The command line: `saraban …`. Each command reads the settings, calls a room, prints."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from api.settings import BadSettings
from engine.errors import DeploymentRefused, Invalid, Rejected

#: The files of this folder and the commands that each holds. Only the file of the command that is
#: run is imported: most of them bring the whole house along, which takes seconds.
ROOMS = {
    "running": ("serve", "web", "worker", "clock", "timestamp-authority"),
    "data": ("migrate", "init", "demo", "deploy", "check", "token", "audit"),
    "agencies": ("agency",),
    "versions": ("migrate-cases",),
    "archiving": ("archive",),
    "backup": ("backup", "restore"),
    "evidence": ("evidence",),
    "expressions": ("feel", "dmn"),
    "papers": ("render", "verify"),
    "secrets": ("reseal",),
}
_ROOM_OF = {name: room for room, names in ROOMS.items() for name in names}


class _Saraban(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_ROOM_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        room = _ROOM_OF.get(cmd_name)
        return None if room is None else self._found(room, cmd_name)

    def _found(self, room: str, name: str) -> click.Command:
        commands: tuple[click.Command, ...] = import_module(f"api.cli.{room}").COMMANDS
        return next(one for one in commands if one.name == name)


@click.group(cls=_Saraban, context_settings={"help_option_names": ["-h", "--help"]})
def saraban() -> None:
    """Run the e-Office as a workflow engine: serve it, deploy to it, operate it."""


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
