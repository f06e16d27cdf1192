"""Rows of the table of committees' members: appointed, or their last day named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Invalid
from office.people.commands.committees import COMMITTEE, SeatMember, seat_member
from office.people.commands.holdings import (
    AssignPosition,
    EndHolding,
    assign_position,
    end_holding,
)
from office.people.commands.lines import Line, refer, refuse_incomplete
from office.people.commands.moves import day_in
from office.people.commands.rows import find
from office.people.commands.seating import Seating, seating
from office.people.commands.terms import TERMS, begun_line, ended_line, term_of, today
from office.people.models import holding, person, unit
from office.people.rules import SEATS
from office.people.transfer.tables import Row, located


def seat_of(ctx: Context, row: Row) -> Line:
    refuse_incomplete("seats", row)
    refer(ctx, row, "username", person)
    refer(ctx, row, "committee", unit)
    body = find(ctx, unit, row.cells["committee"])
    if body.kind != COMMITTEE:
        message = f"Expected a committee, but {body.code} is another kind of unit."
        raise Invalid(message, [located(row.number, "committee", message, "no_committee")])
    there = seating(ctx, body.id)
    seat, code = _seat(there, row, body)
    first, last = day_in(row), day_in(row, "until")
    who = find(ctx, person, row.cells["username"])
    seats = frozenset(
        one.id
        for one in there.seats_of(body.id, who.id)
        if (one.code == code if code else one.name == SEATS[seat][0])
    )
    found = term_of(ctx, row, holding, "position_id", seats, first)
    if found is not None:
        return ended_line(
            ctx, "seats", row, found, lambda day: end_holding(EndHolding(found.id, day), ctx)
        )
    since, username = first or today(ctx), row.cells["username"]
    if code:
        assign_position(AssignPosition(username, code, since, last, is_primary=False), ctx)
    else:
        seat_member(SeatMember(body.code, username, seat, since, last), ctx)
    return begun_line("seats", row, since, last)


def _seat(there: Seating, row: Row, body: sa.Row[Any]) -> tuple[str, str]:
    """The kind of seat, as people write it or as machines name it; else the code of a seat that
    the committee has. One of the two is empty.
    """
    cell = row.cells["seat"]
    kind = kind_of_seat(cell)
    if kind:
        return kind, ""
    if there.has(body.id, cell):
        return "", cell
    names = ", ".join(thai for thai, _english in SEATS.values())
    message = f"Expected {names}, or the code of a seat of {body.code}, but got {cell!r:.40}."
    raise Invalid(message, [located(row.number, "seat", message, "bad_seat")])


_KINDS: Mapping[str, str] = {
    said.casefold(): kind for kind, names in SEATS.items() for said in (kind, *names)
}


def kind_of_seat(cell: str) -> str:
    """The kind of seat that a cell names; empty where it names none."""
    return _KINDS.get(cell.casefold(), "")


TERMS_AND_SEATS = {**TERMS, "seats": seat_of}
