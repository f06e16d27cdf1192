"""Archived files whose time has come, the lists of those that are asked about, and who said so."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.db import UtcDateTime
from engine.models.archive import (
    CONDEMNED,
    LISTED,
    archived_instance,
    destruction_item,
)
from engine.models.archive import destruction as destruction_table
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.history import history_event, process_of
from engine.models.instance import ALIVE, process_instance
from engine.queries.archive import in_force, policies

#: The process in which a committee and its head decide, its steps, and the answer that approves.
PROCESS, APPROVED = "records-destruction", "approve"
APPOINT, CONSIDER, APPROVE, ARCHIVES = "appoint", "consider", "approve", "national_archives"
#: What a case's history says of the destruction of its file.
EVENT = "case.destroyed"
#: What the destruction's own history says of its list, and of each file that went.
LIST_MADE, CARRIED_OUT = "destruction.listed", "destruction.carried_out"
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
        _item.ordinal, _item.case_id, _item.fate, _item.spared_by, _item.shown,
        _stone.definition_name,
        _instance.title, _instance.ended_at, _stone.evidence_sha256, _stone.stored_sha256,
        _stone.destroyed_at,
    )
    .join(archived_instance, _stone.id == _item.case_id)
    .join(process_instance, _instance.id == _item.case_id)
    .where(_item.agency_id == _AGENCY, _item.destruction_id == _THIS)
    .order_by(_item.ordinal)
)  # fmt: skip
_ASKED = sa.select(destruction_table).where(
    destruction_table.c.agency_id == _AGENCY, destruction_table.c.id == _THIS
)
_SAID = (
    sa.select(
        history_event.c.seq, history_event.c.element_id, history_event.c.actor, history_event.c.at,
        history_event.c.on_behalf_of, history_event.c.instrument_id, history_event.c.data,
    )
    .where(
        history_event.c.agency_id == _AGENCY,
        history_event.c.root_id == _THIS,
        process_of == _THIS,
        history_event.c.type == "task.completed",
    )
    .order_by(history_event.c.seq)
)  # fmt: skip
_LIST_HASH = sa.select(history_event.c.data).where(
    history_event.c.agency_id == _AGENCY,
    history_event.c.root_id == _THIS,
    history_event.c.type == LIST_MADE,
)
_RUNS = sa.select(_instance.definition_id, _instance.variables).where(
    _instance.agency_id == _AGENCY, _instance.id == _THIS
)
_ROUTE = (
    sa.select(process_definition.c.id, process_definition.c.version)
    .where(
        process_definition.c.agency_id == _AGENCY,
        process_definition.c.key == PROCESS,
        process_definition.c.bundle_sha.in_(sa.bindparam("forms", expanding=True)),
        process_definition.c.withdrawn_at.is_(None),
    )
    .order_by(process_definition.c.version.desc())
    .limit(1)
)
_ANY_ROUTE = sa.select(process_definition.c.id).where(
    process_definition.c.agency_id == _AGENCY, process_definition.c.key == PROCESS
)
_RUNNING = (
    sa.select(destruction_table.c.id)
    .join(process_instance, _instance.id == destruction_table.c.id)
    .where(destruction_table.c.agency_id == _AGENCY, _instance.status.in_(ALIVE))
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
    shown: str
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
class Word:
    """What somebody said in a step of the route, as its history has it."""

    seq: int
    step: str
    by: str
    at: datetime
    on_behalf_of: str | None
    instrument_id: UUID | None
    outcome: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A destruction as it was asked for. `committee`: sign-in names, the chair first."""

    id: UUID
    agency_id: UUID
    definition_id: UUID
    asker: str
    approver: str
    committee: Sequence[str]
    spare_years: int
    asked_at: datetime


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


def asked(db: Connection, agency_id: UUID, destruction_id: UUID) -> Asked | None:
    """None: nobody with the right asked for it, whatever process it is."""
    row = db.execute(_ASKED, {"agency": agency_id, "this": destruction_id}).first()
    return None if row is None else Asked(**row._mapping)  # noqa: SLF001 - public name


def words(db: Connection, agency_id: UUID, destruction_id: UUID) -> Sequence[Word]:
    """All that people said in its steps, in order. Empty once its own case is archived."""
    return [_word(*row) for row in db.execute(_SAID, {"agency": agency_id, "this": destruction_id})]


def _word(
    seq: int, step: str, by: str, at: datetime, behalf: str | None, order: UUID | None, data: str
) -> Word:
    said: dict[str, Any] = jsonio.loads(data)
    return Word(seq, step, by, at, behalf, order, said.get("outcome"), said.get("variables", {}))


def last(said: Sequence[Word], step: str) -> Word | None:
    return next((one for one in reversed(said) if one.step == step), None)


def votes(said: Sequence[Word]) -> Sequence[Word]:
    """Those of the round that counts: the head may have asked the committee again."""
    again = [one.seq for one in said if one.step == APPROVE and one.outcome != APPROVED]
    since = max(again, default=0)
    return [one for one in said if one.step == CONSIDER and one.seq > since]


def list_hash(lines: Sequence[Item]) -> str:
    """What stands for a list: numbers, cases, their evidence, and the lines that people read."""
    told = [[one.ordinal, str(one.case_id), one.evidence_sha256, one.shown] for one in lines]
    return hashlib.sha256(jsonio.canonical(told)).hexdigest()


def vouched(db: Connection, agency_id: UUID, destruction_id: UUID) -> str | None:
    """The hash of its list that its history has."""
    data = db.execute(_LIST_HASH, {"agency": agency_id, "this": destruction_id}).scalar()
    return None if data is None else jsonio.loads(data).get("sha256")


def runs(db: Connection, agency_id: UUID, destruction_id: UUID) -> AnyRow | None:
    """(definition_id, variables) of its instance."""
    return db.execute(_RUNS, {"agency": agency_id, "this": destruction_id}).first()


def route(db: Connection, agency_id: UUID, forms: Collection[str]) -> AnyRow | None:
    """(id, version) of the newest version of the process that has one of these bundle hashes."""
    return db.execute(_ROUTE, {"agency": agency_id, "forms": list(forms)}).first()


def is_deployed(db: Connection, agency_id: UUID) -> bool:
    """Whether the agency has the process in whatever form."""
    return db.execute(_ANY_ROUTE, {"agency": agency_id}).first() is not None


def running(db: Connection, agency_id: UUID) -> UUID | None:
    """The destruction that is being decided now."""
    found: UUID | None = db.execute(_RUNNING, {"agency": agency_id}).scalar()
    return found
