"""What rows of a table have in common: what stands there already, what differs, what is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.errors import Invalid, NotFound
from office.people.commands.moves import Move
from office.people.commands.rows import find
from office.people.transfer.columns import named
from office.people.transfer.tables import Row, located, needed


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of one row: "add", "change" or "leave"; column -> (before, after)."""

    number: int
    code: str
    verb: str
    changes: Mapping[str, tuple[str, str]]
    move: Move | None = None

    @property
    def ends(self) -> bool:
        """A post is left, or a term's last day is named."""
        return (self.move is not None and self.move.old is not None) or (
            self.verb == "change" and "until" in self.changes
        )


def refer(ctx: Context, row: Row, column: str, table: sa.Table) -> None:
    """The code in this cell must be one of ours."""
    code = row.cells.get(column)
    if code:
        try:
            find(ctx, table, code)
        except NotFound as missing:
            raise Invalid(
                missing.message, [located(row.number, column, missing.message, "unknown")]
            ) from None


def differing(
    row: Row, present: Mapping[str, str | None], columns: Sequence[str]
) -> dict[str, tuple[str, str]]:
    return {
        name: (present.get(name) or "", row.cells[name])
        for name in columns
        if name in row.cells and row.cells[name] != (present.get(name) or "")
    }


def refuse_incomplete(table: str, row: Row) -> None:
    missing = needed(table, row)
    if missing:
        raise Invalid(missing[0].message, missing)


def after(changes: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {name: pair[1] for name, pair in changes.items()}


def added(table: str, row: Row, names: Sequence[str]) -> Line:
    given = {name: ("", row.cells[name]) for name in names if row.cells.get(name)}
    return Line(row.number, " · ".join(named(table, row.cells)), "add", given)


def line_of(
    table: str, row: Row, changes: Mapping[str, tuple[str, str]], move: Move | None = None
) -> Line:
    verb = "change" if changes else "leave"
    return Line(row.number, " · ".join(named(table, row.cells)), verb, changes, move)
