"""What the commands of this room share: finding rows by code, adding and changing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Conflict, FieldError, Invalid, NotFound
from engine.ids import new_id
from office.people import rules
from office.people.models import agency, person, position, role, unit
from office.people.queries import duties
from office.people.together import Together

#: Table -> the column that people and diagrams name its rows by.
_NAMED_BY = {unit: "code", position: "code", role: "code", person: "username"}


def find(ctx: Context, table: sa.Table, code: str, *, lock: bool = False) -> sa.Row[Any]:
    """The row with this code, or NotFound naming what was looked for.

    `lock`: whoever changes what hangs on this row waits for whoever does so already.
    """
    row = found(ctx, table, code, lock=lock)
    if row is None:
        raise NotFound(f"Expected a {table.name} {code!r:.80} of this agency, but there is none.")
    return row


def found(ctx: Context, table: sa.Table, code: str, *, lock: bool = False) -> sa.Row[Any] | None:
    """The row with this code, if there is one."""
    rows = having(ctx, table, _NAMED_BY[table], code, lock=lock)
    return rows[0] if rows else None


def having(
    ctx: Context, table: sa.Table, column: str, value: Any, *, lock: bool = False
) -> Sequence[sa.Row[Any]]:
    """All rows of the agency with this value in a column that has an index."""
    if isinstance(ctx, Together):
        return ctx.rows(table, column, value)
    wanted = sa.select(table).where(
        table.c.agency_id == ctx.actor.agency_id, table.c[column] == value
    )
    return ctx.db.execute(wanted.with_for_update() if lock else wanted).all()


def terms_of(ctx: Context, table: sa.Table, column: str, whose: UUID) -> Sequence[sa.Row[Any]]:
    """What a person or a post has had, has and will have of a table of terms, by their begin."""
    return sorted(having(ctx, table, column, whose), key=lambda row: row.starts_at)


def runs(row: sa.Row[Any], at: datetime) -> bool:
    """Whether the moment lies in the row's term."""
    return bool(row.starts_at <= at and not has_ended(row, at))


def has_ended(row: sa.Row[Any], at: datetime) -> bool:
    """Or never begins: what was to come, and was taken back, ends as it would have begun."""
    return row.ends_at is not None and bool(row.ends_at <= max(at, row.starts_at))


def find_open(ctx: Context, table: sa.Table, code: str) -> sa.Row[Any]:
    """The row with this code, which must not be closed."""
    row = find(ctx, table, code)
    if not row.active:
        raise Conflict(f"Expected an open {table.name}, but {code} is closed.", code="inactive")
    return row


def code_of(ctx: Context, table: sa.Table, row_id: UUID | None) -> str | None:
    """The code that people know a row by."""
    if row_id is None:
        return None
    [row] = having(ctx, table, "id", row_id)
    return str(getattr(row, _NAMED_BY[table]))


def refuse_duties(ctx: Context, principal: str) -> None:
    """Whoever closes a unit or a post first hands on the tasks that wait for it."""
    count = duties.waiting_for(ctx.db, ctx.actor.agency_id, principal)
    if count:
        raise Conflict(
            f"Expected nothing to wait for {principal}, but {count} open tasks do; reassign them"
            " first.",
            code="tasks_open",
        )


def find_id(ctx: Context, table: sa.Table, row_id: UUID) -> sa.Row[Any]:
    """The row with this id, locked: its period is about to change."""
    rows = having(ctx, table, "id", row_id, lock=True)
    if not rows:
        raise NotFound(f"Expected a {table.name} of this agency, but found none with this id.")
    return rows[0]


def add(ctx: Context, table: sa.Table, **values: Any) -> UUID:
    if isinstance(ctx, Together):
        return ctx.add(table, values)
    row_id = new_id()
    ctx.db.execute(sa.insert(table), {"agency_id": ctx.actor.agency_id, "id": row_id, **values})
    return row_id


def add_named(ctx: Context, table: sa.Table, **values: Any) -> UUID:
    """Add a row whose code must be well made and not taken."""
    column = _NAMED_BY[table]
    check_code(values[column], column)
    if found(ctx, table, values[column]) is not None:
        raise Conflict(
            f"Expected a {column} that is free, but {values[column]!r} is taken; choose another.",
            code="taken",
        )
    return add(ctx, table, **values)


def change(ctx: Context, table: sa.Table, row_id: UUID, values: Mapping[str, Any]) -> None:
    if not values:
        return
    if isinstance(ctx, Together):
        ctx.change(table, row_id, values)
    else:
        ctx.db.execute(
            sa.update(table)
            .where(table.c.agency_id == ctx.actor.agency_id, table.c.id == row_id)
            .values(**values)
        )


def check_code(code: str, path: str = "code") -> None:
    if not rules.CODE.fullmatch(code):
        raise invalid(
            path,
            "Expected small Latin letters, digits, dots and hyphens, beginning with a letter or"
            f" digit, but got {code!r:.80}.",
            "bad_code",
        )


def check_choice(value: str, choices: Mapping[str, object], path: str) -> None:
    if value not in choices:
        raise invalid(path, f"Expected one of {', '.join(choices)}, but got {value!r:.80}.")


def check_text(value: str, path: str) -> str:
    """The text with single spaces, which must not be empty."""
    text = " ".join(value.split())
    if not text:
        raise invalid(path, "Expected a text, but it is empty.", "required")
    return text


def invalid(path: str, message: str, code: str = "invalid") -> Invalid:
    return Invalid(message, [FieldError(path, message, code)])


def zone(ctx: Context) -> ZoneInfo:
    """The agency's own time: its days begin at its midnight."""
    if isinstance(ctx, Together):
        return ctx.zone
    name = ctx.db.execute(
        sa.select(agency.c.timezone).where(agency.c.id == ctx.actor.agency_id)
    ).scalar_one()
    return ZoneInfo(name)


def above(ctx: Context, table: sa.Table, column: str) -> Mapping[object, object | None]:
    """Each row's id -> the id above it, of the whole agency: trees are small."""
    if isinstance(ctx, Together):
        return ctx.tree(table, column)
    rows: Iterable[Any] = ctx.db.execute(
        sa.select(table.c.id, table.c[column]).where(table.c.agency_id == ctx.actor.agency_id)
    )
    return {row[0]: row[1] for row in rows}


def refuse_circle(ctx: Context, table: sa.Table, column: str, child: UUID, parent: UUID) -> None:
    if rules.closes_a_circle(above(ctx, table, column), child, parent):
        raise Conflict(
            f"Expected the {table.name} above to be outside of what is below, but this would"
            " close a circle; choose another.",
            code="circle",
        )


def given(command: object, *names: str) -> dict[str, Any]:
    """The fields of a change that are to change: those that are not None."""
    return {name: value for name in names if (value := getattr(command, name)) is not None}
