"""What the rows of a table name, read at once: a statement for each thousand, not for each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from office.people.commands.committees import COMMITTEE, code_of_seat
from office.people.commands.seats import kind_of_seat
from office.people.models import clearance, holding, person, person_role, position, role, unit
from office.people.together import Together

Cells = Mapping[str, str]


def read_ahead(ctx: Together, table: str, rows: Iterable[Cells]) -> None:
    """Whatever is left out here is only read later, row by row."""
    _AHEAD[table](ctx, list(rows))


def _in(rows: Iterable[Cells], *columns: str) -> set[str]:
    return {code for cells in rows for column in columns if (code := cells.get(column))}


def _units(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(unit, "code", _in(rows, "code", "parent"))
    ctx.read(unit, "id", {one.parent_id for one in ctx.every(unit)})


def _positions(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(unit, "code", _in(rows, "unit"))
    ctx.read(position, "code", _in(rows, "code", "superior"))
    ctx.read(unit, "id", {one.unit_id for one in ctx.every(position)})
    ctx.read(position, "id", {one.superior_id for one in ctx.every(position)})


def _people(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(person, "username", _in(rows, "username"))
    _roles_of_readdressed(ctx, rows)
    ctx.read(person, "email", {address.lower() for address in _in(rows, "email")})
    _posts(ctx, rows)


def _roles_of_readdressed(ctx: Together, rows: Iterable[Cells]) -> None:
    """Whose address changes: nobody takes up rights by it that they do not hold."""
    given = {cells["username"]: cells["email"] for cells in rows if "email" in cells}
    changed = {
        one.id for one in ctx.every(person)
        if one.username in given and given[one.username].lower() != (one.email or "")
    }  # fmt: skip
    ctx.read(person_role, "person_id", changed)
    ctx.read(role, "id", {one.role_id for one in ctx.every(person_role)})


def _posts(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(person, "username", _in(rows, "username"))
    ctx.read(position, "code", _in(rows, "position"))
    ctx.read(holding, "person_id", {one.id for one in ctx.every(person)})
    ctx.read(position, "id", {one.position_id for one in ctx.every(holding)})
    ctx.read(holding, "position_id", {one.id for one in ctx.every(position)})
    ctx.read(unit, "id", {one.unit_id for one in ctx.every(position)})


def _seats(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(person, "username", _in(rows, "username"))
    ctx.read(unit, "code", _in(rows, "committee"))
    bodies = {one.code: one.id for one in ctx.every(unit) if one.kind == COMMITTEE}
    ctx.read(position, "unit_id", bodies.values())
    ctx.read(holding, "person_id", {one.id for one in ctx.every(person)})
    ctx.read(holding, "position_id", {one.id for one in ctx.every(position)})
    ctx.read(position, "code", _codes_of_seats(ctx, bodies, rows) | _in(rows, "seat"))


def _codes_of_seats(ctx: Together, bodies: Mapping[str, UUID], rows: Iterable[Cells]) -> set[str]:
    """The codes that new seats can have: a look-up of each would send what waits."""
    wanted = Counter(
        (cells.get("committee", ""), kind_of_seat(cells.get("seat", ""))) for cells in rows
    )
    return {
        code_of_seat(committee, seat, number)
        for (committee, seat), more in wanted.items()
        if committee in bodies and seat
        for number in range(1, len(ctx.rows(position, "unit_id", bodies[committee])) + more + 1)
    }


def _grants(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(person, "username", _in(rows, "username"))
    ctx.read(role, "code", _in(rows, "role"))
    ctx.read(person_role, "person_id", {one.id for one in ctx.every(person)})
    ctx.read(role, "id", {one.role_id for one in ctx.every(person_role)})


def _clearances(ctx: Together, rows: Iterable[Cells]) -> None:
    ctx.read(person, "username", _in(rows, "username"))
    ctx.read(clearance, "person_id", {one.id for one in ctx.every(person)})


_AHEAD: Mapping[str, Callable[[Together, Iterable[Cells]], None]] = {
    "units": _units,
    "positions": _positions,
    "people": _people,
    "posts": _posts,
    "seats": _seats,
    "grants": _grants,
    "clearances": _clearances,
}
