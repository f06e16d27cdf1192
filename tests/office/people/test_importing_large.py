"""A table too large for one request: looked through, confirmed, carried out once, whatever dies."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import SINCE, Rooms

from engine import faults
from engine.clock import SteppedClock
from engine.errors import Conflict, Forbidden
from engine.jobs import run_job
from office.people import queries
from office.people.commands import (
    AddPerson,
    AddUnit,
    ApplyTable,
    BringTable,
    ChangePerson,
    DropTable,
    EndRole,
    GrantRole,
)
from office.people.models import import_part, org_event, person, table_import
from office.people.queries import ImportRow
from office.people.transfer import states, tables

SIZE = 2_500


@pytest.fixture
def keeper(rooms: Rooms) -> Rooms:
    rooms.empower("ying", "people")
    return rooms


def lines(size: int = SIZE, phone: str = "") -> list[list[str]]:
    rows = [[f"n{n}", f"คน{n}", phone] for n in range(size)]
    return [["username", "given_name", "phone"], *rows]


def bring(rooms: Rooms, content: bytes, table: str = "people", by: str = "ying") -> UUID:
    made = rooms.do(BringTable(table, "x.csv", sha256(content).hexdigest(), content), by=by)
    return UUID(made["id"])


def at(rooms: Rooms, import_id: UUID) -> ImportRow:
    with rooms.read() as db:
        return queries.table_import_of(db, rooms.agency_id, import_id)


def work(rooms: Rooms, import_id: UUID) -> ImportRow:
    """Run the job at hand."""
    with rooms.read() as db:
        found = sa.select(table_import.c.job_id).where(table_import.c.id == import_id)
        job_id = db.execute(found).scalar_one()
    run_job(rooms.bus, job_id)
    return at(rooms, import_id)


def count(rooms: Rooms, table: sa.Table) -> int:
    with rooms.read() as db:
        of = sa.select(sa.func.count()).where(table.c.agency_id == rooms.agency_id)
        return int(db.execute(of).scalar_one())


def confirm(rooms: Rooms, import_id: UUID) -> None:
    plan = at(rooms, import_id).plan
    assert plan
    rooms.do(ApplyTable(import_id, plan), by="ying")


def test_a_file_is_looked_through_confirmed_and_carried_out(keeper: Rooms) -> None:
    before = count(keeper, person)
    this = bring(keeper, tables.write_csv(lines()))
    assert at(keeper, this).at_work
    found = work(keeper, this)
    assert (found.state, found.counts) == (states.READY, {"add": SIZE, "change": 0, "leave": 0})
    assert found.lines[0] == [2, "n0", "add", {"given_name": ["", "คน0"]}]
    assert len(found.lines) == 500
    assert count(keeper, person) == before
    confirm(keeper, this)
    found = work(keeper, this)
    assert (found.state, found.counts) == (states.APPLIED, {"add": SIZE, "change": 0, "leave": 0})
    assert count(keeper, person) == before + SIZE
    assert count(keeper, import_part) == 0
    with keeper.read() as db:
        told = [one.type for one in queries.events_of(db, keeper.agency_id, keeper.agency_id)]
        made = queries.person(db, keeper.agency_id, "n7")
        assert queries.events_of(db, keeper.agency_id, made.id)[0].actor == "ying"
    assert told[:3] == ["table.imported", "table.confirmed", "table.brought"]
    again = bring(keeper, tables.write_csv(lines()))
    assert work(keeper, again).state == states.UNCHANGED


def test_mistakes_are_kept_where_they_are(keeper: Rooms) -> None:
    this = bring(keeper, tables.write_csv([*lines(), ["n1", "x", ""], ["Bad", "x", ""]]))
    found = work(keeper, this)
    assert found.state == states.REFUSED
    told = [(one["path"], one["code"]) for one in found.mistakes]
    assert told == [(f"{SIZE + 2}.username", "twice")]
    assert count(keeper, import_part) == 0
    assert work(keeper, bring(keeper, b"\xff\xfe")).mistakes[0]["code"] == "not_utf8"


def test_what_changed_since_it_was_shown_is_looked_at_again(keeper: Rooms) -> None:
    this = bring(keeper, tables.write_csv(lines(30)))
    shown = work(keeper, this).plan
    keeper.do(AddPerson("n3", "คนอื่น"))
    confirm(keeper, this)
    found = work(keeper, this)
    assert (found.state, found.refused) == (states.CHECKING, states.CHANGED)
    assert count(keeper, person) == 4
    found = work(keeper, this)
    assert found.counts == {"add": 29, "change": 1, "leave": 0}
    assert found.plan != shown
    with pytest.raises(Conflict) as refused:
        keeper.do(ApplyTable(this, str(shown)), by="ying")
    assert refused.value.code == "changed_since"
    confirm(keeper, this)
    assert work(keeper, this).state == states.APPLIED


class Died(BaseException):
    """As if the process were gone."""


@pytest.mark.parametrize("point", ["in_transaction", "before_commit", "after_commit", "table_done"])
def test_a_worker_that_dies_leaves_one_effect(
    keeper: Rooms, clock: SteppedClock, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    this = bring(keeper, tables.write_csv(lines(50)))
    work(keeper, this)
    confirm(keeper, this)
    armed = [True]

    def die(at_point: str) -> None:
        # the lease of the job commits before its work begins
        if at_point == point and armed and working:
            armed.clear()
            raise Died

    working: list[Any] = []
    real = faults.point

    def note(name: str) -> None:
        if name == "before_work":
            working.append(True)
        die(name)
        real(name)

    monkeypatch.setattr(faults, "point", note)
    with pytest.raises(Died):
        work(keeper, this)
    assert not armed
    clock.advance(timedelta(minutes=5))
    found = work(keeper, this)
    assert (found.state, found.counts) == (states.APPLIED, {"add": 50, "change": 0, "leave": 0})
    assert count(keeper, person) == 53
    with keeper.read() as db:
        events = sa.select(sa.func.count()).where(
            org_event.c.agency_id == keeper.agency_id, org_event.c.type == "table.imported"
        )
        assert db.execute(events).scalar_one() == 1


def test_rights_are_asked_for_when_it_is_carried_out(keeper: Rooms, clock: SteppedClock) -> None:
    with pytest.raises(Forbidden):
        bring(keeper, tables.write_csv(lines(3)), by="noi")
    this = bring(keeper, tables.write_csv(lines(3)))
    work(keeper, this)
    confirm(keeper, this)
    keeper.do(GrantRole("rong", "role-people", SINCE))
    with keeper.read() as db:
        grant = queries.grants_of_person(db, keeper.agency_id, "ying", keeper.now)[0]
    keeper.do(EndRole(grant.id))
    clock.advance(timedelta(seconds=1))
    found = work(keeper, this)
    assert (found.state, found.refused) == (states.REFUSED, "forbidden")
    assert count(keeper, person) == 3


def test_a_file_can_be_dropped_and_does_not_wait_for_ever(
    keeper: Rooms, clock: SteppedClock
) -> None:
    this, other = (bring(keeper, tables.write_csv(lines(3))) for _ in range(2))
    work(keeper, this)
    keeper.do(DropTable(this), by="ying")
    assert at(keeper, this).state == states.DROPPED
    with pytest.raises(Conflict):
        keeper.do(ApplyTable(this, str(at(keeper, this).plan)), by="ying")
    clock.advance(timedelta(days=3))
    bring(keeper, tables.write_csv(lines(3)))
    assert at(keeper, other).state == states.DROPPED
    assert count(keeper, import_part) == 1


def test_people_do_not_change_what_others_wait_for(keeper: Rooms) -> None:
    """A moment between the look and the deed in which the very row is changed."""
    this = bring(keeper, tables.write_csv(lines(3)))
    work(keeper, this)
    confirm(keeper, this)
    work(keeper, this)
    again = bring(keeper, tables.write_csv(lines(3, phone="1")))
    assert work(keeper, again).counts == {"add": 0, "change": 3, "leave": 0}
    keeper.do(ChangePerson("n1", phone="2"))
    keeper.do(AddUnit("unrelated", "group", "อื่น"))
    confirm(keeper, again)
    assert work(keeper, again).refused == states.CHANGED
    with keeper.read() as db:
        assert queries.person(db, keeper.agency_id, "n1").phone == "2"


def test_actors_are_persons(keeper: Rooms) -> None:
    """The system asks for no table: nobody could be named for it."""
    content = tables.write_csv(lines(3))
    this = UUID(keeper.do(BringTable("people", "x", sha256(content).hexdigest(), content))["id"])
    assert work(keeper, this).state == states.REFUSED
