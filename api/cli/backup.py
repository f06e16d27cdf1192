"""Commands on backups: make one, restore one, release what was restored."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api import backup as backups
from api.backup import Fenced, Made, Places, Restored, places, quarantine
from api.backup.manifest import mark_of
from api.bootstrap import opened
from api.settings import Settings

_SURE = (
    "Everybody is signed out, and numbers that the journal has and this database has not count as"
    " lost. Have all web, worker and clock processes of before been stopped?"
)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of everything into FILE; the office goes on working."""
    with places.of(Settings.from_env()) as ours:
        made = backups.backup(ours, file)
    _say_made(file, made)
    if made.manifest.missing:
        for name in made.manifest.missing:
            click.echo(f"Expected the bytes of {name}, but storage has none or damaged.", err=True)
        sys.exit(1)


@click.command()
@click.argument("file", type=EXISTING, required=False)
@click.option("--promoted", is_flag=True, help="The database is a replica that took over.")
@click.option("--release", "releases", is_flag=True, help="Let jobs, timers and mail go again.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
def restore(file: Path | None, *, promoted: bool, releases: bool, yes: bool) -> None:
    """Restore FILE into an empty database, or take a replica that lagged as it is (--promoted), in
    quarantine; then look, then --release.
    """
    if [file is not None, promoted, releases].count(True) != 1:
        raise click.UsageError(
            "Expected FILE to restore, --promoted where a replica took over, or --release for what"
            " was restored."
        )
    settings = Settings.from_env()
    if file is not None:
        with places.of(settings) as ours:
            _say_restored(backups.restore(ours, file), ours)
    if promoted and not yes:
        click.confirm(_SURE, abort=True)
    with opened(settings, bell=False) as system, places.of(settings) as ours:
        if promoted:
            quarantine.hold(system.bus, "a replica took over")
        fenced = backups.fence(system.bus, system.storage, ours.journal)
        if not releases:
            _say_fenced(fenced)
            return
        click.echo(
            f"Epoch {quarantine.release(system.bus)} is released: jobs, timers and mail go again."
        )


def _say_made(file: Path, made: Made) -> None:
    it = made.manifest
    click.echo(
        f"{file.name}: {it.rows:,} rows of {len(it.tables)} tables, {it.files:,} files"
        f" ({it.file_bytes:,} bytes), {it.journal_lines:,} lines of the number journal\n"
        f"{made.size:,} bytes in {made.seconds:.1f} s, sealed {made.seal}\n"
        "The installation's secret is not in it, and what is in it is not encrypted: keep both"
        " safe, and apart."
    )


def _say_restored(done: Restored, ours: Places) -> None:
    it = done.manifest
    click.echo(
        f"Backup of {it.made_at:%Y-%m-%d %H:%M} UTC: {it.rows:,} rows of {len(it.tables)} tables,"
        f" {it.files:,} files ({it.file_bytes:,} bytes), {done.journal_lines:,} journal lines that"
        f" were not here; {done.seconds:.1f} s"
    )
    for name in it.missing:
        click.echo(f"The backup never had {name}.", err=True)
    if it.secret != mark_of(ours.secret):
        click.echo(
            "The installation's secret is another than the backup's: second factors must be set"
            " up anew, or the secret be brought (SARABAN_SECRET_FILE).",
            err=True,
        )


def _say_fenced(fenced: Fenced) -> None:
    click.echo(
        f"Void from now on: {fenced.jobs:,} leases and tries of jobs, {fenced.sessions:,} sessions,"
        f" {fenced.tokens:,} API tokens, {fenced.resets:,} password resets\n"
        f"Numbers that this database lost: {len(fenced.lost):,} on letters, {fenced.unknown:,}"
        f" unaccounted for; in registers {fenced.lines:,}; none of them is given again."
        f" Signed files still here: {fenced.files:,}."
        f" Books that go on from paper again: {fenced.starts:,}"
    )
    for number in fenced.lost:
        click.echo(f"  lost: {number}")
    for number in fenced.twice:
        click.echo(f"  issued twice, before this restore: {number}", err=True)
    click.echo("In quarantine: look, then `saraban restore --release`.")


COMMANDS = (backup, restore)
