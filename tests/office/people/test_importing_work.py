"""One committee, or one role, of very many: twice the rows are twice the work, and no more."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from support.rooms import Rooms

import office.people
from office.people import queries
from office.people.commands import AddRole, AddUnit, ImportTable
from office.people.transfer import tables

FEW, MORE = 40, 160
HEADS = {
    "people": "username,given_name",
    "seats": "username,committee,seat,since,until",
    "grants": "username,role,since,until",
}
ROOM = str(Path(office.people.__file__).parent)


@contextmanager
def worked() -> Iterator[list[int]]:
    """How many lines of the people's room run: each turn of a loop is one again."""
    lines = [0]

    def line(_frame: FrameType, event: str, _more: Any) -> Callable[..., Any]:
        lines[0] += event == "line"
        return line

    def call(frame: FrameType, _event: str, _more: Any) -> Callable[..., Any] | None:
        return line if frame.f_code.co_filename.startswith(ROOM) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield lines
    finally:
        sys.settrace(before)


def bring(rooms: Rooms, table: str, head: str, *lines: str) -> dict[str, int]:
    content = "\n".join((head, *lines, "")).encode()
    rows = tuple((row.number, row.cells) for row in tables.read(table, "x.csv", content))
    return rooms.do(ImportTable(table, rows), by="ying")


@pytest.fixture
def many(rooms: Rooms) -> Rooms:
    rooms.empower("ying", "everything")
    rooms.do(AddRole("helper", "ผู้ช่วย", ("registry",)))
    names = [f"n{n},คน{n}" for n in range(FEW + MORE)]
    assert bring(rooms, "people", HEADS["people"], *names)["added"] == FEW + MORE
    return rooms


def test_work_grows_with_the_rows_of_one_committee_or_role(many: Rooms) -> None:
    today = many.now.date()
    after, later = today + timedelta(days=9), today + timedelta(days=10)
    spent: dict[tuple[str, int], float] = {}
    for first, size in ((0, FEW), (FEW, MORE)):
        body, names = f"board{size}", [f"n{n}" for n in range(first, first + size)]
        many.do(AddUnit(body, "committee", "คณะกรรมการ", parent="office"))
        acts = {
            "seated": ("seats", [f"{name},{body},member,{today}," for name in names]),
            "left": ("seats", [f"{name},{body},member,{today}," for name in names]),
            "unseated": ("seats", [f"{name},{body},member,{today},{after}" for name in names]),
            "seated again": ("seats", [f"{name},{body},member,{later}," for name in names]),
            "granted": ("grants", [f"{name},helper,," for name in names]),
            "ended": ("grants", [f"{name},helper,,{after}" for name in names]),
        }
        for act, (table, lines) in acts.items():
            with worked() as ran:
                done = bring(many, table, HEADS[table], *lines)
            assert size in done.values(), (act, done)
            spent[act, size] = ran[0] / size
    for (act, _), each in spent.items():
        assert each <= 1.2 * spent[act, FEW], spent
    with many.read() as db:
        terms = queries.tenures_of_unit(db, many.agency_id, f"board{MORE}", many.now)
    # who comes after another has a seat that is there
    assert len({one.position_code for one in terms}) == MORE
