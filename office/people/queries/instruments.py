"""Orders by which people act for posts, and leaves: what the administration page lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from office.people.models import instrument, leave, person, position
from office.people.queries.moment import AGENCY, AT, IN_FORCE, joined


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    id: UUID
    mode: str
    username: str
    name: str
    position_code: str
    position_name: str
    order_ref: str
    order_date: date
    kinds: Sequence[str]
    subjects: Sequence[str]
    starts_at: datetime
    ends_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str | None
    #: the post is lent at the moment asked about
    in_force: bool
    #: coming, running, ended or revoked: where the moment stands to the period alone
    state: str


_STATE = sa.case(
    (instrument.c.revoked_at.is_not(None), "revoked"),
    (instrument.c.starts_at > AT, "coming"),
    (instrument.c.ends_at <= AT, "ended"),
    else_="running",
)
_INSTRUMENTS = (
    sa.select(
        instrument.c.id,
        instrument.c.mode,
        person.c.username,
        person.c.name,
        position.c.code,
        position.c.name,
        instrument.c.order_ref,
        instrument.c.order_date,
        instrument.c.kinds,
        instrument.c.subjects,
        instrument.c.starts_at,
        instrument.c.ends_at,
        instrument.c.revoked_at,
        instrument.c.revoked_reason,
        sa.case((IN_FORCE, sa.true()), else_=sa.false()),
        _STATE,
    )
    .join_from(instrument, person, joined(instrument, "person_id", person))
    .join(position, joined(instrument, "position_id", position))
    .where(instrument.c.agency_id == AGENCY)
    .order_by(instrument.c.starts_at.desc(), instrument.c.id)
)


def instruments(db: Connection, agency_id: UUID, at: datetime) -> tuple[InstrumentRow, ...]:
    """Every order there has been, newest first."""
    rows: Iterable[Any] = db.execute(_INSTRUMENTS, {"agency": agency_id, "at": at})
    return tuple(InstrumentRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class LeaveRow:
    id: UUID
    username: str
    name: str
    kind: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    #: ids of the orders that were recorded with it
    orders: Sequence[str]


_ALL_LEAVES = (
    sa.select(
        leave.c.id,
        person.c.username,
        person.c.name,
        leave.c.kind,
        leave.c.reason,
        leave.c.starts_at,
        leave.c.ends_at,
        leave.c.cancelled_at,
        leave.c.orders,
    )
    .join_from(leave, person, joined(leave, "person_id", person))
    .where(leave.c.agency_id == AGENCY)
    .order_by(leave.c.starts_at, leave.c.id)
)
_LEAVES = _ALL_LEAVES.where(leave.c.ends_at > AT)
_LEAVES_OF = _ALL_LEAVES.where(person.c.username == sa.bindparam("username"))


def leaves(db: Connection, agency_id: UUID, since: datetime) -> tuple[LeaveRow, ...]:
    """Leaves that end after `since`, by their beginning; cancelled ones are there, marked."""
    return tuple(LeaveRow(*row) for row in db.execute(_LEAVES, {"agency": agency_id, "at": since}))


def leaves_of(db: Connection, agency_id: UUID, username: str) -> tuple[LeaveRow, ...]:
    """Every leave of one person, by its beginning."""
    binds = {"agency": agency_id, "username": username}
    return tuple(LeaveRow(*row) for row in db.execute(_LEAVES_OF, binds))


def standing_in(
    rows: Iterable[InstrumentRow], posts: Iterable[str], since: datetime, until: datetime
) -> list[InstrumentRow]:
    """The orders among `rows` that lend one of these posts at some time of the period."""
    wanted = set(posts)
    return [row for row in rows if row.position_code in wanted and _touches(row, since, until)]


def lent_to(
    rows: Iterable[InstrumentRow], username: str, since: datetime, until: datetime
) -> list[InstrumentRow]:
    """The orders among `rows` by which this person acts for a post at some time of the period."""
    return [row for row in rows if row.username == username and _touches(row, since, until)]


def _touches(row: InstrumentRow, since: datetime, until: datetime) -> bool:
    return (
        row.revoked_at is None
        and row.starts_at < until
        and (row.ends_at is None or row.ends_at > since)
    )


def absences(order: InstrumentRow, leaves: Iterable[LeaveRow]) -> list[LeaveRow]:
    """The leaves during which whoever acts by this order is away too: nobody does the work then."""
    return [
        away
        for away in leaves
        if away.username == order.username
        and away.cancelled_at is None
        and _touches(order, away.starts_at, away.ends_at)
    ]
