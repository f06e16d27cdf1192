"""A table of people or structure brought in: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, FieldError, Invalid, NotFound, Rejected
from engine.ports import Progress, untold
from office.people.commands.lines import (
    Line,
    added,
    after,
    differing,
    line_of,
    refer,
    refuse_incomplete,
)
from office.people.commands.moves import Move, leave, take_up, told, wanted
from office.people.commands.persons import AddPerson, ChangePerson, add_person, change_person
from office.people.commands.positions import (
    AddPosition,
    ChangePosition,
    add_position,
    change_position,
)
from office.people.commands.reading_ahead import read_ahead
from office.people.commands.rows import code_of, found
from office.people.commands.seats import TERMS_AND_SEATS as TERMS
from office.people.commands.terms import in_order
from office.people.commands.units import AddUnit, ChangeUnit, add_unit, change_unit
from office.people.history import record
from office.people.models import person, position, unit
from office.people.rights import demand
from office.people.together import Together
from office.people.transfer.columns import TABLES
from office.people.transfer.planning import plan_of
from office.people.transfer.states import CHANGED
from office.people.transfer.tables import MOST_ERRORS, Row, located


@dataclass(frozen=True, slots=True)
class ImportTable:
    """Add what is new, change what differs, leave the rest: one commit. `rows` are (number, cells);
    an empty cell takes a value away, a missing column leaves it. `rehearsal`: do it all, answer
    what was done (`Rehearsed`), keep nothing. `plan`: the hash of what was shown (`plan_of`); where
    it would be something else by now, nothing is done (Conflict, changed_since). Answer: {added,
    changed, left}.
    """

    table: str
    rows: Sequence[tuple[int, Mapping[str, str]]]
    rehearsal: bool = False
    plan: str | None = None
    progress: Progress = field(default=untold, compare=False, repr=False)


class Rehearsed(Rejected):
    """Expected a rehearsal to leave nothing behind: it is undone, and this is what it was."""

    code = "rehearsed"

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__("Nothing was changed: this was a rehearsal.")
        self.lines = tuple(lines)


#: columns of people that are not the person's own
_OF_MOVES = frozenset({"username", "position", "since"})
#: table -> the column by which a row names another of the table above it
_ABOVE: Mapping[str, str] = {"units": "parent", "positions": "superior"}
#: of more rows, lists of what happened tell the table alone, and the rest where it is asked for
MOST_LISTED = 50
#: rows between two that are told
_PACE = 500
#: rows of a circle that one sentence names
_MOST_TOLD = 12
#: which cell is to blame for a refusal, where it is not the one that names the row
_BLAMED: Mapping[str, Mapping[str, str]] = {
    "units": {"circle": "parent", "inactive": "parent"},
    "positions": {"circle": "superior", "inactive": "unit"},
    "people": {
        "held": "position",
        "second_primary": "position",
        "inactive": "position",
        "more_rights": "email",
    },
    "posts": {"held": "position", "inactive": "position", "rejected": "until"},
    "seats": {
        "seated": "seat",
        "chaired": "seat",
        "held": "seat",
        "inactive": "committee",
        "rejected": "until",
    },
    "grants": {
        "granted": "role",
        "forbidden": "role",
        "more_rights": "role",
        "ended": "until",
        "last_keeper": "until",
    },
    "clearances": {"cleared": "level", "ended": "until"},
}


def import_table(command: ImportTable, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    if command.table not in TABLES:
        raise NotFound(f"Expected one of {', '.join(TABLES)}, but got {command.table!r:.40}.")
    apart = ctx.command_id if len(command.rows) > MOST_LISTED else None
    together = Together(ctx, locks=not command.rehearsal, import_id=apart)
    read_ahead(together, command.table, [cells for _number, cells in command.rows])
    pairs: list[tuple[Row, Line]] = []
    order, errors = _in_order(command)
    for place, row in enumerate(order):
        if place % _PACE == 0:
            command.progress(place, len(command.rows))
        try:
            pairs.append((row, _ROWS[command.table](together, row)))
        except Rejected as refused:
            errors += _blame(command.table, row, refused)
        if len(errors) >= MOST_ERRORS:
            break
    lines = [line for _, line in pairs]
    moves = [(row, line.move) for row, line in pairs if line.move is not None]
    errors += _moved(together, moves)
    together.send()
    if errors:
        errors.sort(key=lambda error: int(error.path.partition(".")[0]))
        raise Invalid(errors[0].message, errors[:MOST_ERRORS])
    if command.rehearsal:
        raise Rehearsed(sorted(lines, key=lambda line: line.number))
    if command.plan is not None and command.plan != plan_of(command.table, lines):
        raise Conflict(
            "Expected to do what was shown, but the agency has changed since; look at it again.",
            code=CHANGED,
        )
    counts = {verb: sum(line.verb == verb for line in lines) for verb in ("add", "change", "leave")}
    done = {"added": counts["add"], "changed": counts["change"], "left": counts["leave"]}
    of = str(apart) if apart else None
    record(ctx, "table.imported", ctx.actor.agency_id, table=command.table, **done, import_id=of)
    return done


def _moved(ctx: Context, moves: Sequence[tuple[Row, Move]]) -> list[FieldError]:
    """Who cannot leave takes up nothing: one mistake is told once."""
    errors: list[FieldError] = []
    for step in (leave, take_up):
        left = []
        for row, move in moves:
            try:
                step(ctx, move)
                left.append((row, move))
            except Rejected as refused:
                errors += _blame("people", row, refused)
        moves = left
    return errors


def _in_order(command: ImportTable) -> tuple[list[Row], list[FieldError]]:
    """A row that another names stands before it, wherever it stands in the file. Rows that name one
    another in a circle have no order: they are told, and left out with what hangs on them.
    """
    above = _ABOVE.get(command.table)
    if command.table in TERMS:
        return in_order([Row(number, cells) for number, cells in command.rows]), []
    key = next(iter(TABLES[command.table]))
    rows = {cells.get(key, ""): Row(number, cells) for number, cells in command.rows}
    if above is None:
        return list(rows.values()), []
    ordered: dict[str, Row] = {}
    astray: set[str] = set()
    errors: list[FieldError] = []
    for code in rows:
        chain: dict[str, Row] = {}
        here = code
        while here in rows and not (here in ordered or here in astray or here in chain):
            chain[here] = rows[here]
            here = rows[here].cells.get(above, "")
        if here in chain:
            errors += _circle(above, chain, here)
        if here in chain or here in astray:
            astray |= chain.keys()
        else:
            ordered |= reversed(chain.items())
    return list(ordered.values()), errors


def _circle(above: str, chain: Mapping[str, Row], first: str) -> list[FieldError]:
    """Told at each row of the circle, which begins and ends at `first`."""
    codes = list(chain)[list(chain).index(first) :]
    way = " → ".join(f"{code} (row {chain[code].number})" for code in (*codes, first)[:_MOST_TOLD])
    message = f"Expected each {above} outside of what is below it, but these close a circle: {way}."
    return [located(chain[code].number, above, message, "circle") for code in codes]


def _blame(table: str, row: Row, refused: Rejected) -> list[FieldError]:
    key = next(iter(TABLES[table]))
    if isinstance(refused, Invalid) and refused.errors:
        if [error.path for error in refused.errors] == ["last_day"]:
            column = "until" if table in TERMS else "since"
            return [located(row.number, column, refused.message, "too_early")]
        return [
            error
            if error.path.partition(".")[0].isdigit()
            else located(row.number, error.path, error.message, error.code)
            for error in refused.errors
        ]
    column = _BLAMED[table].get(refused.code, key)
    if refused.code == "taken" and table == "people":
        column = "email"
    return [located(row.number, column, refused.message, refused.code)]


def _unit(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "parent", unit)
    there = found(ctx, unit, row.cells["code"])
    names = [name for name in TABLES["units"] if name != "code"]
    if there is None:
        refuse_incomplete("units", row)
        add_unit(AddUnit(**row.cells), ctx)
        return added("units", row, names)
    present = {name: getattr(there, name) for name in names if name != "parent"}
    present["parent"] = code_of(ctx, unit, there.parent_id)
    changes = differing(row, present, names)
    if changes:
        change_unit(ChangeUnit(there.code, **after(changes)), ctx)
    return line_of("units", row, changes)


def _position(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "unit", unit)
    refer(ctx, row, "superior", position)
    there = found(ctx, position, row.cells["code"])
    names = [name for name in TABLES["positions"] if name != "code"]
    if there is None:
        refuse_incomplete("positions", row)
        add_position(AddPosition(**row.cells), ctx)
        return added("positions", row, names)
    present = {name: getattr(there, name) for name in ("name", "name_en", "level")}
    present["unit"] = code_of(ctx, unit, there.unit_id)
    present["superior"] = code_of(ctx, position, there.superior_id)
    changes = differing(row, present, names)
    if changes:
        change_position(ChangePosition(there.code, **after(changes)), ctx)
    return line_of("positions", row, changes)


def _person(ctx: Context, row: Row) -> Line:
    refer(ctx, row, "position", position)
    there = found(ctx, person, row.cells["username"])
    names = [name for name in TABLES["people"] if name not in _OF_MOVES]
    given = {name: row.cells[name] for name in ("username", *names) if name in row.cells}
    if there is None:
        refuse_incomplete("people", row)
        made = add_person(AddPerson(**given), ctx)
        move = wanted(ctx, row, UUID(made["id"]))
        line = added("people", row, names)
        return replace(line, move=move, changes={**line.changes, **(told(move) if move else {})})
    changes = differing(row, {name: getattr(there, name) for name in names}, names)
    if changes:
        change_person(ChangePerson(there.username, **after(changes)), ctx)
    move = wanted(ctx, row, there.id)
    return line_of("people", row, {**changes, **(told(move) if move else {})}, move)


_ROWS: Mapping[str, Callable[[Context, Row], Line]] = {
    "units": _unit,
    "positions": _position,
    "people": _person,
    **TERMS,
}
HANDLERS: dict[type, Handler] = {ImportTable: import_table}
