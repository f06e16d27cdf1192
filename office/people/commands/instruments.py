"""Orders by which someone acts for a post: recorded with their reference, revoked with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from office.people import rules
from office.people.commands.holdings import checked_period
from office.people.commands.rows import (
    add,
    change,
    check_choice,
    check_text,
    find,
    find_id,
    invalid,
)
from office.people.history import record
from office.people.models import holding, instrument, person, position
from office.people.rights import demand
from office.people.rules import Period


@dataclass(frozen=True, slots=True)
class RecordInstrument:
    """`username` acts for `position` by an order. `kinds` and `subjects` bound a delegation."""

    mode: str
    username: str
    position: str
    order_ref: str
    order_date: date
    first_day: date
    last_day: date | None = None
    kinds: Sequence[str] = ()
    subjects: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RevokeInstrument:
    """The order no longer holds, from now on. What was signed under it stands."""

    instrument_id: UUID
    reason: str


def record_instrument(command: RecordInstrument, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    check_choice(command.mode, rules.MODES, "mode")
    order_ref = check_text(command.order_ref, "order_ref")
    who = find(ctx, person, command.username)
    post = find(ctx, position, command.position, lock=True)
    period = checked_period(command.first_day, command.last_day, ctx)
    _check(ctx, command, who, post, period)
    instrument_id = add(
        ctx,
        instrument,
        mode=command.mode,
        person_id=who.id,
        position_id=post.id,
        order_ref=order_ref,
        order_date=command.order_date,
        kinds=list(command.kinds),
        subjects=list(command.subjects),
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )
    record(
        ctx,
        "instrument.recorded",
        instrument_id,
        mode=command.mode,
        username=command.username,
        position=command.position,
        order_ref=order_ref,
        kinds=list(command.kinds) or None,
        subjects=list(command.subjects) or None,
        first_day=command.first_day.isoformat(),
        last_day=None if command.last_day is None else command.last_day.isoformat(),
    )
    return {"id": str(instrument_id)}


def _check(
    ctx: Context,
    command: RecordInstrument,
    who: sa.Row[Any],
    post: sa.Row[Any],
    period: Period,
) -> None:
    if (command.kinds or command.subjects) and command.mode != "delegated":
        raise invalid("kinds", "Expected no limits: only a delegation has them.", "full_powers")
    if command.order_date > command.first_day and command.mode != "acting":
        raise invalid("order_date", "Expected an order dated no later than its first day.")
    if not (who.active and post.active):
        raise Conflict("Expected an active person and post, but one is closed.", code="inactive")
    if _holds(ctx, who.id, post.id, period):
        raise Conflict(
            "Expected someone else to act, but this person holds the post then.", code="own_post"
        )
    _refuse_rival(ctx, command.mode, post.id, period)


def _holds(ctx: Context, person_id: UUID, position_id: UUID, period: Period) -> bool:
    rows = ctx.db.execute(
        sa.select(holding.c.starts_at, holding.c.ends_at)
        .where(holding.c.agency_id == ctx.actor.agency_id)
        .where(holding.c.person_id == person_id, holding.c.position_id == position_id)
    )
    return any(Period(row.starts_at, row.ends_at).overlaps(period) for row in rows)


def _refuse_rival(ctx: Context, mode: str, position_id: UUID, period: Period) -> None:
    """Full powers of one post cannot lie with two people at once; delegations may."""
    if mode == "delegated":
        return
    rows = ctx.db.execute(
        sa.select(instrument.c.starts_at, instrument.c.ends_at, instrument.c.order_ref)
        .where(instrument.c.agency_id == ctx.actor.agency_id)
        .where(instrument.c.position_id == position_id, instrument.c.mode == mode)
        .where(instrument.c.revoked_at.is_(None))
    )
    for row in rows:
        if Period(row.starts_at, row.ends_at).overlaps(period):
            raise Conflict(
                f"Expected nobody else to act with full powers then, but {row.order_ref} says so;"
                " revoke that order first.",
                code="rival",
            )


def revoke_instrument(command: RevokeInstrument, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    reason = check_text(command.reason, "reason")
    row = find_id(ctx, instrument, command.instrument_id)
    if row.revoked_at is not None:
        raise Conflict("Expected an order that holds, but it was revoked.", code="revoked")
    change(ctx, instrument, row.id, {"revoked_at": ctx.now, "revoked_reason": reason})
    record(ctx, "instrument.revoked", row.id, reason=reason)
    return {"id": str(row.id)}


HANDLERS: dict[type, Handler] = {
    RecordInstrument: record_instrument,
    RevokeInstrument: revoke_instrument,
}
