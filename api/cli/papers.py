"""Commands on paper: render one document, verify one PDF."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from api.evidence.summary import one_line
from api.settings import Settings
from api.trust import anchors, revocation_lists, typeface
from engine import jsonio
from engine.clock import SystemClock
from engine.db import make_engine, reading
from signing import commands
from signing.errors import SigningError
from signing.verify import Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("document", type=FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def render(document: Path, out: Path) -> None:
    """Render one document (JSON) to its official PDF/A."""
    try:
        content = jsonio.loads(document.read_bytes())
    except ValueError as wrong:
        raise click.ClickException(f"Expected JSON in {document.name}, but: {wrong}") from None
    if not isinstance(content, dict):
        raise click.ClickException(f"Expected {document.name} to hold one document (an object).")
    try:
        made = commands.render_file(content, out, typeface=typeface(Settings.from_env()))
    except SigningError as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{out.name}: {made.pages} page{'s' if made.pages != 1 else ''}")


@click.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--trust", type=FILE, multiple=True, help="More trusted certificates (PEM or DER).")
def verify(file: Path, as_json: bool, trust: tuple[Path, ...]) -> None:
    """Print the verdict on every signature; exit 0 only if all are intact, valid and trusted, and
    the house, where this is one, has not withdrawn the document.
    """
    settings, now = Settings.from_env(), SystemClock().now()
    trusted = [*anchors(settings), *(extra.read_bytes() for extra in trust)]
    known = revocation_lists(settings, now)
    verdict = _as_issued(settings, file, commands.verify_file(file, trusted, now, lists=known))
    if as_json:
        click.echo(jsonio.dumps(verdict.as_json()))
    else:
        _print_table(commands.rows(verdict))
        for remark in commands.remarks(verdict):
            click.echo(one_line(remark))
        click.echo(f"standing: {commands.standing(verdict)}")
        click.echo(f"verdict: {verdict.verdict}")
    sys.exit(0 if verdict.good else 1)


def _as_issued(settings: Settings, file: Path, verdict: Verdict) -> Verdict:
    """With what this house knows of the file, where there is one with a database that answers."""
    from api.verifying import as_known, look_up

    database = make_url(settings.database_url)
    if database.drivername.startswith("sqlite") and not Path(database.database or "").is_file():
        return verdict
    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as db:
            return as_known(verdict, look_up(db, file.read_bytes(), verdict))
    except SQLAlchemyError as away:
        click.echo(f"The house's database does not answer: {type(away).__name__}.", err=True)
        return verdict
    finally:
        engine.dispose()


def _print_table(rows: list[tuple[str, ...]]) -> None:
    table = [commands.COLUMNS, *rows]
    widths = [max(len(row[n]) for row in table) for n in range(len(commands.COLUMNS))]
    for row in table:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


COMMANDS = (render, verify)
