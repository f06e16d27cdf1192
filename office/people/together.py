"""A context in which the rows of many commands are read at once and written at once.

Who brings in a table of a hundred thousand people carries out as many commands, each of which looks
up its rows and leaves its events. Here those look-ups are answered by what was read ahead, and what
is added and changed waits until there is enough of it, or until somebody reaches for the database
itself. The commands are the same, and so are their rules.
"""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import joint
from engine.bus import Context
from engine.ids import new_id
from office.people.models import (
    agency,
    clearance,
    holding,
    org_event,
    person,
    person_role,
    position,
    role,
    unit,
)

Noted = TypeVar("Noted")
#: values that one statement asks for, and changes that one sends
AT_ONCE = 1_000
MOST_WAITING = 2_000
#: what rows are looked up by
INDEXED: Mapping[sa.Table, tuple[str, ...]] = {
    unit: ("id", "code"),
    position: ("id", "code", "unit_id"),
    person: ("id", "username", "email"),
    role: ("id", "code"),
    holding: ("id", "person_id", "position_id"),
    person_role: ("id", "person_id"),
    clearance: ("id", "person_id"),
}
#: what refers to a row, and by which column: nothing does to a new one
_REFERRING: Mapping[sa.Table, tuple[tuple[sa.Table, str], ...]] = {
    person: ((holding, "person_id"), (person_role, "person_id"), (clearance, "person_id")),
    position: ((holding, "position_id"),),
    unit: ((position, "unit_id"),),
}
#: rows that others refer to come first
_ORDER = (unit, position, person, role, holding, person_role, clearance, org_event)
_ZONE = sa.select(agency.c.timezone)


