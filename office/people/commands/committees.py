"""Committees: units of the kind committee, whose posts are seats.

So a diagram names a committee as it names any unit, and a seat as any post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound
from office.people import rules
from office.people.commands.holdings import AssignPosition, assign_position, checked_period
from office.people.commands.positions import AddPosition, add_position
from office.people.commands.rows import check_choice, find, find_open
from office.people.models import holding, person, position, unit
from office.people.rights import demand
from office.people.rules import Period
from office.people.together import Together

COMMITTEE = "committee"


@dataclass(frozen=True, slots=True)
class SeatMember:
    """Appoint a person to a seat from the first day to the last (included; none: until further
    notice). A seat that is free then is used again, else one is added. `EndHolding` ends it.
    """

    committee: str
    username: str
    seat: str
    first_day: date
    last_day: date | None = None


def seat_member(command: SeatMember, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    check_choice(command.seat, rules.SEATS, "seat")
    body = _committee(ctx, command.committee)
    who = find(ctx, person, command.username, lock=True)
    period = checked_period(command.first_day, command.last_day, ctx)
    seats = _seats(ctx, body.id)
    if any(row.person_id == who.id and _taken(row, period) for row in seats):
        raise Conflict("Expected a new member, but the person has a seat then.", code="seated")
    code = _free(seats, command.seat, period) or _add_seat(ctx, command, seats)
    taken = AssignPosition(command.username, code, command.first_day, command.last_day, False)
    return assign_position(taken, ctx) | {"position": code}


def _committee(ctx: Context, code: str) -> sa.Row[Any]:
    """The committee, locked: two appointments do not take one seat."""
    row = find(ctx, unit, code, lock=True)
    if row.kind != COMMITTEE:
        raise NotFound(f"Expected a committee {code!r:.80}, but the unit is none.")
    return find_open(ctx, unit, code)


@dataclass(frozen=True, slots=True)
class _Seat:
    """One of `_seats`."""

    code: str
    name: str
    active: bool
    person_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def _read_ahead(ctx: Together, committee_id: UUID) -> list[_Seat]:
    found = []
    for post in ctx.rows(position, "unit_id", committee_id):
        named = (post.code, post.name, post.active)
        held = ctx.rows(holding, "position_id", post.id)
        found += [_Seat(*named, one.person_id, one.starts_at, one.ends_at) for one in held]
        found += [] if held else [_Seat(*named)]
    return found


def _seats(ctx: Context, committee_id: UUID) -> list[Any]:
    """Every seat with each of its holdings; a seat that nobody ever had once, empty."""
    if isinstance(ctx, Together):
        return _read_ahead(ctx, committee_id)
    had = sa.and_(
        holding.c.agency_id == position.c.agency_id, holding.c.position_id == position.c.id
    )
    wanted = sa.select(
        position.c.code,
        position.c.name,
        position.c.active,
        holding.c.person_id,
        holding.c.starts_at,
        holding.c.ends_at,
    )
    rows = ctx.db.execute(
        wanted.select_from(position)
        .outerjoin(holding, had)
        .where(position.c.agency_id == ctx.actor.agency_id, position.c.unit_id == committee_id)
        .order_by(position.c.code)
    )
    return list(rows)


def _taken(row: Any, period: Period) -> bool:
    return row.starts_at is not None and Period(row.starts_at, row.ends_at).overlaps(period)


def _free(seats: Iterable[Any], seat: str, period: Period) -> str | None:
    name = rules.SEATS[seat][0]
    alike = [row for row in seats if row.name == name and row.active]
    taken = {row.code for row in alike if _taken(row, period)}
    free = sorted({row.code for row in alike} - taken)
    if seat == "chair" and taken:
        raise Conflict("Expected one chair at a time, but there is one then.", code="chaired")
    return free[0] if free else None


def _add_seat(ctx: Context, command: SeatMember, seats: Iterable[Any]) -> str:
    codes = {row.code for row in seats}
    number = next(n for n in range(1, len(codes) + 2) if _code(command, n) not in codes)
    thai, english = rules.SEATS[command.seat]
    code = _code(command, number)
    add_position(AddPosition(code, thai, command.committee, "officer", name_en=english), ctx)
    return code


def _code(command: SeatMember, number: int) -> str:
    return code_of_seat(command.committee, command.seat, number)


def code_of_seat(committee: str, seat: str, number: int) -> str:
    """The code of a committee's seat of one kind: those of a kind are numbered from 1."""
    return f"{committee}.{seat}" + (f".{number}" if number > 1 else "")


HANDLERS: dict[type, Handler] = {SeatMember: seat_member}
