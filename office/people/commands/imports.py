"""Tables too large for one request: kept, looked through by a job, confirmed, carried out by one.

A file waits in the database, in parts, so that it is fenced, backed up and gone with its row. Each
step is a state; what a job has found is written with its report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.jobs import want_job
from engine.errors import Conflict, FieldError, NotFound, TooLarge
from engine.ids import new_id
from engine.ports import BULK
from office.people.commands.lines import Line
from office.people.history import record
from office.people.models import import_part, table_import
from office.people.rights import demand
from office.people.transfer import states
from office.people.transfer.columns import TABLES
from office.people.transfer.tables import MOST_BYTES

CHECK, APPLY = "people.check_table", "people.apply_table"
#: bytes of a file in one row
PART = 1_000_000
#: of the rows that add or change something, so many are shown
MOST_SHOWN = 500
#: how long a file waits to be confirmed
KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class BringTable:
    """Keep a file and have it looked through; nothing changes. Right: people. Answer: {id}."""

    table: str
    file_name: str
    sha256: str
    content: bytes = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ApplyTable:
    """Carry out what was shown: `plan` names it (Conflict changed_since, where it is another).
    Right: people.
    """

    import_id: UUID
    plan: str


@dataclass(frozen=True, slots=True)
class DropTable:
    """Let go of a file that was looked through. Right: people."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class NoteChecked:
    """What a job found: what would be done, or the mistakes, or why not at all (a code)."""

    import_id: UUID
    plan: str | None = None
    lines: Sequence[Line] = ()
    mistakes: Sequence[FieldError] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class NoteApplied:
    """The table was carried out: {added, changed, left}."""

    import_id: UUID
    counts: Mapping[str, int]


def bring_table(command: BringTable, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    if command.table not in TABLES:
        raise NotFound(f"Expected one of {', '.join(TABLES)}, but got {command.table!r:.40}.")
    if len(command.content) > MOST_BYTES:
        raise TooLarge(f"Expected at most {MOST_BYTES:,} bytes, but got {len(command.content):,}.")
    _forget_old(ctx)
    import_id = new_id()
    row = {
        "agency_id": ctx.actor.agency_id,
        "id": import_id,
        "of_table": command.table,
        "file_name": command.file_name[:200],
        "sha256": command.sha256,
        "state": states.CHECKING,
        "by_person": ctx.actor.person_id,
        "asked_by": ctx.actor.username,
        "asked_at": ctx.now,
        "job_id": _want(ctx, CHECK, import_id),
    }
    ctx.db.execute(sa.insert(table_import), row)
    parts = [{"agency_id": ctx.actor.agency_id, "import_id": import_id, "seq": seq, "content": part}
             for seq, part in enumerate(_parts(command.content))]  # fmt: skip
    ctx.db.execute(sa.insert(import_part), parts)
    _record(ctx, "table.brought", command.table, command.sha256)
    return {"id": str(import_id)}


def _record(ctx: Context, event: str, table: str, sha256: str) -> None:
    record(ctx, event, ctx.actor.agency_id, table=table, sha256=sha256)


def _parts(content: bytes) -> Iterator[bytes]:
    for start in range(0, max(len(content), 1), PART):
        yield content[start : start + PART]


def _want(ctx: Context, action: str, import_id: UUID) -> UUID:
    return want_job(ctx, action, {"import_id": str(import_id)}, queue=BULK)


def _forget_old(ctx: Context) -> None:
    """Files that nobody confirmed are not kept for ever."""
    old = sa.select(table_import.c.id).where(
        table_import.c.agency_id == ctx.actor.agency_id,
        table_import.c.asked_at < ctx.now - KEPT,
        table_import.c.state.in_((states.CHECKING, states.READY)),
    )
    for import_id in ctx.db.scalars(old).all():
        _settle(ctx, import_id, state=states.DROPPED, lines=None)


def _held(ctx: Context, import_id: UUID) -> sa.Row[Any]:
    found = sa.select(table_import).where(
        table_import.c.agency_id == ctx.actor.agency_id, table_import.c.id == import_id
    )
    row = ctx.db.execute(found.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("Expected an import of this agency, but found none with this id.")
    return row


def _settle(ctx: Context, import_id: UUID, **values: Any) -> None:
    """Write what it has come to; where it ends, its file goes."""
    ctx.db.execute(
        sa.update(table_import)
        .where(table_import.c.agency_id == ctx.actor.agency_id, table_import.c.id == import_id)
        .values(**values)
    )
    if values["state"] in states.ENDED:
        ctx.db.execute(
            sa.delete(import_part).where(
                import_part.c.agency_id == ctx.actor.agency_id,
                import_part.c.import_id == import_id,
            )
        )


def apply_table(command: ApplyTable, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = _held(ctx, command.import_id)
    if row.state != states.READY or row.plan != command.plan:
        raise Conflict(
            "Expected what was shown to be what is there, but it is another by now; look at it"
            " again.",
            code="changed_since",
        )
    _settle(
        ctx,
        row.id,
        state=states.APPLYING,
        refused=None,
        by_person=ctx.actor.person_id,
        asked_by=ctx.actor.username,
        job_id=_want(ctx, APPLY, row.id),
    )
    _record(ctx, "table.confirmed", row.of_table, row.sha256)
    return {"id": str(row.id)}


def drop_table(command: DropTable, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = _held(ctx, command.import_id)
    if row.state == states.APPLYING:
        raise Conflict("Expected a file that waits, but it is being carried out.", code="at_work")
    if row.state not in states.ENDED:
        _settle(ctx, row.id, state=states.DROPPED, lines=None)
        _record(ctx, "table.dropped", row.of_table, row.sha256)
    return {"id": str(row.id)}


def note_checked(command: NoteChecked, ctx: Context) -> Answer:
    """Of a job alone. What changed between a look and the deed is looked at again, and told."""
    row = _held(ctx, command.import_id)
    if row.state not in states.AT_WORK:
        return {}
    if command.refused == states.CHANGED:
        job_id = _want(ctx, CHECK, row.id)
        _settle(ctx, row.id, state=states.CHECKING, refused=command.refused, job_id=job_id)
    elif command.refused or command.mistakes:
        mistakes = [asdict(error) for error in command.mistakes]
        _settle(
            ctx,
            row.id,
            state=states.REFUSED,
            refused=command.refused,
            mistakes=mistakes,
            lines=None,
        )
    else:
        _ready(ctx, row, command)
    return {}


def _ready(ctx: Context, row: sa.Row[Any], command: NoteChecked) -> None:
    counts = dict.fromkeys(("add", "change", "leave"), 0)
    for line in command.lines:
        counts[line.verb] += 1
    shown = [line for line in command.lines if line.verb != "leave"]
    _settle(
        ctx,
        row.id,
        state=states.READY if shown else states.UNCHANGED,
        plan=command.plan,
        counts=counts,
        ends=sum(line.ends for line in command.lines),
        lines=[[line.number, line.code, line.verb, line.changes] for line in shown[:MOST_SHOWN]],
    )


def note_applied(command: NoteApplied, ctx: Context) -> Answer:
    row = _held(ctx, command.import_id)
    if row.state == states.APPLYING:
        done = command.counts
        counts = {"add": done["added"], "change": done["changed"], "leave": done["left"]}
        _settle(ctx, row.id, state=states.APPLIED, counts=counts, lines=None, settled_at=ctx.now)
    return {}


HANDLERS: dict[type, Handler] = {
    BringTable: bring_table,
    ApplyTable: apply_table,
    DropTable: drop_table,
    NoteChecked: note_checked,
    NoteApplied: note_applied,
}
