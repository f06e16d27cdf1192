"""Instances that could migrate, and the batches that did: how far each is, and what became of
every instance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.models import migration as states
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import SIGHT, demand_reach, granted
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.migration import migration_batch, migration_fate
from engine.queries.page import Page, Window, by_id
from engine.queries.visibility import sees_all

#: Who may look at batches of all processes: those who may begin one, and those who keep or audit
#: what runs.
RIGHTS = ("deploy", "operate", "audit")
#: batches of one process that are told
MOST_BATCHES = 20

_batch, _fate, _definition = migration_batch.c, migration_fate.c, process_definition.c
_instance = process_instance.c
_AGENCY: sa.BindParameter[UUID] = sa.bindparam("agency", type_=sa.Uuid)
_source = process_definition.alias("source")
_BATCHES = (
    sa.select(
        migration_batch,
        _definition.version.label("target_version"),
        _source.c.version.label("source_version"),
    )
    .join(process_definition, _definition.id == _batch.target_definition_id)
    .outerjoin(_source, _source.c.id == _batch.source_definition_id)
    .where(_batch.agency_id == _AGENCY)
)
_ONE = _BATCHES.where(_batch.id == sa.bindparam("this", type_=sa.Uuid))
_OF_KEY = (
    _BATCHES.where(_batch.key == sa.bindparam("key")).order_by(_batch.id.desc()).limit(MOST_BATCHES)
)
_COUNTS = (
    sa.select(_fate.batch_id, _fate.outcome, sa.func.count().label("number"))
    .where(_fate.agency_id == _AGENCY, _fate.batch_id.in_(sa.bindparam("ids", expanding=True)))
    .group_by(_fate.batch_id, _fate.outcome)
)
_OF_BATCH = sa.and_(
    _fate.agency_id == _AGENCY, _fate.batch_id == sa.bindparam("this", type_=sa.Uuid)
)
_REASONS = (
    sa.select(_fate.code, _fate.element_id, sa.func.count().label("number"))
    .where(_OF_BATCH, _fate.outcome == states.REFUSED)
    .group_by(_fate.code, _fate.element_id)
    .order_by(sa.func.count().desc(), _fate.code, _fate.element_id)
)
_FATES = (
    sa.select(
        migration_fate,
        _definition.version.label("from_version"),
        _instance.title,
        _instance.business_key,
        _instance.status,
    )
    .outerjoin(process_definition, _definition.id == _fate.from_definition_id)
    .outerjoin(process_instance, _instance.id == _fate.root_id)
    .where(_OF_BATCH)
)
_RUNNING = (
    sa.select(
        _definition.id,
        _definition.version,
        _definition.withdrawn_at,
        sa.func.count().label("number"),
    )
    .join(process_instance, _instance.definition_id == _definition.id)
    .where(
        _definition.agency_id == _AGENCY,
        _definition.key == sa.bindparam("key"),
        _instance.agency_id == _AGENCY,
        _instance.id == _instance.root_id,
        IS_ALIVE,
    )
    .group_by(_definition.id, _definition.version, _definition.withdrawn_at)
    .order_by(_definition.version.desc())
)


@dataclass(frozen=True, slots=True)
class RunningVersion:
    """A version of a process in which instances run."""

    definition_id: str
    version: int
    withdrawn_at: datetime | None
    instances: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """`state`: checking, checked, migrating, migrated, undoing or undone; in those that end in
    -ing it is at work, `done` of `wanted` instances so far. `counts` are by outcome.
    """

    id: str
    key: str
    target_definition_id: str
    target_version: int
    source_definition_id: str | None
    source_version: int | None
    mapping: Mapping[str, str]
    state: str
    wanted: int
    done: int
    counts: Mapping[str, int]
    asked_by: str
    asked_at: datetime
    carried_by: str | None
    carried_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    settled_at: datetime | None

    @property
    def at_work(self) -> bool:
        return self.state in states.TODO


@dataclass(frozen=True, slots=True)
class Reason:
    """Why so many instances of a batch are refused; at which element of theirs first."""

    code: str | None
    element_id: str | None
    instances: int


@dataclass(frozen=True, slots=True)
class FateRow:
    """What became of one instance, or would. `title`, `business_key` and `message` only for who
    sees every case of the process: a message may quote what the case holds. `tokens`: [{element_id,
    target_element_id, outcome, changes, code}] of those that have something to say.
    """

    instance_id: str
    title: str
    business_key: str | None
    from_definition_id: str
    from_version: int | None
    #: waiting, possible, refused, failed, migrated, undone or stays
    outcome: str
    code: str | None
    element_id: str | None
    message: str | None
    tokens: Sequence[Mapping[str, Any]]


def running(db: Connection, agency_id: UUID, key: str) -> Sequence[RunningVersion]:
    """How many instances run in each version of a process, the newest version first."""
    rows = db.execute(_RUNNING, {"agency": agency_id, "key": key})
    return [RunningVersion(str(row.id), row.version, row.withdrawn_at, row.number) for row in rows]


def one(db: Connection, actor: Actor, batch_id: UUID) -> BatchRow:
    (found,) = _counted(db, actor, [_found(db, actor, batch_id)])
    return found


def _found(db: Connection, actor: Actor, batch_id: UUID) -> AnyRow:
    mine = demand_reach(db, actor, *RIGHTS)
    row = db.execute(_ONE, {"agency": actor.agency_id, "this": batch_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of a migration, but found none with {batch_id}.")
    mine.check(row.key)
    return row


def of_process(db: Connection, actor: Actor, key: str) -> Sequence[BatchRow]:
    """The newest first, at most MOST_BATCHES."""
    demand_reach(db, actor, *RIGHTS).check(key)
    rows = db.execute(_OF_KEY, {"agency": actor.agency_id, "key": key}).all()
    return _counted(db, actor, rows)


def _counted(db: Connection, actor: Actor, rows: Sequence[AnyRow]) -> list[BatchRow]:
    counts: dict[UUID, dict[str, int]] = {row.id: {} for row in rows}
    given = {"agency": actor.agency_id, "ids": list(counts)}
    for each in db.execute(_COUNTS, given):
        counts[each.batch_id][each.outcome] = each.number
    return [_row(row, counts[row.id]) for row in rows]


def _row(row: AnyRow, counts: Mapping[str, int]) -> BatchRow:
    found = row._asdict()
    left = counts.get(states.TODO.get(row.state, ""), 0)
    found |= {"done": row.wanted - left, "counts": counts}
    kept = {name: found[name] for name in BatchRow.__dataclass_fields__}
    for name in ("id", "target_definition_id", "source_definition_id"):
        kept[name] = None if kept[name] is None else str(kept[name])
    return BatchRow(**kept)


def reasons(db: Connection, actor: Actor, batch_id: UUID) -> Sequence[Reason]:
    """Why instances of a batch are refused, the most frequent first."""
    _found(db, actor, batch_id)
    rows = db.execute(_REASONS, {"agency": actor.agency_id, "this": batch_id})
    return [Reason(row.code, row.element_id, row.number) for row in rows]


def fates(
    db: Connection,
    actor: Actor,
    batch_id: UUID,
    *,
    outcome: str | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[FateRow]:
    """The instances of a batch, those that began first first."""
    window = Window(page, page_size, after)
    batch = _found(db, actor, batch_id)
    given: dict[str, Any] = {"agency": actor.agency_id, "this": batch_id, "outcome": outcome}
    wanted = _FATES if outcome is None else _FATES.where(_fate.outcome == sa.bindparam("outcome"))
    seen = sees_all(actor) or batch.key in granted(db, actor, *SIGHT)
    shape = partial(_fate_row, seen=seen)
    return by_id(db, "fates", wanted, given, _fate.root_id, window, shape, oldest_first=True)


def _fate_row(row: AnyRow, *, seen: bool) -> FateRow:
    return FateRow(
        str(row.root_id),
        (row.title or "") if seen else "",
        row.business_key if seen else None,
        str(row.from_definition_id),
        row.from_version,
        row.outcome,
        row.code,
        row.element_id,
        row.message if seen else None,
        row.tokens,
    )
