"""The jobs that look through a large table and carry it out.

All of it is one transaction: people change places, posts name each other, and half a table brought
in is nothing that anybody could mend. A worker that dies leaves nothing; the next attempt begins
anew, and one whose commit had arrived gets its answer again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa

from engine import faults
from engine.actor import Actor
from engine.bus import Bus, Context
from engine.db import reading
from engine.errors import FieldError, Invalid, NotFound, Rejected, TooLarge, Unavailable
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput, Progress, untold
from office.people.commands.imports import APPLY, CHECK, NoteApplied, NoteChecked
from office.people.commands.transfers import ImportTable, Rehearsed
from office.people.models import import_part, table_import
from office.people.queries import actor_for
from office.people.transfer import states, tables
from office.people.transfer.planning import plan_of

_ROW = sa.select(table_import).where(
    table_import.c.agency_id == sa.bindparam("agency"), table_import.c.id == sa.bindparam("this")
)
_PARTS = (
    sa.select(import_part.c.content)
    .where(
        import_part.c.agency_id == sa.bindparam("agency"),
        import_part.c.import_id == sa.bindparam("this"),
    )
    .order_by(import_part.c.seq)
)

#: gives a job more time than usual
Longer = Callable[[], AbstractContextManager[None]]


def actions(bus: Callable[[], Bus], longer: Longer) -> list[Action]:
    """`bus` is asked for when a job runs: actions are made before the bus that holds them."""
    inputs = frozenset({"import_id"})

    def check(job: JobInput) -> JobOutput:
        with longer():
            return _work(bus(), job, states.CHECKING)

    def carry_out(job: JobInput) -> JobOutput:
        with longer():
            return _work(bus(), job, states.APPLYING)

    return [
        Action(CHECK, check, inputs=inputs, required=inputs, queue=BULK, drawn=False),
        Action(APPLY, carry_out, inputs=inputs, required=inputs, queue=BULK, drawn=False),
    ]


def _work(bus: Bus, job: JobInput, state: str) -> JobOutput:
    key = {"agency": job.agency_id, "this": UUID(str(job.payload["import_id"]))}
    with reading(bus.engine, job.agency_id) as db:
        row = db.execute(_ROW, key).one_or_none()
        if row is None or row.state != state:
            return JobOutput()
        content = b"".join(db.scalars(_PARTS, key))
    try:
        noted = _noted(bus, job, row, content)
    except Unavailable as away:
        raise JobFailed(away.message) from away
    faults.point("table_done")
    return JobOutput(effect=lambda ctx: _note(ctx, noted))


def _note(ctx: Context, noted: NoteChecked | NoteApplied) -> None:
    ctx.run(noted)


def _noted(bus: Bus, job: JobInput, row: Any, content: bytes) -> NoteChecked | NoteApplied:
    try:
        rows = tables.read(row.of_table, row.file_name, content)
        actor = _whose(bus, row)
        return _done(bus, actor, row, rows, _progress(bus, job))
    except Rehearsed as rehearsed:
        plan = plan_of(row.of_table, rehearsed.lines)
        return NoteChecked(row.id, plan, rehearsed.lines)
    except Unavailable:
        raise
    except TooLarge as large:
        return NoteChecked(row.id, mistakes=[FieldError("1.", large.message, "too_large")])
    except Invalid as wrong:
        return NoteChecked(row.id, mistakes=wrong.errors)
    except Rejected as refused:
        return NoteChecked(row.id, refused=refused.code)


def _done(
    bus: Bus, actor: Actor, row: Any, rows: list[tables.Row], progress: Progress
) -> NoteApplied:
    given = tuple((one.number, one.cells) for one in rows)
    if row.state == states.CHECKING:
        bus.execute(ImportTable(row.of_table, given, rehearsal=True, progress=progress), actor)
        raise AssertionError("Expected a rehearsal to be undone, but it was kept.")
    command = ImportTable(row.of_table, given, plan=row.plan, progress=progress)
    # under the plan's own name: however often this job is tried, it is carried out once
    return NoteApplied(row.id, bus.execute(command, actor, uuid5(row.id, row.plan)))


def _whose(bus: Bus, row: Any) -> Actor:
    """Who asked, with the rights that they have by now: nobody brings in what they may not."""
    with reading(bus.engine, row.agency_id) as db:
        if row.by_person is None:
            raise NotFound("Expected a person who asked for it, but it was none.")
        return actor_for(db, row.agency_id, row.by_person, bus.services.clock.now())


def _progress(bus: Bus, job: JobInput) -> Progress:
    """SQLite has one writer, which is the import: it is told when it is done."""
    return untold if bus.engine.dialect.name == "sqlite" else job.progress
