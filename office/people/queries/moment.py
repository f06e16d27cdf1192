"""What "now" means in SQL: periods that cover a moment, absences, instruments in force.

All statements bind the moment as `at` and the agency as `agency`.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import UtcDateTime
from office.people.models import holding, instrument, leave, person

AT = sa.bindparam("at", type_=UtcDateTime)
AGENCY = sa.bindparam("agency", type_=sa.Uuid)


def now(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The row's period covers the moment."""
    return sa.and_(table.c.starts_at <= AT, sa.or_(table.c.ends_at.is_(None), table.c.ends_at > AT))


def state_of(table: sa.FromClause) -> sa.ColumnElement[str]:
    """coming, running or ended: where the moment stands to the row's period."""
    return sa.case(
        (table.c.ends_at <= table.c.starts_at, "ended"),  # it never begins
        (table.c.starts_at > AT, "coming"),
        (table.c.ends_at <= AT, "ended"),
        else_="running",
    )


def joined(table: sa.FromClause, column: str, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """The join that cannot leave the agency."""
    return sa.and_(table.c.agency_id == other.c.agency_id, table.c[column] == other.c.id)


def _away(holder: sa.FromClause) -> sa.ColumnElement[bool]:
    """The person is on leave at the moment."""
    return (
        sa.exists()
        .where(leave.c.agency_id == holder.c.agency_id, leave.c.person_id == holder.c.id)
        .where(leave.c.cancelled_at.is_(None), now(leave))
    )


def _held(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Somebody active holds the instrument's post at the moment, and `conditions` are true."""
    held = holding.alias("held")
    holder = person.alias("holder")
    return (
        sa.exists()
        .where(held.c.agency_id == instrument.c.agency_id)
        .where(held.c.position_id == instrument.c.position_id)
        .where(now(held), joined(held, "person_id", holder))
        .where(holder.c.active, *conditions)
        .where(sa.or_(sa.not_(_NEEDS_PRESENCE), sa.not_(_away(holder))))
        .correlate(instrument)
    )


#: An absent holder does not stop รักษาราชการแทน, but only a vacancy opens รักษาการในตำแหน่ง.
_NEEDS_PRESENCE = instrument.c.mode == "acting"

#: The instrument lends its post at the moment.
IN_FORCE = sa.and_(
    instrument.c.revoked_at.is_(None),
    now(instrument),
    sa.or_(instrument.c.mode == "delegated", sa.not_(_held())),
)
