"""Proofs over stored rows: the history's hash chain, and the invariants that must always hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.archive import archived_instance
from engine.models.columns import AnyRow
from engine.models.history import genesis, history_event, link
from engine.models.incident import IS_OPEN, incident
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import IS_PENDING, job
from engine.models.task import CANDIDATE_LIVE, IS_LIVE, task, task_candidate
from engine.models.waiting import TOKEN, subscription, timer
from engine.queries import conservation, promises
from engine.queries.finding import Finding

_event, _instance = history_event.c, process_instance.c
_EVENTS = (
    sa.select(history_event)
    .where(_event.agency_id == sa.bindparam("agency"), _event.root_id == sa.bindparam("root"))
    .order_by(_event.seq)
)
_HEAD = sa.select(_instance.history_seq, _instance.history_hash).where(
    _instance.agency_id == sa.bindparam("agency"), _instance.id == sa.bindparam("root")
)
#: Where the chain of an archived case goes on: the events before are in its evidence file.
_ARCHIVED = sa.select(archived_instance.c.history_seq, archived_instance.c.history_hash).where(
    archived_instance.c.agency_id == sa.bindparam("agency"),
    archived_instance.c.id == sa.bindparam("root"),
)
_ROOTS = (
    sa.select(_instance.agency_id, _instance.id)
    .where(_instance.id == _instance.root_id)
    .order_by(_instance.agency_id, _instance.id)
)


def check_chain(db: Connection, agency_id: UUID, instance_id: UUID) -> Finding | None:
    """None when events 1..n are all there, chained, and end in the head on the instance's row.

    Of an archived case: those after its evidence, chained to it (the file is the api's to read).
    """
    key = {"agency": agency_id, "root": instance_id}
    head = db.execute(_HEAD, key).one()
    where = (str(agency_id), str(instance_id))
    buried = db.execute(_ARCHIVED, key).first()
    expected, hash_ = (0, genesis(agency_id, instance_id)) if buried is None else _end(buried)
    for event in db.execute(_EVENTS, key).mappings():
        expected += 1
        if event["seq"] != expected:
            return Finding("I1", *where, f"event {expected} is missing", expected)
        hash_ = link(hash_, dict(event))
        if bytes(event["hash"]) != hash_:
            return Finding("I2", *where, f"event {expected} is not as it was written", expected)
    if expected != head.history_seq:
        message = f"{head.history_seq} events were written, but {expected} are there"
        return Finding("I1", *where, message, min(expected, head.history_seq) + 1)
    if bytes(head.history_hash) != hash_:
        return Finding("I2", *where, "the head differs from the last event", expected)
    return None


def _end(buried: AnyRow) -> tuple[int, bytes]:
    return int(buried.history_seq), bytes(buried.history_hash)


def written(db: Connection, agency_id: UUID, instance_id: UUID) -> int:
    """How many events the chain of this root instance has."""
    head = db.execute(_HEAD, {"agency": agency_id, "root": instance_id}).one()
    return int(head.history_seq)


def roots(db: Connection) -> Iterator[tuple[UUID, UUID]]:
    """(agency, root instance) of every instance there is."""
    for row in db.execute(_ROOTS).all():
        yield row.agency_id, row.id


def _waits(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    # named by agency too: so its index is found, and no table is read anew for each instance
    ours = table.c.agency_id == _instance.agency_id, table.c.root_id == _instance.id
    return sa.exists().where(*ours, *conditions)


#: Everything that keeps an instance alive: a person, machine work, a moment, a message, a mend.
_SOMETHING = sa.or_(
    _waits(task, IS_LIVE),
    _waits(job, IS_PENDING),
    _waits(timer, timer.c.kind == TOKEN),
    _waits(subscription),
    _waits(incident, IS_OPEN),
)
_ENDED_TASK = sa.not_(IS_LIVE)
_endings = (
    sa.select(_event.task_id, sa.func.count().label("endings"))
    .where(_event.type.in_(["task.completed", "task.cancelled"]))
    .group_by(_event.task_id)
    .subquery()
)
#: Each answers (agency, instance) of what breaks the promise, with what is wrong.
_CHECKS: tuple[tuple[str, str, sa.Select[Any]], ...] = (
    (
        "I3",
        "a task has ended, but is still offered to candidates",
        sa.select(task.c.agency_id, task.c.root_id)
        .join(task_candidate, task_candidate.c.task_id == task.c.id)
        .where(_ENDED_TASK, CANDIDATE_LIVE)
        .distinct(),
    ),
    (
        "I3",
        "a task has ended, but not with exactly one event",
        sa.select(task.c.agency_id, task.c.root_id)
        .outerjoin(_endings, _endings.c.task_id == task.c.id)
        .where(_ENDED_TASK, sa.func.coalesce(_endings.c.endings, 0) != 1)
        .distinct(),
    ),
    (
        "I3",
        "a task is live, but has an event of its end",
        sa.select(task.c.agency_id, task.c.root_id)
        .join(_endings, _endings.c.task_id == task.c.id)
        .where(IS_LIVE)
        .distinct(),
    ),
    (
        "I4",
        "the instance is alive, but waits for nothing",
        sa.select(_instance.agency_id, _instance.id).where(
            _instance.id == _instance.root_id, IS_ALIVE, sa.not_(_SOMETHING)
        ),
    ),
    (
        "I4",
        "the instance has ended, but something still waits for it",
        sa.select(_instance.agency_id, _instance.id).where(
            _instance.id == _instance.root_id, sa.not_(IS_ALIVE), _SOMETHING
        ),
    ),
    (
        "I4",
        "the status of the instance and its open incidents differ",
        sa.select(_instance.agency_id, _instance.id).where(
            _instance.id == _instance.root_id,
            (_instance.status == "incident") != _waits(incident, IS_OPEN),
        ),
    ),
)


def findings(db: Connection) -> Iterator[Finding]:
    """Every broken promise in the whole database (`saraban audit verify`)."""
    broken = (check_chain(db, *root) for root in roots(db))
    return chain(
        (found for found in broken if found is not None),
        broken_rows(db),
        conservation.broken(db),
    )


def broken_rows(db: Connection) -> Iterator[Finding]:
    """Broken promises that the rows alone show, without reading history or states."""
    yield from promises.broken(db)
    for invariant, message, statement in _CHECKS:
        for row in db.execute(statement).all():
            yield _finding(invariant, message, row)


def _finding(invariant: str, message: str, row: AnyRow) -> Finding:
    agency_id, root_id = row
    return Finding(invariant, str(agency_id), str(root_id), message)
