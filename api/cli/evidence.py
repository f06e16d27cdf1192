"""Commands on evidence: one case into a file, and a file judged anywhere, by anybody."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api import evidence as evidences
from api.backup.archive import private
from api.cli.data import agency_named, system_at_work
from api.evidence import Report, Sources
from api.evidence.summary import one_line
from engine import jsonio
from engine.actor import system_actor
from engine.clock import SystemClock
from engine.queries.evidence import root_named
from signing.errors import SigningError
from signing.verify import SignatureVerdict
from signing.verify.trust import anchors

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


class _CaseFirst(click.Group):
    """`evidence CASE …` is `evidence make CASE …`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


@click.group(
    cls=_CaseFirst,
    subcommand_metavar="CASE -o FILE | verify FILE",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
def evidence() -> None:
    """Write one case into a file that proves itself, or judge such a file."""


@evidence.command()
@click.argument("case")
@click.option("-o", "--out", type=OUT, required=True, help="A new file; a ZIP is written.")
@click.option("--agency", help="Code of the agency; the one founded first unless it is named.")
def make(case: str, out: Path, agency: str | None) -> None:
    """Write the evidence of CASE (an id, or a business key) into a new file."""
    if out.exists():
        raise click.ClickException(f"Expected a new file, but {out.name} exists.")
    draft = out.with_name(f"{out.name}.part")
    try:
        with system_at_work() as system, private(draft) as target:
            agency_id = agency_named(system, agency)
            made = evidences.make(
                Sources.of(system.bus),
                system_actor(agency_id),
                target,
                lambda db: root_named(db, agency_id, case),
            )
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    it = made.manifest
    for name in it.missing:
        click.echo(f"Expected the bytes of {name}, but storage has none.", err=True)
    click.echo(
        f"{out.name}: {it.history.events:,} events, {len(it.documents):,} letters,"
        f" {len(it.files):,} entries\nsealed {made.seal}\n"
        "Note the seal apart from the file: who has it sees that nothing was made anew."
    )
    sys.exit(1 if it.missing else 0)


@evidence.command()
@click.argument("file", type=FILE)
@click.option("--trust", type=FILE, multiple=True, help="Trusted root certificates (PEM or DER).")
@click.option("--seal", default="", help="The seal that was noted when the file was made.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(file: Path, trust: tuple[Path, ...], seal: str, *, as_json: bool) -> None:
    """Judge an evidence file offline, without database or settings; exit 0 only if all holds."""
    certificates = [one.read_bytes() for one in trust]
    try:
        anchors(certificates)
    except SigningError as wrong:
        raise click.ClickException(f"--trust: {wrong}") from None
    report = evidences.examine(file, certificates, SystemClock().now(), seal=seal)
    if as_json:
        click.echo(jsonio.dumps(_told(report)))
    else:
        _say(file, report)
    sys.exit(0 if report.holds else 1)


def _told(report: Report) -> dict[str, object]:
    return {
        "holds": report.holds,
        "seal": report.seal,
        "findings": report.findings,
        "notes": report.notes,
        "signatures": {label: verdict.as_json() for label, verdict in report.verdicts},
    }


def _say(file: Path, report: Report) -> None:
    """A stranger wrote the file: nothing of it reaches the terminal but as plain words."""
    if report.manifest is not None:
        it = report.manifest
        _line(f"{file.name}: case {it.case.business_key or it.root} of {it.agency.name}")
        _line(f"status {it.case.status}; {it.history.events:,} events, head {it.history.head}")
        _line(f"seal {report.seal}")
    for label, verdict in report.verdicts:
        for one in verdict.signatures:
            _line(f"letter {label}: {_judgement(one)}")
    for note in report.notes:
        _line(f"note: {note}")
    for finding in report.findings:
        _line(f"FOUND: {finding}")
    _line("It holds." if report.holds else f"It does not hold: {len(report.findings)} findings.")


def _judgement(one: SignatureVerdict) -> str:
    when = f", {one.time:%Y-%m-%d %H:%M:%S} UTC ({one.time_source})" if one.time else ""
    word = "good" if one.good else one.problem or "not good"
    return f"signed by {one.signer}{when}: {word}"


def _line(text: str) -> None:
    click.echo(one_line(text))


COMMANDS = (evidence,)
