"""Clearances: who may come to know secrets of the state, up to which degree and by whose order.

ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544: whoever comes to know a secret is appointed for
it. ลับที่สุด never goes through the e-saraban (ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ ฉบับที่ 4
พ.ศ. 2564 ข้อ 29), so nobody is cleared for it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, Forbidden
from office.people.commands.holdings import checked_period
from office.people.commands.rows import (
    add,
    change,
    check_text,
    code_of,
    find,
    find_id,
    having,
    invalid,
    zone,
)
from office.people.history import record
from office.people.models import clearance, person
from office.people.rights import demand
from office.people.rules import CLEARANCES, TOP_SECRET, Period, midnight

#: of an order's words, and of a reason's
LONGEST = 500


@dataclass(frozen=True, slots=True)
class GrantClearance:
    """Clear a person up to `level` (2 ลับ, 3 ลับมาก), both days included; no last day: until further
    notice. Right: people, and nobody clears themselves. Answer: {id}.
    """

    username: str
    level: int
    order_ref: str
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class WithdrawClearance:
    """The clearance ends now, or with its last day; one to come never begins. Right: people."""

    clearance_id: UUID
    reason: str = ""
    last_day: date | None = None


def grant_clearance(command: GrantClearance, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    _check_level(command.level)
    order_ref = _text(command.order_ref, "order_ref")
    who = find(ctx, person, command.username, lock=True)
    _refuse_own(ctx, who.id)
    if not who.active:
        raise Conflict("Expected a person who is here, but they have left.", code="inactive")
    period = _free(ctx, who.id, checked_period(command.first_day, command.last_day, ctx))
    clearance_id = add(
        ctx,
        clearance,
        person_id=who.id,
        level=command.level,
        order_ref=order_ref,
        granted_by=ctx.actor.username,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )
    record(
        ctx,
        "clearance.granted",
        who.id,
        username=who.username,
        clearance=command.level,
        order_ref=order_ref,
        first_day=command.first_day.isoformat(),
        last_day=command.last_day.isoformat() if command.last_day else None,
    )
    return {"id": str(clearance_id)}


def _check_level(level: int) -> None:
    if level == TOP_SECRET:
        raise invalid(
            "level",
            "Expected ลับ (2) or ลับมาก (3), but ลับที่สุด does not go through the e-saraban"
            " (ข้อ 29): nobody is cleared for it here.",
            "top_secret",
        )
    if level not in CLEARANCES:
        raise invalid("level", f"Expected ลับ (2) or ลับมาก (3), but got {level!r:.40}.")


def _text(value: str, path: str) -> str:
    text = check_text(value, path)
    if len(text) > LONGEST:
        message = f"Expected at most {LONGEST} characters, but got {len(text)}."
        raise invalid(path, message, "too_long")
    return text


def _refuse_own(ctx: Context, person_id: UUID) -> None:
    if person_id == ctx.actor.person_id:
        raise Forbidden(
            "Expected somebody else's clearance, but nobody clears themselves; ask another who"
            " keeps people.",
            code="own_clearance",
        )


def _free(ctx: Context, person_id: UUID, days: Period) -> Period:
    """The time asked for, from the end of what has ended in it. One clearance is in force at a
    moment, so that nobody need ask which of two counts.
    """
    rows = having(ctx, clearance, "person_id", person_id)
    others = [Period(row.starts_at, row.ends_at) for row in rows]
    ended = [one.ends_at for one in others if one.ends_at is not None and one.ends_at <= ctx.now]
    period = Period(max([days.starts_at, *ended]), days.ends_at)
    if period.ends_at is not None and period.ends_at <= period.starts_at:
        raise invalid("last_day", "Expected a later last day: until then another was in force.")
    if any(one.overlaps(period) for one in others):
        raise Conflict(
            "Expected a time without a clearance, but the person has one in it; withdraw that"
            " first.",
            code="cleared",
        )
    return period


def withdraw_clearance(command: WithdrawClearance, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find_id(ctx, clearance, command.clearance_id)
    if row.ends_at is not None and row.ends_at <= ctx.now:
        raise Conflict("Expected a clearance in force, but it has ended.", code="ended")
    reason = _text(command.reason, "reason") if command.reason.strip() else None
    change(ctx, clearance, row.id, {"ends_at": _end(command, row, ctx)})
    record(
        ctx,
        "clearance.withdrawn",
        row.person_id,
        username=code_of(ctx, person, row.person_id),
        clearance=row.level,
        order_ref=row.order_ref,
        last_day=command.last_day.isoformat() if command.last_day else None,
        reason=reason,
    )
    return {"id": str(row.id)}


def _end(command: WithdrawClearance, row: sa.Row[Any], ctx: Context) -> datetime:
    """Whoever has read has read: it ends now at the earliest, and never later than it would."""
    starts_at: datetime = row.starts_at
    if command.last_day is None:
        return max(ctx.now, starts_at)
    ends_at = midnight(command.last_day + timedelta(days=1), zone(ctx))
    if ends_at <= ctx.now:
        raise invalid("last_day", "Expected a last day from today on, but it is past.")
    if row.ends_at is not None and row.ends_at < ends_at:
        raise Conflict("Expected a clearance that lasts until then, but it ends before.",
                       code="ended")  # fmt: skip
    return max(ends_at, starts_at)


def end_clearances(ctx: Context, person_id: UUID) -> int:
    """Whoever leaves is cleared for nothing, nor when they come back. Answer: how many ended."""
    mine = sa.and_(
        clearance.c.agency_id == ctx.actor.agency_id,
        clearance.c.person_id == person_id,
        sa.or_(clearance.c.ends_at.is_(None), clearance.c.ends_at > ctx.now),
    )
    end = sa.case((clearance.c.starts_at > ctx.now, clearance.c.starts_at), else_=ctx.now)
    return ctx.db.execute(sa.update(clearance).where(mine).values(ends_at=end)).rowcount


HANDLERS: dict[type, Handler] = {
    GrantClearance: grant_clearance,
    WithdrawClearance: withdraw_clearance,
}