class Together(Context):
    """`within`: the context of the command that carries out the others. `locks`: rows that are read
    stay as they are until the commit. `import_id` names what the events came with. `send` before
    the end, or what waits is lost.
    """

    __slots__ = ("_added", "_changed", "_connection", "_index", "_locks", "_noted", "_rows",
                 "_trees", "_waiting", "_watching", "_zone", "import_id")  # fmt: skip

    def __init__(
        self, within: Context, *, locks: bool = False, import_id: UUID | None = None
    ) -> None:
        self._locks, self.import_id = locks, import_id
        self._rows: dict[sa.Table, dict[UUID, Any]] = defaultdict(dict)
        self._index: dict[tuple[sa.Table, str], dict[Any, list[UUID]]] = defaultdict(dict)
        self._trees: dict[tuple[sa.Table, str], dict[object, object | None]] = {}
        self._added: dict[sa.Table, dict[UUID, Any]] = defaultdict(dict)
        self._changed: dict[sa.Table, dict[UUID, dict[str, Any]]] = defaultdict(dict)
        self._noted: dict[type, Any] = {}
        self._watching: dict[sa.Table, list[Callable[[Any], None]]] = defaultdict(list)
        self._waiting = 0
        self._zone: ZoneInfo | None = None
        super().__init__(
            within.db, within.actor, within.now, within.services, within.bus, within.command_id,
            within.rings, within.depth, within.holds, within.hops,
        )  # fmt: skip

    @property
    def db(self) -> Connection:
        """Whoever reaches for the database itself sees all that was done."""
        self.send()
        return self._connection

    @db.setter
    def db(self, connection: Connection) -> None:
        self._connection = connection

    # -- reading ------------------------------------------------------------------------------

    def read(self, table: sa.Table, column: str, values: Iterable[Any]) -> None:
        """Read ahead all rows of the agency with one of these values in an indexed column."""
        index = self._index[table, column]
        missing = iter({value for value in values if value is not None and value not in index})
        while some := list(islice(missing, AT_ONCE)):
            self._read(table, column, some)

    def _read(self, table: sa.Table, column: str, values: Sequence[Any]) -> None:
        wanted = sa.select(*joint.written(table)).where(
            table.c.agency_id == self.actor.agency_id, table.c[column].in_(values)
        )
        if self._locks:
            # by id, so that two who lock do not wait for each other; referring stays free
            wanted = wanted.order_by(table.c.id).with_for_update(key_share=True)
        index, make = self._index[table, column], _shape(table)._make
        index |= {value: [] for value in values}
        for row in self.db.execute(wanted):
            kept = self._rows[table].setdefault(row.id, make(row))
            self._index[table, "id"][row.id] = [row.id]
            if column != "id":
                index[getattr(kept, column)].append(row.id)

    def rows(self, table: sa.Table, column: str, value: Any) -> list[Any]:
        """All rows with this value in an indexed column."""
        index = self._index[table, column]
        if value not in index:
            self._read(table, column, [value])
        kept = self._rows[table]
        return [kept[row_id] for row_id in index[value]]

    def every(self, table: sa.Table) -> Iterator[Any]:
        """All rows of the table that were read so far."""
        return iter(self._rows[table].values())

    def tree(self, table: sa.Table, column: str) -> Mapping[object, object | None]:
        """Each row's id -> the id above it, of the whole agency."""
        if (table, column) not in self._trees:
            found = sa.select(table.c.id, table.c[column]).where(
                table.c.agency_id == self.actor.agency_id
            )
            self._trees[table, column] = {row[0]: row[1] for row in self.db.execute(found)}
        return self._trees[table, column]

    @property
    def zone(self) -> ZoneInfo:
        if self._zone is None:
            mine = _ZONE.where(agency.c.id == self.actor.agency_id)
            self._zone = ZoneInfo(self.db.execute(mine).scalar_one())
        return self._zone

    def noted(self, kind: type[Noted], make: Callable[[], Noted]) -> Noted:
        """What a command has made of the rows and the next one goes on with: made once."""
        if kind not in self._noted:
            self._noted[kind] = make()
        noted: Noted = self._noted[kind]
        return noted

    def watch(self, table: sa.Table, tell: Callable[[Any], None]) -> None:
        """`tell` is told each row that is added or changed from here on, as it is by then."""
        self._watching[table].append(tell)

    def _told(self, table: sa.Table, row: Any) -> None:
        for tell in self._watching[table]:
            tell(row)

    # -- writing ------------------------------------------------------------------------------

    def add(self, table: sa.Table, values: Mapping[str, Any]) -> UUID:
        """Add a row; columns that are not given have their defaults."""
        row_id = new_id()
        row = _shape(table)(**{
            **_defaults(table), **values, "agency_id": self.actor.agency_id, "id": row_id,
        })  # fmt: skip
        self._added[table][row_id] = row
        if table in INDEXED:
            self._rows[table][row_id] = row
            self._index[table, "id"][row_id] = [row_id]
            for column in INDEXED[table][1:]:
                self._enter(table, column, getattr(row, column), row_id)
            for other, column in _REFERRING.get(table, ()):
                self._index[other, column][row_id] = []
        self._grow(table, row_id, values)
        self._told(table, row)
        self._wait()
        return row_id

    def change(self, table: sa.Table, row_id: UUID, values: Mapping[str, Any]) -> None:
        before = self.rows(table, "id", row_id)[0]
        row = self._rows[table][row_id] = before._replace(**values)
        for column in INDEXED[table][1:]:
            was, new = getattr(before, column), getattr(row, column)
            if was != new:
                if was in self._index[table, column]:
                    self._index[table, column][was].remove(row_id)
                self._enter(table, column, new, row_id)
        if row_id in self._added[table]:
            self._added[table][row_id] = row
        else:
            self._changed[table].setdefault(row_id, {}).update(values)
        self._grow(table, row_id, values)
        self._told(table, row)
        self._wait()

    def _enter(self, table: sa.Table, column: str, value: Any, row_id: UUID) -> None:
        """Where the rows with this value are known, this is one more; else they are read once
        they are asked for.
        """
        known = self._index[table, column].get(value)
        if known is not None:
            known.append(row_id)

    def _grow(self, table: sa.Table, row_id: UUID, values: Mapping[str, Any]) -> None:
        for (grown, column), tree in self._trees.items():
            if grown is table and (column in values or row_id not in tree):
                tree[row_id] = values.get(column)

    def _wait(self) -> None:
        self._waiting += 1
        if self._waiting >= MOST_WAITING:
            self.send()

    def send(self) -> None:
        """Write what waits: one statement of all that is new, and one for each kind of change."""
        if not self._waiting:
            return
        self._waiting = 0
        for table in _ORDER:
            rows = [row._asdict() for row in self._added.pop(table, {}).values()]
            joint.add_later(self._connection, table, rows)
        joint.send(self._connection)
        for table in _ORDER:
            self._send_changes(table)

    def _send_changes(self, table: sa.Table) -> None:
        kinds: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row_id, values in self._changed.pop(table, {}).items():
            binds = {f"new_{name}": value for name, value in values.items()}
            kinds[tuple(sorted(values))].append(
                {"of_agency": self.actor.agency_id, "this": row_id, **binds}
            )
        for columns, all_binds in kinds.items():
            self._connection.execute(_update(table, columns), all_binds)


@lru_cache
def _shape(table: sa.Table) -> Any:
    """A row as a value of its own: one that the database gave cannot be changed."""
    shape: Any = namedtuple  # its columns are known when it runs
    return shape(table.name, [column.name for column in joint.written(table)])


@lru_cache
def _defaults(table: sa.Table) -> Mapping[str, Any]:
    found = {}
    for column in joint.written(table):
        default: Any = column.default
        found[column.name] = default.arg if default is not None and default.is_scalar else None
    return found


@lru_cache
def _update(table: sa.Table, columns: tuple[str, ...]) -> sa.Update:
    mine = sa.and_(
        table.c.agency_id == sa.bindparam("of_agency"), table.c.id == sa.bindparam("this")
    )
    values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in columns}
    return sa.update(table).where(mine).values(values)
