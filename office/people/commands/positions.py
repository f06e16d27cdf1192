"""Positions: posts of units, each with the one above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from office.people import rules
from office.people.commands.rows import (
    add_named,
    change,
    check_choice,
    check_text,
    code_of,
    find,
    find_open,
    given,
    refuse_circle,
    refuse_duties,
)
from office.people.history import record, record_change
from office.people.models import holding, instrument, position, unit
from office.people.rights import demand
from office.people.versions import check_version


@dataclass(frozen=True, slots=True)
class AddPosition:
    """`unit` and `superior` are codes; no superior: the top of its chain."""

    code: str
    name: str
    unit: str
    level: str
    superior: str | None = None
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class ChangePosition:
    """Change what is given; an empty `superior` puts the post at the top. `expected`: the version
    that was read.
    """

    code: str
    name: str | None = None
    unit: str | None = None
    level: str | None = None
    superior: str | None = None
    name_en: str | None = None
    active: bool | None = None
    expected: str | None = None


def add_position(command: AddPosition, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    check_choice(command.level, rules.LEVELS, "level")
    name = check_text(command.name, "name")
    position_id = add_named(
        ctx,
        position,
        code=command.code,
        name=name,
        name_en=command.name_en,
        level=command.level,
        unit_id=find_open(ctx, unit, command.unit).id,
        superior_id=find_open(ctx, position, command.superior).id if command.superior else None,
    )
    record(ctx, "position.added", position_id, code=command.code, name=name)
    return {"id": str(position_id), "code": command.code}


def change_position(command: ChangePosition, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find(ctx, position, command.code, lock=True)
    check_version(row, command.expected)
    values = given(command, "level", "name_en", "active")
    if command.level is not None:
        check_choice(command.level, rules.LEVELS, "level")
    if command.name is not None:
        values["name"] = check_text(command.name, "name")
    if command.active is not None and command.active != row.active:
        _refuse_in_use(ctx, row) if row.active else find_open(
            ctx, unit, str(code_of(ctx, unit, row.unit_id))
        )
    more, moved = _moved(ctx, row, command)
    change(ctx, position, row.id, values | moved)
    record_change(ctx, "position.changed", row, values, **more)
    return {"id": str(row.id), "code": command.code}


def _moved(
    ctx: Context, row: sa.Row[Any], command: ChangePosition
) -> tuple[dict[str, tuple[Any, Any]], dict[str, Any]]:
    """Unit and superior: in codes before and after, and in ids."""
    said: dict[str, tuple[Any, Any]] = {}
    ids: dict[str, Any] = {}
    if command.unit is not None:
        ids["unit_id"] = find_open(ctx, unit, command.unit).id
        said["unit"] = (code_of(ctx, unit, row.unit_id), command.unit)
    if command.superior is not None:
        ids["superior_id"] = _superior(ctx, row, command.superior)
        said["superior"] = (code_of(ctx, position, row.superior_id), command.superior or None)
    return said, ids


def _superior(ctx: Context, row: sa.Row[Any], code: str) -> Any:
    if not code:
        return None
    found = find_open(ctx, position, code).id
    refuse_circle(ctx, position, "superior_id", row.id, found)
    return found


def _refuse_in_use(ctx: Context, row: sa.Row[Any]) -> None:
    _refuse_held(ctx, row)
    _refuse_lent(ctx, row)
    below = sa.select(position.c.code).where(
        position.c.agency_id == ctx.actor.agency_id,
        position.c.superior_id == row.id,
        position.c.active,
    )
    code = ctx.db.execute(below.limit(1)).scalar_one_or_none()
    if code is not None:
        raise Conflict(
            f"Expected a post with none below it to close, but {code} is; put that under another"
            " post first.",
            code="has_below",
        )
    refuse_duties(ctx, f"position:{row.code}")


def _refuse_lent(ctx: Context, row: sa.Row[Any]) -> None:
    """An order in force would keep lending the closed post."""
    lent = (
        sa.select(instrument.c.order_ref)
        .where(instrument.c.agency_id == ctx.actor.agency_id, instrument.c.position_id == row.id)
        .where(instrument.c.revoked_at.is_(None))
        .where(sa.or_(instrument.c.ends_at.is_(None), instrument.c.ends_at > ctx.now))
    )
    order = ctx.db.execute(lent.limit(1)).scalar_one_or_none()
    if order is not None:
        raise Conflict(
            f"Expected no order over the post, but {order} lends it; revoke that first.",
            code="lent",
        )


def _refuse_held(ctx: Context, row: sa.Row[Any]) -> None:
    held = (
        sa.select(holding.c.id)
        .where(holding.c.agency_id == ctx.actor.agency_id, holding.c.position_id == row.id)
        .where(sa.or_(holding.c.ends_at.is_(None), holding.c.ends_at > ctx.now))
    )
    if ctx.db.execute(held.limit(1)).first() is not None:
        raise Conflict(
            "Expected a vacant post to close, but someone holds it; end the holding first.",
            code="held",
        )


HANDLERS: dict[type, Handler] = {AddPosition: add_position, ChangePosition: change_position}
