"""Leaves: while they last, whoever is appointed acts for the absent holder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound
from office.people import rules
from office.people.commands.instruments import RecordInstrument, record_instrument
from office.people.commands.rows import add, change, check_choice, find, find_id, invalid, zone
from office.people.history import record
from office.people.models import holding, instrument, leave, person, position, unit
from office.people.queries.moment import joined
from office.people.rights import demand
from office.people.rules import Period


@dataclass(frozen=True, slots=True)
class RecordLeave:
    """Days away, both included; from noon of the first or until noon of the last for half days.
    One's own, or anyone's with the right people.

    `substitute` acts for `posts` of the person (รักษาราชการแทน; none: for all that they hold then)
    on these days by the order `order_ref` of `order_date` (none: the first day); that needs the
    right people. A post that is left out waits for its holder, or for another order. Whoever is
    back earlier has their posts back at once.
    """

    username: str
    kind: str
    first_day: date
    last_day: date
    from_noon: bool = False
    to_noon: bool = False
    reason: str = ""
    substitute: str | None = None
    order_ref: str = ""
    order_date: date | None = None
    posts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CancelLeave:
    """The person is back: a leave that has begun ends now, a coming one does not begin. The orders
    that were recorded with it end as well: another leave on these days has its own.
    """

    leave_id: UUID


def record_leave(command: RecordLeave, ctx: Context) -> Answer:
    if command.username != ctx.actor.username:
        demand(ctx.actor, "people")
    check_choice(command.kind, rules.LEAVE_KINDS, "kind")
    who = find(ctx, person, command.username, lock=True)
    period = _period(command, ctx)
    _refuse_overlap(ctx, who.id, period)
    lent = _lend_posts(ctx, command, who.id, period)
    leave_id = add(
        ctx,
        leave,
        person_id=who.id,
        kind=command.kind,
        reason=command.reason,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        orders=list(lent.values()),
    )
    record(
        ctx,
        "leave.recorded",
        who.id,
        kind=command.kind,
        first_day=command.first_day.isoformat(),
        last_day=command.last_day.isoformat(),
        substitute=command.substitute,
        posts=list(lent) or None,
    )
    return {"id": str(leave_id), "posts": list(lent)}


def _lend_posts(
    ctx: Context, command: RecordLeave, person_id: UUID, period: Period
) -> dict[str, str]:
    """An order for each post that is lent: its code, and the order's id."""
    if not command.substitute:
        if command.posts:
            raise invalid("substitute", "Expected who acts for these posts, but it is nobody.")
        return {}
    lent: dict[str, str] = {}
    for code in _wanted(command, _held(ctx, person_id, period)):
        order = RecordInstrument(
            "acting",
            command.substitute,
            code,
            command.order_ref,
            command.order_date or command.first_day,
            command.first_day,
            command.last_day,
        )
        lent[code] = str(record_instrument(order, ctx)["id"])
    return lent


def _held(ctx: Context, person_id: UUID, period: Period) -> list[str]:
    """Posts held on these days; a seat on a committee is nobody else's."""
    held = (
        sa.select(position.c.code)
        .join_from(holding, position, joined(holding, "position_id", position))
        .join(unit, joined(position, "unit_id", unit))
        .where(holding.c.agency_id == ctx.actor.agency_id, holding.c.person_id == person_id)
        .where(holding.c.starts_at < period.ends_at, unit.c.kind != "committee")
        .where(sa.or_(holding.c.ends_at.is_(None), holding.c.ends_at > period.starts_at))
        .order_by(position.c.code)
    )
    return list(dict.fromkeys(ctx.db.execute(held).scalars()))


def _wanted(command: RecordLeave, held: Sequence[str]) -> Sequence[str]:
    """The posts that are lent: those named, each of which is held, or all."""
    if not held:
        raise invalid("substitute", "Expected a post to act for, but there is none.", "no_post")
    for number, code in enumerate(command.posts):
        if code not in held:
            raise invalid(
                f"posts.{number}",
                f"Expected a post that {command.username} holds then, but {code!r:.80} is none;"
                f" they hold {', '.join(held)}.",
                "not_theirs",
            )
    return list(dict.fromkeys(command.posts)) or held


def _period(command: RecordLeave, ctx: Context) -> Period:
    one_noon = command.first_day == command.last_day and command.from_noon and command.to_noon
    if command.last_day < command.first_day or one_noon:
        raise invalid("last_day", "Expected a leave that lasts, but it ends before it begins.")
    return rules.period_of_leave(
        command.first_day,
        command.last_day,
        zone(ctx),
        from_noon=command.from_noon,
        to_noon=command.to_noon,
    )


def _refuse_overlap(ctx: Context, person_id: UUID, period: Period) -> None:
    rows = ctx.db.execute(
        sa.select(leave.c.starts_at, leave.c.ends_at)
        .where(leave.c.agency_id == ctx.actor.agency_id, leave.c.person_id == person_id)
        .where(leave.c.cancelled_at.is_(None))
    )
    if any(Period(row.starts_at, row.ends_at).overlaps(period) for row in rows):
        raise Conflict("Expected days not yet taken, but there is a leave then.", code="overlap")


def cancel_leave(command: CancelLeave, ctx: Context) -> Answer:
    row = find_id(ctx, leave, command.leave_id)
    if row.person_id != ctx.actor.person_id and not (
        ctx.actor.is_system or ctx.actor.may("people")
    ):
        raise NotFound("Expected one of your leaves, but found none with this id.")
    if row.cancelled_at is not None or row.ends_at <= ctx.now:
        raise Conflict("Expected a leave that lasts or is to come, but it is over.", code="over")
    change(ctx, leave, row.id, {"cancelled_at": ctx.now})
    _end_orders(ctx, row)
    record(ctx, "leave.cancelled", row.person_id, leave=str(row.id))
    return {"id": str(row.id)}


def _end_orders(ctx: Context, row: sa.Row[Any]) -> None:
    """Whoever is back needs no right for that: the orders were only for these days."""
    reason = rules.BACK if row.starts_at <= ctx.now else rules.NO_LEAVE
    for order in row.orders:
        found = find_id(ctx, instrument, UUID(order))
        if found.revoked_at is None:
            change(ctx, instrument, found.id, {"revoked_at": ctx.now, "revoked_reason": reason})
            record(ctx, "instrument.revoked", found.id, reason=reason)


HANDLERS: dict[type, Handler] = {RecordLeave: record_leave, CancelLeave: cancel_leave}
