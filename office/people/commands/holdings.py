"""Who holds which post, from when to when. One post has one holder at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from office.people.commands.rows import (
    add,
    change,
    code_of,
    find,
    find_id,
    having,
    invalid,
    zone,
)
from office.people.history import record
from office.people.models import holding, person, position
from office.people.rights import demand
from office.people.rules import Period, midnight, period_of_days


@dataclass(frozen=True, slots=True)
class AssignPosition:
    """Put a person into a post from the first day to the last (included; none: until further
    notice). A person's first post of a time is the primary one.
    """

    username: str
    position: str
    first_day: date
    last_day: date | None = None
    is_primary: bool = True


@dataclass(frozen=True, slots=True)
class EndHolding:
    """`last_day` is the last on which the post is held."""

    holding_id: UUID
    last_day: date


@dataclass(frozen=True, slots=True)
class HandOver:
    """The post passes to another person on the first day; who holds it keeps it until the day
    before. A vacant post is simply taken up.
    """

    position: str
    username: str
    first_day: date
    last_day: date | None = None
    is_primary: bool = True


def assign_position(command: AssignPosition, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    who = find(ctx, person, command.username, lock=True)
    post = find(ctx, position, command.position, lock=True)
    period = checked_period(command.first_day, command.last_day, ctx)
    if not (who.active and post.active):
        raise Conflict("Expected an active person and post, but one is closed.", code="inactive")
    of_post = having(ctx, holding, "position_id", post.id)
    _refuse_overlap(of_post, period, "held", "the post is held")
    if command.is_primary:
        mine = [row for row in having(ctx, holding, "person_id", who.id) if row.is_primary]
        _refuse_overlap(mine, period, "second_primary", "the person has a primary post")
    holding_id = add(
        ctx,
        holding,
        person_id=who.id,
        position_id=post.id,
        is_primary=command.is_primary,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
    )
    said = {"username": command.username, "position": command.position, **_days(command)}
    record(ctx, "holding.began", post.id, **said)
    record(ctx, "holding.began", who.id, **said)
    return {"id": str(holding_id)}


def _days(command: AssignPosition | HandOver) -> dict[str, str | None]:
    last = command.last_day
    return {
        "first_day": command.first_day.isoformat(),
        "last_day": None if last is None else last.isoformat(),
    }


def hand_over(command: HandOver, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    post = find(ctx, position, command.position, lock=True)
    starts_at = midnight(command.first_day, zone(ctx))
    held = sa.select(holding.c.id, holding.c.starts_at).where(
        holding.c.agency_id == ctx.actor.agency_id,
        holding.c.position_id == post.id,
        sa.or_(holding.c.ends_at.is_(None), holding.c.ends_at > starts_at),
    )
    for row in ctx.db.execute(held).all():
        if row.starts_at >= starts_at:
            raise Conflict(
                f"Expected nobody to take up the post later, but someone does from"
                f" {row.starts_at:%Y-%m-%d}; end that holding first.",
                code="held",
            )
        end_holding(EndHolding(row.id, command.first_day - timedelta(days=1)), ctx)
    return assign_position(
        AssignPosition(
            command.username,
            command.position,
            command.first_day,
            command.last_day,
            command.is_primary,
        ),
        ctx,
    )


def checked_period(first: date, last: date | None, ctx: Context) -> Period:
    if last is not None and last < first:
        raise invalid("last_day", f"Expected a last day from {first} on, but got {last}.")
    return period_of_days(first, last, zone(ctx))


def _refuse_overlap(rows: Sequence[sa.Row[Any]], period: Period, code: str, fact: str) -> None:
    for row in rows:
        if Period(row.starts_at, row.ends_at).overlaps(period):
            raise Conflict(
                f"Expected a time without overlap, but {fact} from {row.starts_at:%Y-%m-%d};"
                " end that holding first.",
                code=code,
            )


def end_holding(command: EndHolding, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find_id(ctx, holding, command.holding_id)
    ends_at = midnight(command.last_day + timedelta(days=1), zone(ctx))
    if ends_at < row.starts_at:
        raise invalid("last_day", "Expected a last day after the first, but it is before.")
    if row.ends_at is not None and row.ends_at < ends_at:
        raise Conflict("Expected a holding that lasts until then, but it ends before.")
    change(ctx, holding, row.id, {"ends_at": ends_at})
    said = {
        "username": code_of(ctx, person, row.person_id),
        "position": code_of(ctx, position, row.position_id),
        "last_day": command.last_day.isoformat(),
    }
    record(ctx, "holding.ended", row.position_id, **said)
    record(ctx, "holding.ended", row.person_id, **said)
    return {"id": str(row.id)}


HANDLERS: dict[type, Handler] = {
    AssignPosition: assign_position,
    HandOver: hand_over,
    EndHolding: end_holding,
}
