"""Many rows at once: few statements, the same outcome, and what goes out comes in unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.rooms import Rooms

from engine.bus import Bus
from engine.errors import Invalid
from office.people import queries
from office.people.commands import AddRole, AddUnit, ImportTable
from office.people.transfer import tables
from office.people.transfer.exporting import export

WHOLE = ("units", "positions", "people", "posts")


def bring(rooms: Rooms, table: str, lines: list[list[str]]) -> dict[str, int]:
    found = tables.read(table, "x.csv", tables.write_csv(lines))
    return rooms.do(ImportTable(table, tuple((row.number, row.cells) for row in found)))


def goes_out(rooms: Rooms, table: str) -> list[list[str]]:
    with rooms.read() as db:
        return tables.lines_of(table, export(db, rooms.agency_id, table, rooms.now), "key")


def posts(first: int, count: int) -> list[list[str]]:
    rows = [[f"p{n}", f"ตำแหน่ง {n}", "records", "officer", "chief"]
            for n in range(first, first + count)]  # fmt: skip
    return [["code", "name", "unit", "level", "superior"], *rows]


def people(first: int, count: int, post: str = "p", phone: str = "") -> list[list[str]]:
    rows = [[f"n{n}", f"คน{n}", f"n{n}@x.go.th", f"{post}{n}", phone]
            for n in range(first, first + count)]  # fmt: skip
    return [["username", "given_name", "email", "position", "phone"], *rows]


@contextmanager
def counted(bus: Bus) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_db: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    sa.event.listen(bus.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        sa.event.remove(bus.engine, "before_cursor_execute", note)


def test_statements_do_not_grow_with_the_rows(rooms: Rooms) -> None:
    counts = {}
    rooms.do(AddUnit("board", "committee", "คณะกรรมการ", parent="office"))
    rooms.do(AddRole("helper", "ผู้ช่วย", ("registry",)))
    for first, size in ((0, 20), (100, 400)):
        for table, lines in (("positions", posts(first, size)), ("people", people(first, size))):
            with counted(rooms.bus) as said:
                assert bring(rooms, table, lines)["added"] == size
            counts[table, size, "new"] = len(said)
        with counted(rooms.bus) as said:
            assert bring(rooms, "people", people(first, size, phone="1"))["changed"] == size
        counts["people", size, "changed"] = len(said)
        with counted(rooms.bus) as said:
            assert bring(rooms, "people", people(first, size, phone="1"))["left"] == size
        counts["people", size, "left"] = len(said)
        several = {
            "seats": [
                "username,committee,seat",
                *(f"n{first + n},board,member" for n in range(size)),
            ],
            "grants": ["username,role", *(f"n{first + n},helper" for n in range(size))],
        }
        for table, rows in several.items():
            with counted(rooms.bus) as said:
                assert bring(rooms, table, [row.split(",") for row in rows])["added"] == size
            counts[table, size, "new"] = len(said)
    for (table, size, what), count in counts.items():
        assert count <= 24, (table, size, what, count)
        assert count <= counts[table, 20, what] + 4, (table, size, what, count)


def test_each_row_leaves_its_own_entries(rooms: Rooms) -> None:
    bring(rooms, "positions", posts(0, 3))
    bring(rooms, "people", people(0, 3))
    bring(rooms, "people", people(0, 2, phone="1"))
    with rooms.read() as db:
        for name, types in (
            ("n1", ["person.changed", "holding.began", "person.added"]),
            ("n2", ["holding.began", "person.added"]),
        ):
            who = queries.person(db, rooms.agency_id, name)
            events = queries.events_of(db, rooms.agency_id, who.id)
            assert [event.type for event in events] == types
        post = queries.position(db, rooms.agency_id, "p2")
        began = queries.events_of(db, rooms.agency_id, post.id)[0]
        assert (began.type, began.data["username"]) == ("holding.began", "n2")
        assert queries.events_of(db, rooms.agency_id, rooms.agency_id)[0].type == "table.imported"


def test_a_large_table_is_one_line_of_the_history(rooms: Rooms) -> None:
    def listed(**asked: Any) -> list[str]:
        with rooms.read() as db:
            found = queries.events(db, rooms.agency_id, page_size=100, **asked)
        return [event.type for event in found.items]

    before = len(listed())
    bring(rooms, "positions", posts(0, 60))
    assert listed()[: len(listed()) - before] == ["table.imported"]
    with rooms.read() as db:
        post = queries.position(db, rooms.agency_id, "p7")
        assert [one.type for one in queries.events_of(db, rooms.agency_id, post.id)] == [
            "position.added"
        ]
        [told] = queries.events(db, rooms.agency_id, page_size=1).items
    assert listed(import_id=UUID(told.data["import_id"])) == ["position.added"] * 60
    bring(rooms, "positions", posts(100, 3))
    assert listed()[:4] == ["table.imported", *["position.added"] * 3]


def test_rows_of_one_file_are_held_against_each_other(rooms: Rooms) -> None:
    """What an earlier row of the file did counts for a later one, though nothing is sent yet."""
    bring(rooms, "positions", posts(0, 2))
    lines = [
        ["username", "given_name", "email", "position"],
        ["one", "ก", "same@x.go.th", "p0"], ["two", "ข", "same@x.go.th", "p1"],
        ["three", "ค", "", "p0"],
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused:
        bring(rooms, "people", lines)
    assert [(error.path, error.code) for error in refused.value.errors] == [
        ("3.email", "taken"), ("4.position", "held"),
    ]  # fmt: skip
    circle = [["code", "parent"], ["office", "records"]]
    with pytest.raises(Invalid):
        bring(rooms, "units", circle)


NAMES = st.text("กขคงมดabc '=-", min_size=1, max_size=8).map(str.strip).filter(bool)
CELLS = st.text("กขค12 =+'@-", max_size=8).map(str.strip)


@settings(max_examples=12, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_what_goes_out_comes_in_unchanged(bus: Bus, data: st.DataObject) -> None:
    """Any structure: each unit and post below one before it, or below none."""
    rooms = Rooms.founded(bus, f"r{uuid4().hex[:20]}")
    count = data.draw(st.integers(1, 12))
    below = [data.draw(st.integers(-1, n - 1)) for n in range(count)]
    units = [["code", "name", "kind", "parent", "phone"]]
    units += [[f"u{n}", data.draw(NAMES), "group", f"u{up}" if up >= 0 else "", data.draw(CELLS)]
              for n, up in enumerate(below)]  # fmt: skip
    seats = [["code", "name", "unit", "level", "superior"]]
    seats += [[f"s{n}", data.draw(NAMES), f"u{n}", "officer", f"s{up}" if up >= 0 else ""]
              for n, up in enumerate(below)]  # fmt: skip
    staff = [["username", "given_name", "family_name", "phone", "position", "since"]]
    staff += [[f"w{n}", data.draw(NAMES), data.draw(CELLS), data.draw(CELLS), f"s{n}",
               data.draw(st.sampled_from(["", "1/10/2568", "2027-01-01"]))]
              for n in range(count)]  # fmt: skip
    for table, lines in (("units", units), ("positions", seats), ("people", staff)):
        # any order in the file
        shuffled = [lines[0], *data.draw(st.permutations(lines[1:]))]
        written = [shuffled[0], *([tables.safe(cell) for cell in line] for line in shuffled[1:])]
        assert bring(rooms, table, written)["added"] == count
    for table in WHOLE:
        out = goes_out(rooms, table)
        done = bring(rooms, table, out)
        assert (done["added"], done["changed"], done["left"]) == (0, 0, len(out) - 1), table
        assert goes_out(rooms, table) == out
