"""Each act upon people and accounts writes its own entry: this act, its doer, its subject."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from support.rooms import SINCE, Rooms

from office.accounts import commands as accounts
from office.people import commands as people
from office.people.models import org_event, person, position, role, unit

Make = Callable[[Rooms], Any]
DAY = date(2030, 1, 7)


def of(table: sa.Table, code: str) -> Callable[[Rooms], UUID]:
    column = "username" if table is person else "code"

    def look(rooms: Rooms) -> UUID:
        with rooms.read() as db:
            found: UUID = db.execute(
                sa.select(table.c.id).where(
                    table.c.agency_id == rooms.agency_id, table.c[column] == code
                )
            ).scalar_one()
        return found

    return look


NOI, AGENCY = of(person, "noi"), lambda rooms: rooms.agency_id

#: (what is done, the type of its entry, to whom or what), in this order
ACTS: list[tuple[Make, str, Callable[[Rooms], UUID]]] = [
    (lambda _: people.ChangeAgency(name="ชื่อใหม่"), "agency.changed", AGENCY),
    (lambda _: people.AddUnit("plan", "group", "แผน"), "unit.added", of(unit, "plan")),
    (lambda _: people.ChangeUnit("plan", name="แผนงาน"), "unit.changed", of(unit, "plan")),
    (lambda _: people.AddPosition("planner", "นักแผน", "plan", "officer"), "position.added",
     of(position, "planner")),
    (lambda _: people.ChangePosition("planner", name="นักวิเคราะห์"), "position.changed",
     of(position, "planner")),
    (lambda _: people.AddPerson("som", "ส้ม"), "person.added", of(person, "som")),
    (lambda _: people.ChangePerson("noi", phone="1"), "person.changed", NOI),
    (lambda _: people.AssignPosition("som", "planner", SINCE), "holding.began", of(person, "som")),
    (lambda _: people.HandOver("planner", "noi", DAY, is_primary=False), "holding.began", NOI),
    (lambda _: people.AddRole("r", "บทบาท", ["calendar"]), "role.added", of(role, "r")),
    (lambda _: people.ChangeRole("r", name="อื่น"), "role.changed", of(role, "r")),
    (lambda _: people.GrantRole("noi", "r", SINCE), "role.granted", NOI),
    (lambda _: people.GrantClearance("noi", 2, "คำสั่ง 1", SINCE), "clearance.granted", NOI),
    (lambda _: people.RecordLeave("noi", "sick", DAY, DAY), "leave.recorded", NOI),
    (lambda rooms: accounts.CreateAccount(NOI(rooms), "hash"), "account.created", NOI),
    (lambda rooms: accounts.SetPassword(NOI(rooms), "other"), "account.password_changed", NOI),
    (lambda rooms: accounts.UnlockAccount(NOI(rooms)), "account.unlocked", NOI),
    (lambda rooms: accounts.OpenReset(NOI(rooms)), "account.reset_requested", NOI),
    (lambda rooms: accounts.RevokeSessions(NOI(rooms)), "session.revoked", NOI),
    (lambda _: accounts.CompelSecondFactor("everyone"), "factor.compelled", AGENCY),
    (lambda _: people.LetGo("som", "ย้าย"), "person.left", of(person, "som")),
]  # fmt: skip


def entries(rooms: Rooms) -> list[Any]:
    with rooms.read() as db:
        asked = sa.select(org_event).where(org_event.c.agency_id == rooms.agency_id)
        return list(db.execute(asked.order_by(org_event.c.id)))


def test_each_act_writes_its_own_entry(rooms: Rooms) -> None:
    rooms.empower("ying", "everything")
    untold = []
    for make, kind, subject in ACTS:
        command, before = make(rooms), {one.id for one in entries(rooms)}
        rooms.do(command, by="ying")
        new = [one for one in entries(rooms) if one.id not in before]
        told = {(one.type, one.subject_id, one.actor) for one in new}
        if (kind, subject(rooms), "ying") not in told:
            untold.append((type(command).__name__, kind))
    assert untold == []
