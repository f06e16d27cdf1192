"""Archived files whose time has come, the lists of those that are asked about, and who said so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.db import UtcDateTime
from engine.models.archive import CONDEMNED, LISTED, archived_instance, destruction_item
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.history import history_event
from engine.models.instance import ALIVE, IS_ALIVE, process_instance
from engine.models.task import COMPLETED, task
from engine.queries.archive import in_force, policies
from engine.queries.finding import Finding

#: The process in which a committee and its head decide, and the step and answer that approve.
PROCESS, APPROVE, APPROVED = "records-destruction", "approve", "approve"
#: What a case's history says of the destruction of its file.
EVENT = "case.destroyed"
#: Files on one list: as many as people can look through.
MOST_LISTED = 100

_stone, _instance, _item = archived_instance.c, process_instance.c, destruction_item.c
_AGENCY, _THIS = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("this", type_=sa.Uuid)
_NOW = sa.bindparam("now", type_=UtcDateTime)
_DUE = (
    sa.select(
        _stone.id, _stone.definition_name, _instance.title, _instance.business_key,
        _instance.ended_at, _stone.evidence_sha256, _stone.stored_sha256,
    )
    .join(process_instance, _instance.id == _stone.id)
    .where(
        _stone.agency_id == _AGENCY,
        _stone.destroyed_at.is_(None),
        _stone.held_at.is_(None),
        sa.or_(_stone.keep_until.is_(None), _stone.keep_until <= _NOW),
    )
)  # fmt: skip
_ITEMS = (
    sa.select(
        _item.ordinal, _item.case_id, _item.fate, _item.spared_by, _stone.definition_name,
        _instance.title, _instance.ended_at, _stone.evidence_sha256, _stone.stored_sha256,
        _stone.destroyed_at,
    )
    .join(archived_instance, _stone.id == _item.case_id)
    .join(process_instance, _instance.id == _item.case_id)
    .where(_item.agency_id == _AGENCY, _item.destruction_id == _THIS)
    .order_by(_item.ordinal)
)  # fmt: skip
_APPROVAL = (
    sa.select(task.c.completed_by, task.c.on_behalf_of, task.c.ended_at, task.c.outcome)
    .join(process_instance, _instance.id == task.c.instance_id)
    .join(process_definition, process_definition.c.id == _instance.definition_id)
    .where(
        task.c.agency_id == _AGENCY,
        task.c.root_id == _THIS,
        task.c.instance_id == _THIS,
        task.c.element_id == APPROVE,
        task.c.state == COMPLETED,
        process_definition.c.key == PROCESS,
        IS_ALIVE,
    )
    .order_by(task.c.id.desc())
    .limit(1)
)
_RUNNING = (
    sa.select(_instance.id)
    .join(process_definition, process_definition.c.id == _instance.definition_id)
    .where(
        _instance.agency_id == _AGENCY,
        _instance.status.in_(ALIVE),
        process_definition.c.key == PROCESS,
    )
    .limit(1)
)
_GONE = (
    sa.select(archived_instance, _instance.status.label("decided"))
    .outerjoin(process_instance, _instance.id == _stone.destruction_id)
    .where(_stone.destroyed_at.is_not(None))
    .order_by(_stone.agency_id, _stone.id)
)
_TOLD = (
    sa.select(history_event.c.data)
    .where(
        history_event.c.agency_id == _AGENCY,
        history_event.c.root_id == _THIS,
        history_event.c.type == EVENT,
    )
    .order_by(history_event.c.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class DueFile:
    """An archived case that its policy lets go by now, and nothing holds."""

    id: UUID
    definition_name: str
    title: str
    business_key: str | None
    ended_at: datetime
    evidence_sha256: str
    stored_sha256: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list of a destruction. `fate`: listed, condemned, spared, destroyed or kept
    (held, or given more time, since it was condemned). `spared_by`: who would keep it.
    """

    ordinal: int
    case_id: UUID
    fate: str
    spared_by: Sequence[str]
    definition_name: str
    title: str
    ended_at: datetime
    evidence_sha256: str
    stored_sha256: str
    destroyed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.fate in (LISTED, CONDEMNED)


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    on_behalf_of: str | None
    at: datetime


