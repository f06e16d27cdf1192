"""Putting ended cases away, now, and what would be put away."""

from __future__ import annotations

import sys
from itertools import islice

import click

from api.archiving.burying import Fate
from api.archiving.working import archive_due
from api.cli.data import agency_named, system_at_work
from api.evidence import Sources
from api.evidence.summary import one_line


@click.command("archive")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each case.")
@click.option("--limit", type=click.IntRange(1), default=1_000, show_default=True, help="Cases.")
@click.option("--agency", help="Code of the agency; the one founded first unless it is named.")
def archive_cases(dry_run: bool, limit: int, agency: str | None) -> None:
    """Put ended cases away as the policies say; exit 1 if one that is due stays behind.

    The evidence of each is made and read back; then its rows go. A rehearsal removes nothing.
    """
    gone = stayed = rows = 0
    with system_at_work() as system:
        agency_id, sources = agency_named(system, agency), Sources.of(system.bus)
        fates = archive_due(system.bus, sources, agency_id, dry_run=dry_run)
        for fate in islice(fates, limit):
            click.echo(one_line(_line(fate)))
            rows += sum((fate.removed or {}).values())
            gone, stayed = (gone + 1, stayed) if fate.outcome == "archived" else (gone, stayed + 1)
    would = "would be archived" if dry_run else f"archived, {rows:,} rows removed"
    click.echo(f"{gone} {would}; {stayed} stay")
    sys.exit(1 if stayed else 0)


def _line(fate: Fate) -> str:
    name = fate.case.business_key or fate.case.id
    told = f"{fate.case.ended_at:%Y-%m-%d} {fate.case.definition_key} {name}: {fate.outcome}"
    return told if fate.reason is None else f"{told} ({fate.reason}) {fate.message}"


COMMANDS = (archive_cases,)
