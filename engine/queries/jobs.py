"""Jobs as operators see them, those at work and those that failed for good while something still
waits for them; and as the people see them who asked for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import process_instance
from engine.models.job import DEAD, IS_LEASED, job
from engine.queries.operations import RIGHTS, check_right
from engine.queries.page import Page, Window, by_id
from engine.queries.visibility import of_granted, processes_of

_COLUMNS = (
    job.c.id,
    job.c.instance_id,
    job.c.root_id.label("root_instance_id"),
    process_definition.c.key.label("definition_key"),
    process_instance.c.title,
    job.c.element_id,
    job.c.action,
    job.c.queue,
    job.c.state,
    job.c.attempt,
    job.c.max_attempts,
    job.c.last_error,
    job.c.due_at,
    job.c.created_at,
    job.c.ended_at,
    job.c.asked_by,
    job.c.progress_done,
    job.c.progress_total,
    job.c.progress_note,
    job.c.progress_at,
)
_IDS = ("id", "instance_id", "root_instance_id")


def _with_case(jobs: sa.FromClause) -> sa.Select[Any]:
    behind = jobs.outerjoin(process_instance, process_instance.c.id == job.c.instance_id).outerjoin(
        process_definition, process_definition.c.id == process_instance.c.definition_id
    )
    return sa.select(*_COLUMNS).select_from(behind).where(job.c.agency_id == sa.bindparam("agency"))


_ONE = _with_case(job).where(job.c.id == sa.bindparam("this"))
# Found through their open incidents, which have an index; the dead ones of cases that went on
# without them are nobody's to mend.
_DEAD = _with_case(incident.join(job, job.c.id == incident.c.job_id)).where(
    incident.c.agency_id == sa.bindparam("agency"), IS_OPEN, job.c.state == DEAD
)
_DEAD_GRANTED = _DEAD.where(of_granted(job.c.root_id))
_AT_WORK = _with_case(job).where(IS_LEASED)
_OWN = _with_case(job).where(job.c.asked_by.is_not(None), job.c.asked_by == sa.bindparam("who"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the attempt at hand has come, as it last told; `total` None: nobody knows.

    `note` names what was at hand.
    """

    done: int
    total: int | None
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class JobRow:
    id: str
    instance_id: str | None
    root_instance_id: str | None
    definition_key: str | None
    title: str | None
    element_id: str | None
    action: str
    queue: str
    #: waiting, leased, done, dead or cancelled
    state: str
    attempt: int
    max_attempts: int
    last_error: str | None
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None
    #: who asked for it and follows it
    asked_by: str | None
    #: None: it told nothing yet
    progress: Progress | None


def dead(
    db: Connection,
    actor: Actor,
    *,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[JobRow]:
    """Those that last died first: all for the right operate or audit, else those in cases of the
    processes that the actor administers.
    """
    window = Window(page, page_size, after)
    mine = demand_reach(db, actor, *RIGHTS).processes
    given: dict[str, Any] = {"agency": actor.agency_id, "granted": sorted(mine or ())}
    wanted = _DEAD if mine is None else _DEAD_GRANTED
    return by_id(db, "jobs", wanted, given, incident.c.id, window, _row)


def at_work(
    db: Connection,
    actor: Actor,
    *,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[JobRow]:
    """Those that workers have now, the newest first. Needs the right operate or audit."""
    check_right(actor)
    window, given = Window(page, page_size, after), {"agency": actor.agency_id}
    return by_id(db, "newest jobs", _AT_WORK, given, job.c.id, window, _row)


def own(
    db: Connection,
    actor: Actor,
    *,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[JobRow]:
    """Those that the actor asked for and follows, the newest first."""
    window = Window(page, page_size, after)
    given = {"agency": actor.agency_id, "who": actor.username}
    return by_id(db, "newest jobs", _OWN, given, job.c.id, window, _row)


def one(db: Connection, actor: Actor, job_id: UUID) -> JobRow:
    """A job in whatever state: for who asked for it, or administers the process of its case, else
    needs the right operate or audit.
    """
    row = db.execute(_ONE, {"agency": actor.agency_id, "this": job_id}).first()
    if row is None or row.asked_by != actor.username:
        mine = demand_reach(db, actor, *RIGHTS)
        if row is not None and mine.processes is not None:
            root = row.root_instance_id
            known = processes_of(db, actor.agency_id, [root] if root else [])
            mine.check(known.get(root))
    if row is None:
        raise NotFound(f"Expected the id of a job, but found none with {job_id}.")
    return _row(row)


def _row(row: AnyRow) -> JobRow:
    names = JobRow.__dataclass_fields__.keys() - {"progress"}
    kept: dict[str, Any] = {name: getattr(row, name) for name in names}
    kept["progress"] = _progress(row)
    for name in _IDS:
        kept[name] = None if kept[name] is None else str(kept[name])
    return JobRow(**kept)


def _progress(row: AnyRow) -> Progress | None:
    if row.progress_at is None:
        return None
    return Progress(row.progress_done, row.progress_total, row.progress_note, row.progress_at)
