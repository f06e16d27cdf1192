"""Running cases to another version of their process, all at once."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from uuid import UUID

import click

from api.bootstrap import System
from api.cli.data import agency_named, system_at_work
from engine.actor import system_actor
from engine.commands.migration import MigrateInstances
from engine.db import reading
from engine.jobs import migrate_instances
from engine.jobs.migrating import InstanceFate
from engine.queries import definitions


@click.command("migrate-cases")
@click.argument("key")
@click.option("--to", type=int, help="Version to go to; the newest unless it is named.")
@click.option("--from", "from_", type=int, help="Only cases of this version.")
@click.option("--map", "maps", multiple=True, metavar="OLD=NEW", help="Element ids; repeatable.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each case.")
@click.option("--agency", help="Code of the agency; the one founded first unless it is named.")
def migrate_cases(
    key: str,
    to: int | None,
    from_: int | None,
    maps: tuple[str, ...],
    dry_run: bool,
    agency: str | None,
) -> None:
    """Take the running cases of the process KEY to another version; exit 1 if one stays behind."""
    with system_at_work() as system:
        agency_id = agency_named(system, agency)
        wanted = MigrateInstances(
            _version(system, agency_id, key, to),
            None if from_ is None else _version(system, agency_id, key, from_),
            dry_run,
            _mapping(maps),
        )
        report = migrate_instances(system.bus, system_actor(agency_id), wanted)
    for fate in report.instances:
        click.echo(_line(fate))
    would = "would migrate" if dry_run else "migrated"
    click.echo(f"{report.migrated} {would}, {report.refused} stay")
    sys.exit(1 if report.refused else 0)


def _version(system: System, agency_id: UUID, key: str, number: int | None) -> UUID:
    with reading(system.engine) as db:
        found = definitions.latest(db, agency_id, key, number)
    if not found:
        wanted = f" in version {number}" if number is not None else ""
        raise click.ClickException(f"Expected a process {key}{wanted}, but none is deployed.")
    return UUID(found[0].id)


def _mapping(maps: tuple[str, ...]) -> Mapping[str, str]:
    pairs = [one.partition("=") for one in maps]
    if not all(old and new for old, _, new in pairs):
        raise click.ClickException("Expected --map OLD=NEW with two element ids.")
    return {old: new for old, _, new in pairs}


def _line(fate: InstanceFate) -> str:
    name = fate.business_key or fate.title
    why = "" if fate.message is None else f": {fate.message}"
    return f"{fate.instance_id} {name} (version {fate.from_version}) {fate.outcome}{why}"


COMMANDS = (migrate_cases,)
