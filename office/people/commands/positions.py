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
    find,
    given,
    refuse_circle,
)
from office.people.history import record
from office.people.models import holding, position, unit
from office.people.rights import demand


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
    """Change what is given; an empty `superior` puts the post at the top."""

    code: str
    name: str | None = None
    unit: str | None = None
    level: str | None = None
    superior: str | None = None
    name_en: str | None = None
    active: bool | None = None


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
        unit_id=find(ctx, unit, command.unit).id,
        superior_id=find(ctx, position, command.superior).id if command.superior else None,
    )
    record(ctx, "position.added", position_id, code=command.code, name=name)
    return {"id": str(position_id), "code": command.code}


def change_position(command: ChangePosition, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find(ctx, position, command.code)
    values = given(command, "name", "name_en", "level", "active")
    if command.level is not None:
        check_choice(command.level, rules.LEVELS, "level")
    if command.unit is not None:
        values["unit_id"] = find(ctx, unit, command.unit).id
    if command.superior is not None:
        values["superior_id"] = _superior(ctx, row, command.superior)
    if command.active is False:
        _refuse_held(ctx, row)
    change(ctx, position, row.id, values)
    record(ctx, "position.changed", row.id, **values)
    return {"id": str(row.id), "code": command.code}


def _superior(ctx: Context, row: sa.Row[Any], code: str) -> Any:
    if not code:
        return None
    found = find(ctx, position, code).id
    refuse_circle(ctx, position, "superior_id", row.id, found)
    return found


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
