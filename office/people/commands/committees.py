"""Committees: units of the kind committee, whose posts are seats.

So a diagram names a committee as it names any unit, and a seat as any post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound
from office.people import rules
from office.people.commands.holdings import AssignPosition, assign_position, checked_period
from office.people.commands.positions import AddPosition, add_position
from office.people.commands.rows import check_choice, find, find_open
from office.people.commands.seating import Seating, seating
from office.people.models import person, unit
from office.people.rights import demand
from office.people.rules import Period

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
    there = seating(ctx, body.id)
    if there.sits(body.id, who.id, period):
        raise Conflict("Expected a new member, but the person has a seat then.", code="seated")
    code = _free(command, there, body.id, period) or _add_seat(ctx, command, there, body.id)
    taken = AssignPosition(command.username, code, command.first_day, command.last_day, False)
    return assign_position(taken, ctx) | {"position": code}


def _committee(ctx: Context, code: str) -> sa.Row[Any]:
    """The committee, locked: two appointments do not take one seat."""
    row = find(ctx, unit, code, lock=True)
    if row.kind != COMMITTEE:
        raise NotFound(f"Expected a committee {code!r:.80}, but the unit is none.")
    return find_open(ctx, unit, code)


def _free(command: SeatMember, there: Seating, committee_id: UUID, period: Period) -> str | None:
    name = rules.SEATS[command.seat][0]
    free, taken = there.free(committee_id, name, period)
    if command.seat == "chair" and taken:
        raise Conflict("Expected one chair at a time, but there is one then.", code="chaired")
    return free


def _add_seat(ctx: Context, command: SeatMember, there: Seating, committee_id: UUID) -> str:
    code = there.next_code(committee_id, command.seat, partial(_code, command))
    thai, english = rules.SEATS[command.seat]
    add_position(AddPosition(code, thai, command.committee, "officer", name_en=english), ctx)
    return code


def _code(command: SeatMember, number: int) -> str:
    return code_of_seat(command.committee, command.seat, number)


def code_of_seat(committee: str, seat: str, number: int) -> str:
    """The code of a committee's seat of one kind: those of a kind are numbered from 1."""
    return f"{committee}.{seat}" + (f".{number}" if number > 1 else "")


HANDLERS: dict[type, Handler] = {SeatMember: seat_member}
