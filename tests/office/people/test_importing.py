"""Importing tables: what is added, changed, left; nothing half; a rehearsal leaves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.rooms import Rooms

from engine.errors import Forbidden, Invalid
from office.people import queries
from office.people.commands import ImportTable, Rehearsed
from office.people.transfer import tables
from office.people.transfer.exporting import export


def rows(table: str, text: str) -> tuple[tuple[int, Any], ...]:
    found = tables.read(table, "x.csv", text.encode())
    return tuple((row.number, row.cells) for row in found)


def units(rooms: Rooms) -> set[str]:
    with rooms.read() as db:
        return {row.code for row in queries.units(db, rooms.agency_id)}


def refused(rooms: Rooms, table: str, text: str, by: str | None = None) -> list[tuple[str, str]]:
    before = units(rooms)
    with pytest.raises(Invalid) as found:
        rooms.do(ImportTable(table, rows(table, text)), by=by)
    assert units(rooms) == before
    return [(error.path, error.code) for error in found.value.errors]


UNITS = """code,name,kind,parent,phone
lower,กลุ่มล่าง,group,upper,
upper,กลุ่มบน,division,office,2
records,กลุ่มสารบรรณใหม่,group,office,3
office,สำนักงาน,department,,
"""


def test_rows_are_added_changed_and_left_in_one_commit(rooms: Rooms) -> None:
    with pytest.raises(Rehearsed) as rehearsed:
        rooms.do(ImportTable("units", rows("units", UNITS), rehearsal=True))
    assert [(line.number, line.code, line.verb) for line in rehearsed.value.lines] == [
        (2, "lower", "add"), (3, "upper", "add"), (4, "records", "change"), (5, "office", "leave"),
    ]  # fmt: skip
    assert rehearsed.value.lines[2].changes == {
        "name": ("กลุ่มสารบรรณ", "กลุ่มสารบรรณใหม่"), "phone": ("", "3"),
    }  # fmt: skip
    assert units(rooms) == {"office", "records"}
    done = rooms.do(ImportTable("units", rows("units", UNITS)))
    assert done == {"added": 2, "changed": 1, "left": 1}
    with rooms.read() as db:
        assert queries.unit(db, rooms.agency_id, "lower").path == ("สำนักงาน", "กลุ่มบน", "กลุ่มล่าง")
    again = rooms.do(ImportTable("units", rows("units", UNITS)))
    assert again == {"added": 0, "changed": 0, "left": 4}


def test_one_mistake_keeps_everything_out(rooms: Rooms) -> None:
    wrong = UNITS + "bad,ผิด,galaxy,office,\nBAD,ผิด,group,,\nlost,หลง,group,nowhere,\nbare,,,,\n"
    assert refused(rooms, "units", wrong) == [
        ("6.kind", "invalid"), ("7.code", "bad_code"), ("8.parent", "unknown"),
        ("9.name", "required"), ("9.kind", "required"),
    ]  # fmt: skip
    assert refused(rooms, "units", "code,parent\noffice,records\n") == [("2.parent", "circle")]


def test_a_circle_of_the_file_is_told_at_each_of_its_rows(rooms: Rooms) -> None:
    circle = (
        "code,name,kind,parent\nbelow,ล่าง,group,a\na,ก,group,b\nfine,ดี,group,office\n"
        "b,ข,group,c\nc,ค,group,a\nself,ตน,group,self\nlost,หลง,group,nowhere\n"
    )
    with pytest.raises(Invalid) as found:
        rooms.do(ImportTable("units", rows("units", circle)))
    told = [(error.path, error.code) for error in found.value.errors]
    assert told == [
        ("3.parent", "circle"), ("5.parent", "circle"), ("6.parent", "circle"),
        ("7.parent", "circle"), ("8.parent", "unknown"),
    ]  # fmt: skip
    assert "a (row 3) → b (row 5) → c (row 6) → a (row 3)" in found.value.errors[0].message
    assert units(rooms) == {"office", "records"}
    known = "code,superior\nchief,deputy\ndeputy,chief\n"
    assert refused(rooms, "positions", known) == [
        ("2.superior", "circle"), ("3.superior", "circle"),
    ]  # fmt: skip


def test_posts_and_people_come_with_what_they_name(rooms: Rooms) -> None:
    posts = (
        "code,name,unit,level,superior\nsub,ตำแหน่งล่าง,records,officer,top\n"
        "top,บน,office,group,chief\n"
    )
    assert rooms.do(ImportTable("positions", rows("positions", posts)))["added"] == 2
    text = (
        "username,given_name,family_name,email,position\nmai,ใหม่,มาดี,mai@x.go.th,sub\n"
        "noi,น้อย,,,clerk\n"
    )
    assert rooms.do(ImportTable("people", rows("people", text))) == {
        "added": 1, "changed": 1, "left": 0,
    }  # fmt: skip
    with rooms.read() as db:
        held = queries.posts(db, rooms.agency_id, ["mai", "noi"], rooms.now)
        assert queries.person(db, rooms.agency_id, "noi").email is None
    assert [post.code for post in held["mai"]] == ["sub"]
    wrong = (
        "username,given_name,email,position\nmai2,x,mai@x.go.th,\nmai3,x,no mail,\n"
        "mai4,x,,clerk\nnoi,x,,sub\n"
    )
    assert refused(rooms, "people", wrong) == [
        ("2.email", "taken"), ("3.email", "bad_email"), ("5.position", "held"),
    ]  # fmt: skip


def test_what_goes_out_changes_nothing_when_it_comes_in(rooms: Rooms) -> None:
    for table in ("units", "positions", "people"):
        with rooms.read() as db:
            lines = tables.lines_of(table, export(db, rooms.agency_id, table, rooms.now), "th")
        found = tables.read(table, "x.csv", tables.write_csv(lines))
        done = rooms.do(ImportTable(table, tuple((one.number, one.cells) for one in found)))
        assert (done["added"], done["changed"]) == (0, 0), table
        assert done["left"] == len(lines) - 1


def test_only_who_keeps_people_brings_tables_in(rooms: Rooms) -> None:
    with pytest.raises(Forbidden):
        rooms.do(ImportTable("units", rows("units", UNITS)), by="noi")
    rooms.empower("noi", "people")
    assert rooms.do(ImportTable("units", rows("units", UNITS)), by="noi")["added"] == 2
    rooms.empower("ying", "everything")
    text = "username,email\nying,thief@x.go.th\n"
    assert refused(rooms, "people", text, by="noi") == [("2.email", "more_rights")]


# -- who comes to another post ----------------------------------------------------------------

POSTS = "code,name,unit,level\nleft,ซ้าย,records,officer\nright,ขวา,records,officer\n"
TWO = "username,given_name,position\nsom,ส้ม,left\nkai,ไก่,right\n"


@pytest.fixture
def two(rooms: Rooms) -> Rooms:
    """Two people in two posts since 2026-11-01 or so: today."""
    rooms.do(ImportTable("positions", rows("positions", POSTS)))
    rooms.do(ImportTable("people", rows("people", TWO)))
    return rooms


def held(rooms: Rooms, days: int) -> dict[str, list[str]]:
    """Main posts so many days from now."""
    with rooms.read() as db:
        found = queries.posts(db, rooms.agency_id, ["som", "kai"], rooms.now + timedelta(days=days))
    return {name: [post.code for post in posts] for name, posts in found.items()}


def test_two_change_places_on_a_day(two: Rooms) -> None:
    day = (two.now + timedelta(days=5)).date()
    swap = f"username,position,since\nsom,right,{day}\nkai,left,{day}\n"
    with pytest.raises(Rehearsed) as rehearsed:
        two.do(ImportTable("people", rows("people", swap), rehearsal=True))
    assert rehearsed.value.lines[0].changes == {
        "position": ("left", "right"), "since": ("", day.isoformat()),
    }  # fmt: skip
    assert two.do(ImportTable("people", rows("people", swap)))["changed"] == 2
    assert held(two, 4) == {"som": ["left"], "kai": ["right"]}
    assert held(two, 5) == {"som": ["right"], "kai": ["left"]}
    with two.read() as db:
        som = queries.person(db, two.agency_id, "som")
        events = [
            (e.type, e.data["position"], e.data.get("first_day", e.data.get("last_day")))
            for e in queries.events_of(db, two.agency_id, som.id)
            if e.type.startswith("holding.")
        ]
    before = (day - timedelta(days=1)).isoformat()
    assert events[:2] == [
        ("holding.began", "right", day.isoformat()), ("holding.ended", "left", before),
    ]  # fmt: skip


def test_without_a_day_it_is_today_and_an_empty_cell_ends_it(two: Rooms) -> None:
    text = "username,position\nsom,\nkai,left\n"
    assert two.do(ImportTable("people", rows("people", text)))["changed"] == 2
    assert held(two, 0) == {"som": [], "kai": ["left"]}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("som,right,2026-99-01", ("2.since", "bad_day")),
        ("som,right,1/1/2500", ("2.since", "too_early")),
        ("som,left,1/1/2580", ("2.since", "stays")),
        ("som,right,1/1/2580", ("2.position", "held")),
        ("som,nowhere,", ("2.position", "unknown")),
    ],
)
def test_a_move_that_cannot_be_is_told_at_its_cell(
    two: Rooms, line: str, wrong: tuple[str, str]
) -> None:
    assert refused(two, "people", f"username,position,since\n{line}\n") == [wrong]
    assert held(two, 0) == {"som": ["left"], "kai": ["right"]}


def test_spreadsheets_dates_and_thai_ones_are_days(two: Rooms) -> None:
    serial = (two.now.date() + timedelta(days=3) - date(1899, 12, 30)).days
    text = f"ชื่อผู้ใช้,รหัสตำแหน่งหลัก,ดำรงตำแหน่งตั้งแต่\nkai,,{serial}\n"
    assert two.do(ImportTable("people", rows("people", text)))["changed"] == 1
    assert (held(two, 2)["kai"], held(two, 3)["kai"]) == (["right"], [])
