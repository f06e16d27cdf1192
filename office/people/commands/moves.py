"""People who come to other posts by a table: first all leave theirs, then all take up the new ones,
so that two can change places.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from engine.bus import Context
from engine.errors import Invalid
from forms.thai import parse_date
from office.people.commands.holdings import (
    AssignPosition,
    EndHolding,
    assign_position,
    end_holding,
)
from office.people.commands.rows import code_of, has_ended, runs, terms_of, zone
from office.people.models import holding, position
from office.people.rules import midnight
from office.people.transfer.tables import Row, located

#: the day from which spreadsheets count the days of a date
_EPOCH, _SERIALS = date(1899, 12, 30), range(20_000, 80_000)


@dataclass(frozen=True, slots=True)
class Move:
    """From one main post to another on a day; `old` None: from none, `new` None: to none."""

    username: str
    person_id: UUID | None
    old: str | None
    new: str | None
    first_day: date


def wanted(ctx: Context, row: Row, person_id: UUID | None) -> Move | None:
    """The move that a row of people asks for, from today on where it says no day."""
    if "position" not in row.cells:
        return None
    old, since = _main_post(ctx, person_id)
    new, said = row.cells["position"] or None, day_in(row)
    if new == old:
        if said is not None and said != since:
            message = "Expected a day beside a position that changes, but it stays as it is."
            raise Invalid(message, [located(row.number, "since", message, "stays")])
        return None
    today = ctx.now.astimezone(zone(ctx)).date()
    return Move(row.cells["username"], person_id, old, new, said or today)


def day_in(row: Row, column: str = "since") -> date | None:
    """The day in this cell, however it is written; none where it is empty."""
    text = row.cells.get(column, "")
    if not text:
        return None
    if text.isdecimal() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    found = parse_date(text)
    if found is None or not 1900 <= found.year <= 2400:
        message = f"Expected a day such as 2026-11-23 or 23/11/2569, but got {text!r:.40}."
        raise Invalid(message, [located(row.number, column, message, "bad_day")])
    return found


def _main_post(ctx: Context, person_id: UUID | None) -> tuple[str | None, date | None]:
    held = [] if person_id is None else terms_of(ctx, holding, "person_id", person_id)
    found = next((row for row in held if row.is_primary and runs(row, ctx.now)), None)
    if found is None:
        return None, None
    return code_of(ctx, position, found.position_id), _date(ctx, found.starts_at)


def _date(ctx: Context, at: datetime) -> date:
    return at.astimezone(zone(ctx)).date()


def leave(ctx: Context, move: Move) -> None:
    """What the person holds as their main post ends on the day before."""
    if move.person_id is None:
        return
    starts_at = midnight(move.first_day, zone(ctx))
    for row in terms_of(ctx, holding, "person_id", move.person_id):
        begun = row.starts_at <= max(starts_at, ctx.now)
        if row.is_primary and begun and not has_ended(row, starts_at):
            end_holding(EndHolding(row.id, move.first_day - timedelta(days=1)), ctx)


def take_up(ctx: Context, move: Move) -> None:
    if move.new is not None:
        assign_position(AssignPosition(move.username, move.new, move.first_day), ctx)


def told(move: Move) -> Mapping[str, tuple[str, str]]:
    """As changes of columns: what was, what will be, and from when."""
    return {
        "position": (move.old or "", move.new or ""),
        "since": ("", move.first_day.isoformat()),
    }
