"""Rows of a table that bind a person to a second post, a role or a clearance, for a time."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Invalid
from office.people.commands.clearances import (
    GrantClearance,
    WithdrawClearance,
    grant_clearance,
    withdraw_clearance,
)
from office.people.commands.committees import COMMITTEE
from office.people.commands.holdings import (
    AssignPosition,
    EndHolding,
    assign_position,
    end_holding,
)
from office.people.commands.lines import Line, added, line_of, refer, refuse_incomplete
from office.people.commands.moves import day_in
from office.people.commands.roles import EndRole, GrantRole, end_role, grant_role
from office.people.commands.rows import find, has_ended, having, terms_of, zone
from office.people.models import clearance, holding, person, person_role, position, role, unit
from office.people.rules import CLEARANCES
from office.people.transfer.exporting import term_days
from office.people.transfer.tables import Row, located

#: no day is said: it begins today, and before all that begin on a day
_NO_DAY = date.min


def in_order(rows: Sequence[Row]) -> list[Row]:
    """Who leaves a post goes before who takes it up: terms by their first day."""
    return sorted(rows, key=_first_day)


def _first_day(row: Row) -> tuple[date, bool]:
    try:
        return day_in(row) or _NO_DAY, not row.cells.get("until")
    except Invalid:
        return _NO_DAY, True


def _post(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "username", person)
    refer(ctx, row, "position", position)
    first, last = day_in(row), day_in(row, "until")
    post = find(ctx, position, row.cells["position"])
    _refuse_other(ctx, row, post)
    found = term_of(ctx, row, holding, "position_id", {post.id}, first)
    if found is None:
        begun = first or today(ctx)
        assign_position(
            AssignPosition(row.cells["username"], post.code, begun, last, is_primary=False), ctx
        )
        return begun_line("posts", row, begun, last)
    return ended_line(
        ctx, "posts", row, found, lambda day: end_holding(EndHolding(found.id, day), ctx)
    )


def _refuse_other(ctx: Context, row: Row, post: sa.Row[Any]) -> None:
    """A main post comes by its own table, a seat by appointment."""
    [body] = having(ctx, unit, "id", post.unit_id)
    if body.kind == COMMITTEE:
        message = "Expected a post, but this is a seat of a committee; use the table seats."
        raise Invalid(message, [located(row.number, "position", message, "seat")])
    mine = [one for one in _mine(ctx, row, holding) if one.position_id == post.id]
    if any(one.is_primary and not has_ended(one, ctx.now) for one in mine):
        message = "Expected a second post, but it is the person's main one."
        raise Invalid(message, [located(row.number, "position", message, "main_post")])


def _grant(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "username", person)
    refer(ctx, row, "role", role)
    first, last = day_in(row), day_in(row, "until")
    granted = find(ctx, role, row.cells["role"])
    found = term_of(ctx, row, person_role, "role_id", {granted.id}, first)
    if found is None:
        begun = first or today(ctx)
        grant_role(GrantRole(row.cells["username"], granted.code, begun, last), ctx)
        return begun_line("grants", row, begun, last)
    return ended_line(ctx, "grants", row, found, lambda day: end_role(EndRole(found.id, day), ctx))


def _clearance(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "username", person)
    level = _level(row)
    first, last = day_in(row), day_in(row, "until")
    found = term_of(ctx, row, clearance, "level", {level}, first)
    if found is None:
        refuse_incomplete("clearances", row)
        begun, order_ref = first or today(ctx), row.cells["order_ref"]
        wanted = GrantClearance(row.cells["username"], level, order_ref, begun, last)
        grant_clearance(wanted, ctx)
        return begun_line("clearances", row, begun, last)
    if row.cells.get("order_ref", found.order_ref) != found.order_ref:
        message = "Expected the order of this clearance as it stands; withdraw it to grant anew."
        raise Invalid(message, [located(row.number, "order_ref", message, "other_order")])
    return ended_line(
        ctx,
        "clearances",
        row,
        found,
        lambda day: withdraw_clearance(WithdrawClearance(found.id, last_day=day), ctx),
    )


def _level(row: Row) -> int:
    """The degree, as people write it or as machines count it."""
    cell = row.cells["level"]
    for level, names in CLEARANCES.items():
        if cell.casefold() in {str(level), *(name.casefold() for name in names)}:
            return level
    message = f"Expected ลับ or ลับมาก, but got {cell!r:.40}."
    raise Invalid(message, [located(row.number, "level", message, "bad_level")])


def today(ctx: Context) -> date:
    return ctx.now.astimezone(zone(ctx)).date()


def _mine(ctx: Context, row: Row, table: sa.Table) -> Sequence[sa.Row[Any]]:
    return terms_of(ctx, table, "person_id", find(ctx, person, row.cells["username"]).id)


def term_of(
    ctx: Context, row: Row, table: sa.Table, column: str, which: Container[Any], first: date | None
) -> sa.Row[Any] | None:
    """The term that the row speaks of, with one of the values `which` in the column: of that first
    day, or the one that runs or comes next.
    """
    terms = [one for one in _mine(ctx, row, table) if getattr(one, column) in which]
    if table is holding:
        terms = [one for one in terms if not one.is_primary]
    here = zone(ctx)
    same = [one for one in terms if first and one.starts_at.astimezone(here).date() == first]
    open_ones = [one for one in terms if not has_ended(one, ctx.now)]
    if same:
        return same[-1]
    if first and any(one.ends_at is None for one in open_ones):
        message = "Expected the day on which this term began, but it began on another."
        raise Invalid(message, [located(row.number, "since", message, "begun")])
    return next(iter(open_ones), None) if first is None else None


def begun_line(table: str, row: Row, first: date, last: date | None) -> Line:
    said = {"since": first.isoformat(), "until": last.isoformat() if last else ""}
    told = ("order_ref", "since", "until")
    return added(table, Row(row.number, {**row.cells, **said}), told)


def ended_line(
    ctx: Context, table: str, row: Row, found: sa.Row[Any], end: Callable[[date], object]
) -> Line:
    """A term's last day can be named, or brought forward."""
    last = day_in(row, "until")
    before = term_days(found.starts_at, found.ends_at, zone(ctx))[1]
    if "until" not in row.cells or (last.isoformat() if last else None) == before:
        return line_of(table, row, {})
    if last is None or (before is not None and last.isoformat() > before):
        message = f"Expected a last day until {before}, but it is later; begin a new term after it."
        raise Invalid(message, [located(row.number, "until", message, "only_sooner")])
    end(last)
    return line_of(table, row, {"until": (before or "", last.isoformat())})


TERMS: Mapping[str, Callable[[Context, Row], Line]] = {
    "posts": _post,
    "grants": _grant,
    "clearances": _clearance,
}