def due(
    db: Connection, agency_id: UUID, now: datetime, *, limit: int = MOST_LISTED
) -> Sequence[DueFile]:
    """Those that ended longest ago first: in this order electronic papers go."""
    limits = _limits(db, agency_id, now)
    if not limits:
        return ()
    wanted = _DUE.where(_past(limits)).order_by(_instance.ended_at, _stone.id).limit(limit)
    rows = db.execute(wanted, {"agency": agency_id, "now": now})
    return [DueFile(*row) for row in rows]


def is_due(db: Connection, agency_id: UUID, case_id: UUID, now: datetime) -> bool:
    """Whether it may be destroyed now: not held, not spared until later, past its term."""
    limits = _limits(db, agency_id, now)
    if not limits:
        return False
    wanted = _DUE.where(_past(limits), _stone.id == _THIS)
    return (
        db.execute(wanted, {"agency": agency_id, "now": now, "this": case_id}).first() is not None
    )


def _limits(db: Connection, agency_id: UUID, now: datetime) -> dict[str | None, datetime | None]:
    """Before when a case of a process must have ended; None: its file stays. Empty: all do."""
    found = {
        key: None if rule.destroy_years is None else years_after(now, -rule.destroy_years)
        for key, rule in in_force(policies(db, agency_id)).items()
    }
    return found if any(found.values()) else {}


def years_after(moment: datetime, years: int) -> datetime:
    """The same day of another year; of 29 February the day before."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def _past(limits: dict[str | None, datetime | None]) -> sa.ColumnElement[bool]:
    own = [key for key in limits if key is not None]
    return sa.or_(
        *(
            sa.and_(
                _stone.definition_key.not_in(own) if key is None else _stone.definition_key == key,
                _instance.ended_at < before,
            )
            for key, before in limits.items()
            if before is not None
        )
    )


def items(db: Connection, agency_id: UUID, destruction_id: UUID) -> Sequence[Item]:
    """The list of one destruction, by its numbers."""
    rows = db.execute(_ITEMS, {"agency": agency_id, "this": destruction_id})
    return [Item(**row._mapping) for row in rows]  # noqa: SLF001 - public name


def approval(db: Connection, agency_id: UUID, destruction_id: UUID) -> Approval | None:
    """Who approved the destruction, while its process runs. None: nobody, or their last word was
    another.
    """
    row = db.execute(_APPROVAL, {"agency": agency_id, "this": destruction_id}).first()
    if row is None or row.outcome != APPROVED:
        return None
    return Approval(row.completed_by, row.on_behalf_of, row.ended_at)


def running(db: Connection, agency_id: UUID) -> UUID | None:
    """The destruction that is being decided now."""
    found: UUID | None = db.execute(_RUNNING, {"agency": agency_id}).scalar()
    return found


def destroyed(db: Connection) -> Iterator[AnyRow]:
    """Tombstones of the house whose files are gone, with the status of the case that decided."""
    yield from db.execute(_GONE)


def broken(db: Connection) -> Iterator[Finding]:
    """Destroyed cases whose own history does not say so, or says it otherwise (I2)."""
    for row in destroyed(db):
        wrong = _untold(db, row)
        if wrong is not None:
            yield Finding("I2", str(row.agency_id), str(row.id), wrong)


def _untold(db: Connection, row: AnyRow) -> str | None:
    given = {"agency": row.agency_id, "this": row.id}
    data = db.execute(_TOLD, given).scalar()
    if data is None:
        return "the archived evidence was destroyed, but history does not say so"
    told: dict[str, Any] = jsonio.loads(data)
    stands = {
        "evidence_sha256": row.evidence_sha256,
        "seal": row.seal,
        "approved_by": row.approved_by,
        "destruction": str(row.destruction_id),
    }
    differ = [name for name, value in stands.items() if told.get(name) != value]
    return f"the tombstone and history differ in {', '.join(differ)}" if differ else None
