"""Closing, handing over and seats: what stands in the way, and what the history keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from support.rooms import SINCE, Rooms

from engine.errors import Conflict, NotFound, Stale
from office.people import commands as people
from office.people import queries
from office.people.models import org_event

TODAY = date(2026, 11, 23)


def events(rooms: Rooms, kind: str) -> list[dict[str, Any]]:
    with rooms.read() as db:
        wanted = sa.select(org_event.c.data).where(
            org_event.c.agency_id == rooms.agency_id, org_event.c.type == kind
        )
        return list(db.execute(wanted.order_by(org_event.c.id)).scalars())


def test_a_change_keeps_what_was(rooms: Rooms) -> None:
    rooms.do(people.AddUnit("archive", "group", "หอจดหมายเหตุ", parent="office"))
    rooms.do(people.ChangeUnit("archive", name="คลังเอกสาร", parent="records", phone="1"))
    (data,) = events(rooms, "unit.changed")
    assert data == {
        "name": "คลังเอกสาร", "phone": "1", "parent": "records",
        "was": {"name": "หอจดหมายเหตุ", "phone": None, "parent": "office"},
    } or data["was"] == {"name": "หอจดหมายเหตุ", "phone": None, "parent": "office"}  # fmt: skip
    rooms.do(people.ChangeUnit("archive", name="คลังเอกสาร"))
    assert len(events(rooms, "unit.changed")) == 1
    rooms.do(people.ChangePosition("vacant", unit="archive", superior="chief", level="division"))
    (data,) = events(rooms, "position.changed")
    assert data["was"] == {"level": "group", "unit": "records", "superior": "deputy"}


def test_a_change_of_another_version_is_refused(rooms: Rooms) -> None:
    with rooms.read() as db:
        seen = queries.version(db, rooms.agency_id, "position", "clerk")
    rooms.do(people.ChangePosition("clerk", name="เจ้าพนักงาน", expected=seen))
    with pytest.raises(Stale):
        rooms.do(people.ChangePosition("clerk", name="นักวิชาการ", expected=seen))
    with rooms.read() as db:
        assert queries.position(db, rooms.agency_id, "clerk").name == "เจ้าพนักงาน"


def refused(rooms: Rooms, command: Any) -> str:
    with pytest.raises(Conflict) as found:
        rooms.do(command)
    return str(found.value.code)


def test_a_post_in_use_is_not_closed(rooms: Rooms) -> None:
    rooms.do(people.AddPosition("second", "รองคนที่สอง", "office", "deputy", "chief"))
    rooms.do(people.ChangePosition("vacant", superior="second"))
    assert refused(rooms, people.ChangePosition("second", active=False)) == "has_below"
    rooms.do(people.RecordInstrument("vacant_post", "rong", "vacant", "คำสั่ง ๒", TODAY, TODAY))
    assert refused(rooms, people.ChangePosition("vacant", active=False)) == "lent"
    rooms.do(people.ChangePosition("vacant", superior="chief"))
    rooms.do(people.ChangePosition("second", active=False))
    assert refused(rooms, people.ChangePosition("vacant", superior="second")) == "inactive"


def test_a_unit_opens_only_below_an_open_one(rooms: Rooms) -> None:
    rooms.do(people.AddUnit("upper", "group", "บน", parent="office"))
    rooms.do(people.AddUnit("lower", "group", "ล่าง", parent="upper"))
    rooms.do(people.ChangeUnit("lower", active=False))
    rooms.do(people.ChangeUnit("upper", active=False))
    assert refused(rooms, people.ChangeUnit("lower", active=True)) == "inactive"
    assert refused(rooms, people.AddUnit("third", "group", "สาม", parent="upper")) == "inactive"
    assert refused(rooms, people.AddPosition("x", "x", "upper", "officer")) == "inactive"
    rooms.do(people.ChangeUnit("lower", parent=""))
    rooms.do(people.ChangeUnit("lower", active=True))


def test_a_post_is_handed_over_without_a_gap(rooms: Rooms) -> None:
    rooms.do(people.AddPerson("mai", "Mai"))
    rooms.do(people.HandOver("clerk", "mai", TODAY))
    with rooms.read() as db:
        new, old = queries.tenures_of_post(db, rooms.agency_id, "clerk", rooms.now)
    assert (old.username, new.username) == ("noi", "mai")
    assert old.ends_at == new.starts_at
    assert [one["username"] for one in events(rooms, "holding.ended")] == ["noi", "noi"]
    assert refused(rooms, people.HandOver("clerk", "noi", date(2026, 11, 1))) == "held"
    assert refused(rooms, people.HandOver("vacant", "mai", TODAY)) == "second_primary"
    with rooms.read() as db:
        assert queries.holders(db, rooms.agency_id, ["vacant"], rooms.now) == {"vacant": ()}


def test_seats_are_used_again_and_the_chair_is_one(rooms: Rooms) -> None:
    rooms.do(people.AddUnit("board", "committee", "คณะกรรมการ", parent="office"))
    first = rooms.do(people.SeatMember("board", "noi", "member", SINCE, date(2026, 6, 30)))
    again = rooms.do(people.SeatMember("board", "rong", "member", TODAY))
    third = rooms.do(people.SeatMember("board", "ying", "member", TODAY))
    assert [one["position"] for one in (first, again, third)] == [
        "board.member", "board.member", "board.member.2",
    ]  # fmt: skip
    rooms.do(people.SeatMember("board", "noi", "chair", TODAY))
    rooms.do(people.AddPerson("mai", "Mai"))
    assert refused(rooms, people.SeatMember("board", "mai", "chair", TODAY)) == "chaired"
    assert refused(rooms, people.SeatMember("board", "noi", "member", TODAY)) == "seated"
    with pytest.raises(NotFound):
        rooms.do(people.SeatMember("office", "mai", "member", TODAY))
    assert "unit:board" in rooms.actor("noi").principals
