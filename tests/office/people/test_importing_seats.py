"""Members of committees as a table: appointed, ended, mistakes at their cells, out and in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.rooms import Rooms

from engine.errors import Invalid
from office.people import queries
from office.people.commands import (
    AddPosition,
    AddUnit,
    AssignPosition,
    ChangeUnit,
    ImportTable,
    Rehearsed,
)
from office.people.transfer import tables, xlsx
from office.people.transfer.exporting import export

HEAD = "username,committee,seat,since,until"


@pytest.fixture
def board(rooms: Rooms) -> Rooms:
    rooms.do(AddUnit("board", "committee", "คณะกรรมการ", parent="office"))
    return rooms


def _import(rooms: Rooms, name: str, content: bytes, **options: Any) -> Any:
    rows = tuple((row.number, row.cells) for row in tables.read("seats", name, content))
    return rooms.do(ImportTable("seats", rows, **options))


def bring(rooms: Rooms, *lines: str, **options: Any) -> Any:
    return _import(rooms, "x.csv", "\n".join((HEAD, *lines, "")).encode(), **options)


def refused(rooms: Rooms, *lines: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as found:
        bring(rooms, *lines)
    return [(error.path, error.code) for error in found.value.errors]


def out(rooms: Rooms) -> list[list[str]]:
    with rooms.read() as db:
        return tables.lines_of("seats", export(db, rooms.agency_id, "seats", rooms.now), "key")


def seated(rooms: Rooms, days: int = 0) -> dict[str, str]:
    at = rooms.now + timedelta(days=days)
    with rooms.read() as db:
        found = queries.tenures_of_unit(db, rooms.agency_id, "board", at)
    return {one.username: one.position_code for one in found if one.state == "running"}


def test_members_are_appointed_as_people_or_machines_name_their_seats(board: Rooms) -> None:
    lines = ("ying,board,ประธานกรรมการ,,", "rong,board,member,,", "noi,board,Member,,2580-12-31")
    with pytest.raises(Rehearsed) as rehearsed:
        bring(board, *lines, rehearsal=True)
    today = board.now.date().isoformat()
    first, _second, third = rehearsed.value.lines
    assert (first.code, first.verb, first.changes) == (
        "ying · board · ประธานกรรมการ", "add", {"since": ("", today)},
    )  # fmt: skip
    assert third.changes["until"] == ("", "2037-12-31")
    assert seated(board) == {}
    assert bring(board, *lines)["added"] == 3
    assert seated(board) == {
        "ying": "board.chair", "noi": "board.member", "rong": "board.member.2",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_in_as_it_is(board: Rooms, other: Rooms, kind: str) -> None:
    bring(board, "ying,board,chair,2026-01-05,", "noi,board,secretary,2026-01-05,1/12/2580",
          "rong,board,member,2580-02-01,")  # fmt: skip
    lines = out(board)
    assert lines[1:] == [
        ["ying", "board", "ประธานกรรมการ", "2026-01-05", ""],
        ["rong", "board", "กรรมการ", "2037-02-01", ""],
        ["noi", "board", "กรรมการและเลขานุการ", "2026-01-05", "2037-12-01"],
    ]
    written = tables.write_csv(lines) if kind == "csv" else xlsx.write(lines)
    done = _import(board, f"x.{kind}", written)
    assert (done["added"], done["changed"], done["left"]) == (0, 0, 3)
    other.do(AddUnit("board", "committee", "คณะ", parent="office"))
    assert _import(other, f"x.{kind}", written)["added"] == 3
    assert out(other) == lines


def test_a_member_becomes_the_chair_in_one_file(board: Rooms) -> None:
    bring(board, "ying,board,chair,2026-01-05,", "rong,board,member,2026-01-05,")
    day = (board.now + timedelta(days=3)).date()
    after = day + timedelta(days=1)
    done = bring(
        board, f"rong,board,chair,{after},", f"ying,board,chair,,{day}", f"rong,board,member,,{day}"
    )
    assert (done["added"], done["changed"]) == (1, 2)
    assert seated(board, 3) == {"ying": "board.chair", "rong": "board.member"}
    assert seated(board, 5) == {"rong": "board.chair"}


def test_a_seat_with_a_name_of_its_own_goes_by_its_code(board: Rooms) -> None:
    board.do(AddPosition("board.adviser", "ที่ปรึกษา", "board", "officer"))
    board.do(AssignPosition("noi", "board.adviser", board.now.date(), None, False))
    today = board.now.date().isoformat()
    assert out(board)[1:] == [["noi", "board", "board.adviser", today, ""]]
    assert bring(board, f"noi,board,board.adviser,{today},")["left"] == 1
    day = (board.now + timedelta(days=3)).date()
    done = bring(board, f"noi,board,board.adviser,,{day}",
                 f"ying,board,board.adviser,{day + timedelta(days=1)},")  # fmt: skip
    assert (done["added"], done["changed"]) == (1, 1)
    assert seated(board, 5) == {"ying": "board.adviser"}


def test_each_mistake_names_its_cell_and_nothing_is_kept(board: Rooms) -> None:
    bring(board, "ying,board,chair,2026-01-05,2580-12-31")
    before = out(board)
    for line, found in (
        ("nobody,board,member,,", ("2.username", "unknown")),
        ("noi,nowhere,member,,", ("2.committee", "unknown")),
        ("noi,office,member,,", ("2.committee", "no_committee")),
        ("noi,board,emperor,,", ("2.seat", "bad_seat")),
        ("noi,board,,,", ("2.seat", "required")),
        ("noi,board,clerk,,", ("2.seat", "bad_seat")),
        ("noi,board,chair,,", ("2.seat", "chaired")),
        ("ying,board,member,,", ("2.seat", "seated")),
        ("noi,board,member,someday,", ("2.since", "bad_day")),
        ("noi,board,member,2026-12-02,2026-12-01", ("2.until", "too_early")),
        ("ying,board,chair,,2581-12-31", ("2.until", "only_sooner")),
    ):
        assert refused(board, line) == [found], line
    assert refused(board, "noi,board,member,,", "rong,board,emperor,,") == [("3.seat", "bad_seat")]
    assert refused(board, "noi,board,member,,", "noi,board,member,2026-12-09,") == [
        ("3.seat", "twice")
    ]
    assert out(board) == before


def test_a_closed_committee_takes_nobody(board: Rooms) -> None:
    board.do(AddUnit("past", "committee", "คณะเดิม", parent="office"))
    board.do(ChangeUnit("past", active=False))
    assert refused(board, "noi,past,member,,") == [("2.committee", "inactive")]
