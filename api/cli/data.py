"""Commands on the data: migrations, first agency, demo, deployments, tokens, audit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from uuid import UUID

import click

from api import bootstrap, migrations
from api.archiving import proofs as tombstones
from api.backup.making import snapshot
from api.bootstrap import System
from api.migrations import fencing
from api.settings import BadSettings, Settings
from engine.actor import system_actor
from engine.commands.deployments import Deploy
from engine.db import make_engine, reading
from engine.errors import DeploymentRefused, Problem
from engine.queries import audit as proofs
from engine.runtime import check as check_files
from engine.runtime.lint.documented import page
from forms.stored import StoredForms
from office.correspondence import proofs as books
from office.correspondence.journal import FileJournal
from office.documents import proofs as signatures
from office.files import proofs as stored_files
from office.people import queries as people

PATHS = click.Path(exists=True, path_type=Path)
KINDS = (".bpmn", ".dmn", ".form.json")


@contextmanager
def system_at_work() -> Iterator[System]:
    """The whole system for one command; refuses a database of another revision."""
    system = bootstrap.build(Settings.from_env(), bell=False)
    try:
        present, newest = migrations.present(system.engine), migrations.newest()
        if present != newest:
            raise BadSettings(
                f"Expected the database at revision {newest}, but it is at {present}."
                " Run `saraban migrate` first."
            )
        yield system
    finally:
        system.close()


@click.command()
@click.option("--down", metavar="REVISION", help="Go back to this revision (or `base`).")
@click.option("--revision", metavar="MESSAGE", help="Write a migration (developers).")
def migrate(down: str | None, revision: str | None) -> None:
    """Bring the database to the newest revision."""
    settings = Settings.from_env()
    settings.home.mkdir(parents=True, exist_ok=True)
    database = make_engine(settings.database_url)
    if revision:
        migrations.write(database, revision)
    elif down:
        migrations.downgrade(database, down)
    else:
        migrations.upgrade(database)
    click.echo(f"database at revision {migrations.present(database)}")
    with database.connect() as db:
        if fencing.passed_by(db):
            click.echo(
                "Expected a role that policies bind, but this one is a superuser or bypasses them:"
                " nothing but its own statements keeps agencies apart. Connect as a plain role"
                " that owns the database.",
                err=True,
            )
    database.dispose()


@click.command()
@click.option("--agency", prompt="Code of the agency (letters and digits)")
@click.option("--name", prompt="Name of the agency, as it is printed")
@click.option("--admin", prompt="Sign-in name of its administrator")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def init(agency: str, name: str, admin: str, password: str) -> None:
    """Make the first agency and its administrator, without demo data. `saraban agency found` makes
    further ones.
    """
    from api import first

    with system_at_work() as system:
        first.make_agency(system, agency, name, admin, password)
    click.echo(f"Agency {agency} stands; {admin} signs in with the password just given.")


@click.command()
def demo() -> None:
    """Make the demo agency, or bring it up to date."""
    from api import demo as demonstration

    with system_at_work() as system:
        demonstration.install(system)
    click.echo(demonstration.sign_ins())


@click.command()
@click.argument("paths", type=PATHS, nargs=-1, required=True)
@click.option("--agency", help="Code of the agency; the one founded first unless it is named.")
def deploy(paths: tuple[Path, ...], agency: str | None) -> None:
    """Deploy .bpmn, .dmn and .form.json files together."""
    with system_at_work() as system:
        actor = system_actor(agency_named(system, agency))
        try:
            answer = system.bus.execute(Deploy(files=_read(paths), name=paths[0].name), actor)
        except DeploymentRefused as refused:
            _print(refused.problems)
            sys.exit(1)
    _print([Problem(**warning) for warning in answer["warnings"]])
    for definition in answer["definitions"]:
        click.echo(f"{definition['key']} version {definition['version']}  {definition['name']}")


@click.command()
@click.argument("paths", type=PATHS, nargs=-1)
@click.option("--rules", is_flag=True, help="Tell the rules, each with a bad and a good diagram.")
def check(paths: tuple[Path, ...], rules: bool) -> None:
    """Check files as a deployment would, without deploying."""
    if rules:
        click.echo("\n".join(page()))
        return
    if not paths:
        raise click.UsageError("Expected files or folders to check, or --rules, but got neither.")
    problems = check_files(
        _read(paths), actions=bootstrap.known_actions(Settings.from_env()), forms=StoredForms()
    )
    _print(problems)
    sys.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _print(problems: list[Problem] | tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(f"{problem}" if problem.severity == "error" else f"{problem} (warning)")


def _read(paths: tuple[Path, ...]) -> dict[str, bytes]:
    """The files, folders walked; two of one name are refused, for a bundle names them by it."""
    found: dict[str, bytes] = {}
    for path in (file for given in paths for file in _walk(given)):
        if path.name in found:
            raise click.ClickException(f"Expected one file named {path.name}, but got two.")
        found[path.name] = path.read_bytes()
    if not found:
        raise click.ClickException(f"Expected files ending in {', '.join(KINDS)}, but found none.")
    return found


def _walk(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from sorted(p for p in path.rglob("*") if p.name.endswith(KINDS))


def agency_named(system: System, code: str | None) -> UUID:
    """The agency of this code; without one the oldest, which is the only one in most houses."""
    with reading(system.engine) as db:
        agencies = people.agencies(db)
    chosen = [a for a in agencies if code in (None, a.code)]
    if not chosen:
        codes = ", ".join(a.code for a in agencies) or "none; run `saraban init` first"
        raise click.ClickException(f"Expected --agency to name an agency, but there are: {codes}.")
    return chosen[0].id


@click.command()
@click.argument("user")
@click.option("--agency", help="Code of the agency; needed where several have this sign-in name.")
@click.option("--days", default=90, show_default=True, help="How long it is valid.")
@click.option("--scope", multiple=True, help="Limit it to these scopes; repeatable.")
def token(user: str, agency: str | None, days: int, scope: tuple[str, ...]) -> None:
    """Print an API token for USER; it is shown once and stored as a hash."""
    from api import first

    with system_at_work() as system:
        click.echo(first.issue_token(system, user, agency, days, scope))


@click.group()
def audit() -> None:
    """Prove that nothing was lost or altered."""


@audit.command("verify")
@click.option("--files", is_flag=True, help="Read every stored file too.")
def audit_verify(files: bool) -> None:
    """Check the history's hash chains, states, books, journal, signatures and every invariant
    between rows; exit 1 names the first bad event.
    """
    broken = 0
    with system_at_work() as system, snapshot(system.engine) as db:
        stored = stored_files.broken(db, system.storage) if files else ()
        archived = tombstones.broken(db, system.storage, system.services.clock.now())
        written = books.broken(db, FileJournal(system.settings.journal))
        for finding in chain(proofs.findings(db), archived, written, signatures.broken(db), stored):
            broken += 1
            click.echo(f"{finding.invariant} {finding.instance_id or ''} {finding.message}")
        total = sum(1 for _ in proofs.roots(db))
    click.echo(f"{total} cases checked, {broken} findings")
    sys.exit(1 if broken else 0)


COMMANDS = (migrate, init, demo, deploy, check, token, audit)
