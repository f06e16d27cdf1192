"""Importing second posts and roles: begun, ended on a day, mistakes at their cells, out and in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.rooms import Rooms

from engine.errors import Invalid
from office.people import queries
from office.people.commands import (
    AddRole,
    AddUnit,
    GrantRole,
    ImportTable,
    Rehearsed,
    SeatMember,
)
from office.people.transfer import tables
from office.people.transfer.exporting import export


@pytest.fixture
def roles(rooms: Rooms) -> Rooms:
    rooms.do(AddRole("keeper", "ผู้ดูแล", ("people",)))
    rooms.do(AddRole("reader", "ผู้อ่าน", ("audit",)))
    rooms.do(AddRole("operator", "ผู้เดินระบบ", ("operate",)))
    return rooms


def bring(rooms: Rooms, table: str, *lines: str, by: str | None = None, **options: Any) -> Any:
    key = {"posts": "position", "grants": "role"}[table]
    text = "\n".join((f"username,{key},since,until", *lines))
    rows = tuple(
        (row.number, row.cells) for row in tables.read(table, "x.csv", f"{text}\n".encode())
    )
    return rooms.do(ImportTable(table, rows, **options), by=by)


def refused(rooms: Rooms, table: str, line: str, by: str | None = None) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as found:
        bring(rooms, table, line, by=by)
    return [(error.path, error.code) for error in found.value.errors]


def held(rooms: Rooms, who: str, days: int = 0) -> list[tuple[str, bool]]:
    with rooms.read() as db:
        found = queries.posts(db, rooms.agency_id, [who], rooms.now + timedelta(days=days))[who]
    return [(post.code, post.is_primary) for post in found]


def granted(rooms: Rooms, who: str, days: int = 0) -> list[str]:
    at = rooms.now + timedelta(days=days)
    with rooms.read() as db:
        who_id = queries.person(db, rooms.agency_id, who).id
        return [one.code for one in queries.roles_of(db, rooms.agency_id, who_id, at)]


def out(rooms: Rooms, table: str) -> list[list[str]]:
    with rooms.read() as db:
        return tables.lines_of(table, export(db, rooms.agency_id, table, rooms.now), "key")[1:]


def test_one_person_comes_to_a_second_post_and_leaves_it(rooms: Rooms) -> None:
    with pytest.raises(Rehearsed) as rehearsed:
        bring(rooms, "posts", "noi,vacant,,", rehearsal=True)
    (line,) = rehearsed.value.lines
    today = rooms.now.date().isoformat()
    assert (line.code, line.verb, line.changes) == (
        "noi · vacant", "add", {"since": ("", today)},
    )  # fmt: skip
    assert held(rooms, "noi") == [("clerk", True)]
    assert bring(rooms, "posts", "noi,vacant,,")["added"] == 1
    assert held(rooms, "noi") == [("clerk", True), ("vacant", False)]
    day = (rooms.now + timedelta(days=3)).date()
    after = day + timedelta(days=1)
    # who takes the post up stands first in the file: who leaves it goes first all the same
    done = bring(rooms, "posts", f"ying,vacant,{after},", f"noi,vacant,,{day}")
    assert (done["added"], done["changed"]) == (1, 1)
    assert held(rooms, "noi", 5) == [("clerk", True)]
    assert held(rooms, "ying", 5) == [("chief", True), ("vacant", False)]
    assert out(rooms, "posts") == [
        ["noi", "vacant", today, day.isoformat()], ["ying", "vacant", after.isoformat(), ""],
    ]  # fmt: skip


def test_what_goes_out_comes_in_as_it_is(roles: Rooms) -> None:
    bring(roles, "posts", "noi,vacant,2026-01-05,1/12/2580")
    bring(roles, "grants", "noi,reader,,", "rong,reader,2026-01-05,31/12/2580")
    roles.do(AddUnit("board", "committee", "คณะกรรมการ"))
    roles.do(SeatMember("board", "rong", "chair", roles.now.date()))
    assert [line[0] for line in out(roles, "posts")] == ["noi"]
    assert [line[:2] for line in out(roles, "grants")] == [["noi", "reader"], ["rong", "reader"]]
    for table in ("posts", "grants"):
        lines = [",".join(line) for line in out(roles, table)]
        assert bring(roles, table, *lines) == {"added": 0, "changed": 0, "left": len(lines)}


def test_roles_are_granted_and_ended_on_a_day(roles: Rooms) -> None:
    assert bring(roles, "grants", "noi,reader,,", "noi,keeper,,")["added"] == 2
    assert granted(roles, "noi") == ["keeper", "reader"]
    day = (roles.now + timedelta(days=3)).date()
    assert bring(roles, "grants", f"noi,reader,,{day}")["changed"] == 1
    assert (granted(roles, "noi", 2), granted(roles, "noi", 5)) == (
        ["keeper", "reader"],
        ["keeper"],
    )
    # another keeps people, but does not hold what the role grants
    assert refused(roles, "grants", "ying,operator,,", by="noi") == [("2.role", "forbidden")]


@pytest.mark.parametrize(
    ("table", "line", "wrong"),
    [
        ("posts", "nobody,vacant,,", ("2.username", "unknown")),
        ("posts", "noi,nowhere,,", ("2.position", "unknown")),
        ("posts", "noi,deputy,,", ("2.position", "held")),
        ("posts", "noi,clerk,,", ("2.position", "main_post")),
        ("posts", "rong,board.chair,,", ("2.position", "seat")),
        ("posts", "noi,vacant,2026-99-01,", ("2.since", "bad_day")),
        ("posts", "noi,vacant,,nie", ("2.until", "bad_day")),
        ("posts", "noi,vacant,2580-02-01,2580-01-01", ("2.until", "too_early")),
        ("grants", "noi,nothing,,", ("2.role", "unknown")),
        ("grants", "rong,reader,2026-02-02,", ("2.since", "begun")),
        ("grants", "rong,reader,,2001-01-01", ("2.until", "too_early")),
        ("grants", "ying,reader,,", ("2.until", "only_sooner")),
        ("grants", "ying,reader,,1/1/2590", ("2.until", "only_sooner")),
    ],
)
def test_a_mistake_is_told_at_its_cell(
    roles: Rooms, table: str, line: str, wrong: tuple[str, str]
) -> None:
    roles.do(AddUnit("board", "committee", "คณะกรรมการ"))
    roles.do(SeatMember("board", "rong", "chair", roles.now.date()))
    roles.do(GrantRole("rong", "reader", roles.now.date()))
    until = (roles.now + timedelta(days=900)).date()
    roles.do(GrantRole("ying", "reader", roles.now.date(), until))
    before = (out(roles, "posts"), out(roles, "grants"))
    assert refused(roles, table, line) == [wrong]
    assert (out(roles, "posts"), out(roles, "grants")) == before


def test_a_pair_stands_in_a_file_once(rooms: Rooms) -> None:
    assert refused(rooms, "posts", "noi,vacant,,\nying,vacant,,\nnoi,vacant,,") == [
        ("4.position", "twice")
    ]
    assert refused(rooms, "grants", "noi,,,") == [("2.role", "required")]
