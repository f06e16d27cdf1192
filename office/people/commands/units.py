"""Units: added to the tree, changed, moved, closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict
from office.people import names, rules
from office.people.commands.rows import (
    add_named,
    change,
    check_choice,
    check_text,
    code_of,
    find,
    find_open,
    given,
    invalid,
    refuse_circle,
    refuse_duties,
)
from office.people.history import record, record_change
from office.people.models import position, unit
from office.people.rights import demand
from office.people.versions import check_version

_CONTACT = ("number_code", "phone", "email", "address")


@dataclass(frozen=True, slots=True)
class AddUnit:
    """`parent` is the code of the unit above; none: the top. An empty contact is inherited."""

    code: str
    kind: str
    name: str
    name_en: str = ""
    parent: str | None = None
    number_code: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeUnit:
    """Change what is given; an empty text takes a contact away, an empty `parent` puts the unit at
    the top. `active=False` closes the unit. `expected`: the version that was read.
    """

    code: str
    kind: str | None = None
    name: str | None = None
    name_en: str | None = None
    parent: str | None = None
    number_code: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    active: bool | None = None
    expected: str | None = None


def add_unit(command: AddUnit, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    check_choice(command.kind, rules.UNIT_KINDS, "kind")
    name = check_text(command.name, "name")
    unit_id = add_named(
        ctx,
        unit,
        code=command.code,
        kind=command.kind,
        name=name,
        name_en=command.name_en,
        sort_key=names.sort_key(name),
        parent_id=find_open(ctx, unit, command.parent).id if command.parent else None,
        **_contacts({column: getattr(command, column) for column in _CONTACT}),
    )
    record(ctx, "unit.added", unit_id, code=command.code, name=name)
    return {"id": str(unit_id), "code": command.code}


def change_unit(command: ChangeUnit, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find(ctx, unit, command.code, lock=True)
    check_version(row, command.expected)
    values = given(command, "kind", "name_en", "active")
    values |= _contacts(given(command, *_CONTACT), row.number_code)
    if command.kind is not None:
        check_choice(command.kind, rules.UNIT_KINDS, "kind")
    if command.name is not None:
        values["name"] = check_text(command.name, "name")
    said, moved = _moved(ctx, row, command.parent)
    if command.active is not None and command.active != row.active:
        _refuse_closing(ctx, row) if row.active else _refuse_under_closed(ctx, row)
    named = {"sort_key": names.sort_key(values["name"])} if "name" in values else {}
    change(ctx, unit, row.id, {**values, **named, **moved})
    record_change(ctx, "unit.changed", row, values, **said)
    return {"id": str(row.id), "code": command.code}


def _contacts(values: Mapping[str, str | None], had: str | None = None) -> dict[str, str | None]:
    """As they are kept; an empty one is none. Two ways to write one prefix would be two books, but
    the one that the unit `had` stays, whatever it is: its book is there.
    """
    kept = {name: value or None for name, value in values.items()}
    code = kept.get("number_code")
    if code and code != had:
        kept["number_code"] = rules.number_prefix(code)
        if kept["number_code"] is None:
            message = f"Expected a prefix such as ตย 0201, but got {code!r:.60}."
            raise invalid("number_code", message, "number_prefix")
    return kept


def _moved(
    ctx: Context, row: sa.Row[Any], parent: str | None
) -> tuple[dict[str, tuple[Any, Any]], dict[str, Any]]:
    """The unit above: in codes before and after, and as an id. None: it stays."""
    if parent is None:
        return {}, {}
    new = find_open(ctx, unit, parent).id if parent else None
    if new is not None:
        refuse_circle(ctx, unit, "parent_id", row.id, new)
    return {"parent": (code_of(ctx, unit, row.parent_id), parent or None)}, {"parent_id": new}


def _refuse_closing(ctx: Context, row: sa.Row[Any]) -> None:
    for table, column in ((unit, "parent_id"), (position, "unit_id")):
        living = sa.select(table.c.code).where(
            table.c.agency_id == ctx.actor.agency_id, table.c[column] == row.id, table.c.active
        )
        code = ctx.db.execute(living.limit(1)).scalar_one_or_none()
        if code is not None:
            raise Conflict(
                f"Expected an empty unit to close, but the {table.name} {code} is in it;"
                " move or close that first.",
                code="not_empty",
            )
    refuse_duties(ctx, f"unit:{row.code}")


def _refuse_under_closed(ctx: Context, row: sa.Row[Any]) -> None:
    above = code_of(ctx, unit, row.parent_id)
    if above is not None:
        find_open(ctx, unit, above)


HANDLERS: dict[type, Handler] = {AddUnit: add_unit, ChangeUnit: change_unit}
