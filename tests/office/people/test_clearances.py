"""Clearances: granted by others, one at a time, ended by withdrawal, by a day and by leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.rooms import SINCE, Rooms

from engine.errors import Conflict, Forbidden, Invalid, NotFound, ReadOnly, Rejected
from office.people import queries
from office.people.commands import (
    ChangePerson,
    GrantClearance,
    ImportTable,
    LetGo,
    Rehearsed,
    WithdrawClearance,
)
from office.people.transfer import tables
from office.people.transfer.exporting import export

ORDER = "คำสั่งที่ ๑๒/๒๕๖๙"


def grant(
    rooms: Rooms, who: str = "noi", level: int = 2, by: str | None = None, **more: Any
) -> Any:
    wanted = {"order_ref": ORDER, "first_day": rooms.now.date(), **more}
    return UUID(rooms.do(GrantClearance(who, level, **wanted), by=by)["id"])


def level(rooms: Rooms, who: str = "noi", days: int = 0) -> int:
    at = rooms.now + timedelta(days=days)
    with rooms.read() as db:
        person = queries.person(db, rooms.agency_id, who)
        found = queries.actor_for(db, rooms.agency_id, person.id, at).clearance
        said = queries.levels_of(db, rooms.agency_id, [who, "ying"], at)
    assert said == ({who: found} if found > 1 else {})
    return found


def test_a_clearance_holds_from_its_first_day_to_its_last(rooms: Rooms) -> None:
    today = rooms.now.date()
    grant(rooms, level=3, first_day=today + timedelta(3), last_day=today + timedelta(5))
    assert [level(rooms, days=n) for n in (0, 2, 3, 5, 6)] == [1, 1, 3, 3, 1]


def test_one_is_in_force_at_a_moment(rooms: Rooms) -> None:
    first = grant(rooms)
    for other in (2, 3):
        with pytest.raises(Conflict) as found:
            grant(rooms, level=other)
        assert found.value.code == "cleared"
    rooms.do(WithdrawClearance(first, "คำสั่งใหม่"))
    assert level(rooms) == 1
    grant(rooms, level=3)  # on the same day, from where the first ended
    assert level(rooms) == 3
    with rooms.read() as db:
        mine = queries.clearances_of(db, rooms.agency_id, rooms.person_id("noi"), rooms.now)
    assert [(one.level, one.state) for one in mine] == [(3, "running"), (2, "ended")]
    assert mine[1].ends_at == mine[0].starts_at
    assert mine[0].order_ref == ORDER


def test_who_keeps_people_grants_and_nobody_to_themselves(rooms: Rooms) -> None:
    rooms.empower("ying", "people")
    with pytest.raises(Forbidden):
        grant(rooms, by="rong")
    with pytest.raises(Forbidden) as own:
        grant(rooms, "ying", by="ying")
    assert own.value.code == "own_clearance"
    made = grant(rooms, by="ying")
    with pytest.raises(Forbidden):
        rooms.do(WithdrawClearance(made, "x"), by="rong")
    rooms.empower("ying", "read_only")
    with pytest.raises((ReadOnly, Forbidden)):
        rooms.do(WithdrawClearance(made, "x"), by="ying")
    assert level(rooms) == 2
    rooms.empower("rong", "audit")
    queries.demand_to_see(rooms.actor("rong"))
    with pytest.raises(Forbidden):
        queries.demand_to_see(rooms.actor("noi"))


@pytest.mark.parametrize("wrong", [4, 1, 0, 5])
def test_nobody_is_cleared_for_what_goes_on_paper(rooms: Rooms, wrong: int) -> None:
    with pytest.raises(Invalid) as found:
        grant(rooms, level=wrong)
    assert found.value.errors[0].code == ("top_secret" if wrong == 4 else "invalid")
    assert level(rooms) == 1


def test_an_order_is_named_and_the_days_are_in_order(rooms: Rooms) -> None:
    today = rooms.now.date()
    for more in ({"order_ref": "  "}, {"order_ref": "x" * 501}, {"last_day": today - timedelta(1)}):
        with pytest.raises(Invalid):
            grant(rooms, **more)
    with pytest.raises(NotFound):
        grant(rooms, "nobody")


def test_another_agency_neither_sees_nor_ends_it(rooms: Rooms, other: Rooms) -> None:
    made = grant(rooms)
    with pytest.raises(NotFound):
        other.do(WithdrawClearance(made, "x"))
    with other.read() as db:
        assert queries.clearances(db, other.agency_id, other.now) == ()
    assert level(other) == 1


def test_who_leaves_is_cleared_no_more_when_they_come_back(rooms: Rooms) -> None:
    grant(rooms)
    rooms.do(LetGo("noi", "ย้าย"))
    with pytest.raises(Conflict):
        grant(rooms)
    rooms.do(ChangePerson("noi", active=True))
    assert level(rooms) == 1
    grant(rooms)
    rooms.do(ChangePerson("noi", active=False))
    rooms.do(ChangePerson("noi", active=True))
    assert level(rooms) == 1


def test_what_has_ended_is_not_ended_again_nor_later(rooms: Rooms) -> None:
    today = rooms.now.date()
    made = grant(rooms, last_day=today + timedelta(5))
    with pytest.raises(Rejected):
        rooms.do(WithdrawClearance(made, "x", today + timedelta(9)))
    rooms.do(WithdrawClearance(made, "x"))
    with pytest.raises(Conflict):
        rooms.do(WithdrawClearance(made, "x"))


def test_history_tells_who_granted_what_and_by_which_order(rooms: Rooms) -> None:
    rooms.empower("ying", "people")
    made = grant(rooms, by="ying")
    rooms.do(WithdrawClearance(made, "คำสั่งย้าย"), by="ying")
    with rooms.read() as db:
        events = queries.events_of(db, rooms.agency_id, rooms.person_id("noi"), 2)
    assert [(one.type, one.actor) for one in events] == [
        ("clearance.withdrawn", "ying"),
        ("clearance.granted", "ying"),
    ]
    assert events[0].data["reason"] == "คำสั่งย้าย"
    assert (events[1].data["clearance"], events[1].data["order_ref"]) == (2, ORDER)


def bring(rooms: Rooms, *lines: str, by: str | None = None, **options: Any) -> Any:
    text = "\n".join(("username,level,order_ref,since,until", *lines))
    rows = tables.read("clearances", "x.csv", f"{text}\n".encode())
    sent = tuple((row.number, row.cells) for row in rows)
    return rooms.do(ImportTable("clearances", sent, **options), by=by)


def out(rooms: Rooms) -> list[list[str]]:
    with rooms.read() as db:
        return tables.lines_of(
            "clearances", export(db, rooms.agency_id, "clearances", rooms.now), "key"
        )[1:]


def test_a_table_of_clearances_goes_out_and_comes_in(rooms: Rooms, other: Rooms) -> None:
    done = bring(rooms, "noi,ลับ,คำสั่งที่ 1,2026-01-05,31/12/2580", "rong,3,คำสั่งที่ 2,,")
    assert (done["added"], level(rooms, "noi"), level(rooms, "rong")) == (2, 2, 3)
    lines = out(rooms)
    assert [line[:3] for line in lines] == [
        ["noi", "ลับ", "คำสั่งที่ 1"],
        ["rong", "ลับมาก", "คำสั่งที่ 2"],
    ]
    assert lines[0][3:] == ["2026-01-05", "2037-12-31"]
    assert bring(rooms, *(",".join(line) for line in lines))["left"] == 2
    assert bring(other, *(",".join(line) for line in lines))["added"] == 2
    assert out(other) == lines
    sooner = (rooms.now + timedelta(10)).date()
    assert bring(rooms, f"noi,ลับ,คำสั่งที่ 1,,{sooner}")["changed"] == 1
    assert (level(rooms), level(rooms, days=20)) == (2, 1)


def test_a_rehearsal_keeps_nothing(rooms: Rooms) -> None:
    with pytest.raises(Rehearsed) as found:
        bring(rooms, "noi,ลับ,คำสั่งที่ 1,,", rehearsal=True)
    assert found.value.lines[0].changes["order_ref"] == ("", "คำสั่งที่ 1")
    assert level(rooms) == 1


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("nobody,ลับ,x,,", ("2.username", "unknown")),
        ("noi,ลับที่สุด,x,,", ("2.level", "bad_level")),
        ("noi,ลับ,,,", ("2.order_ref", "required")),
        ("rong,ลับมาก,x,,", ("2.level", "cleared")),
        ("rong,ลับ,another,,", ("2.order_ref", "other_order")),
        ("noi,ลับ,x,,2001-01-01", ("2.until", "too_early")),
    ],
)
def test_mistakes_are_told_at_their_cells(
    rooms: Rooms, line: str, mistake: tuple[str, str]
) -> None:
    grant(rooms, "rong", first_day=SINCE)
    before = out(rooms)
    with pytest.raises(Invalid) as found:
        bring(rooms, line)
    assert [(error.path, error.code) for error in found.value.errors] == [mistake]
    assert out(rooms) == before


def test_nobody_brings_in_their_own(rooms: Rooms) -> None:
    rooms.empower("ying", "people")
    with pytest.raises(Invalid) as found:
        bring(rooms, "ying,ลับ,คำสั่งที่ 1,,", by="ying")
    assert [(error.path, error.code) for error in found.value.errors] == [
        ("2.username", "own_clearance")
    ]
