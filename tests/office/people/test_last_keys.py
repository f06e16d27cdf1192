"""The last who can give a right keep it, and who leaves takes nothing along."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from support.rooms import SINCE, Rooms

from engine.errors import Conflict, Forbidden, Invalid
from office.accounts import queries as accounts
from office.accounts.commands import OpenSession
from office.accounts.secrets import new_token, sha256
from office.people import commands as people
from office.people import queries
from office.people.models import person_role, role


def grant_of(rooms: Rooms, username: str, code: str) -> UUID:
    with rooms.read() as db:
        found: UUID = db.execute(
            sa.select(person_role.c.id)
            .join(role, role.c.id == person_role.c.role_id)
            .where(person_role.c.agency_id == rooms.agency_id, role.c.code == code)
            .where(person_role.c.person_id == rooms.person_id(username))
        ).scalar_one()
    return found


def refused(rooms: Rooms, command: Any, by: str, code: str = "last_keeper") -> None:
    with pytest.raises(Conflict) as conflict:
        rooms.do(command, by=by)
    assert conflict.value.code == code


@pytest.fixture
def kept(rooms: Rooms) -> Rooms:
    """ying alone may do everything; noi keeps people alone."""
    rooms.do(people.AddRole("boss", "ผู้ดูแล", ["everything"]))
    rooms.do(people.AddRole("keeper", "ดูแลคน", ["people"]))
    rooms.do(people.GrantRole("ying", "boss", SINCE))
    rooms.do(people.GrantRole("noi", "keeper", SINCE))
    return rooms


def test_the_last_who_may_everything_cannot_end_it(kept: Rooms) -> None:
    grant = grant_of(kept, "ying", "boss")
    refused(kept, people.EndRole(grant), "ying")
    later = kept.now.date() + timedelta(days=90)
    refused(kept, people.EndRole(grant, later), "ying")  # nor on a day to come
    assert kept.actor("ying").may("connectors")
    kept.do(people.GrantRole("noi", "boss", SINCE), by="ying")
    kept.do(people.EndRole(grant), by="ying")
    assert not kept.actor("ying").may("connectors")
    assert kept.actor("noi").may("connectors")


def test_whoever_is_left_for_a_time_is_nobody_to_rely_on(kept: Rooms) -> None:
    until = kept.now.date() + timedelta(days=30)
    kept.do(people.GrantRole("noi", "boss", SINCE, until), by="ying")
    refused(kept, people.EndRole(grant_of(kept, "ying", "boss")), "ying")


def test_its_rights_are_not_taken_from_the_role_either(kept: Rooms) -> None:
    refused(kept, people.ChangeRole("boss", rights=["people", "accounts"]), "ying")
    refused(kept, people.ChangeRole("boss", rights=["everything", "read_only"]), "ying")
    kept.do(people.ChangeRole("boss", name="ผู้ดูแลระบบ"), by="ying")


def test_nor_by_a_role_that_takes_every_change_away(kept: Rooms) -> None:
    kept.do(people.AddRole("reader", "ผู้อ่าน", ["read_only"]), by="ying")
    refused(kept, people.GrantRole("ying", "reader", SINCE), "ying")
    kept.do(people.GrantRole("noi", "reader", SINCE), by="ying")  # ying can still give all


def test_nor_by_a_person_who_leaves(kept: Rooms) -> None:
    kept.do(people.AddRole("second", "อีกคน", ["everything"]))
    kept.do(people.GrantRole("noi", "second", SINCE, kept.now.date() + timedelta(days=9)))
    refused(kept, people.LetGo("ying", "ย้าย"), "noi")
    refused(kept, people.ChangePerson("ying", active=False), "noi")
    refused(kept, people.ChangePerson("ying", active=False), "ying", "own_self")
    assert kept.actor("ying").may("everything")


def test_a_file_is_told_at_its_cell(kept: Rooms) -> None:
    today = kept.now.date().isoformat()
    cells = {"username": "ying", "role": "boss", "until": today}
    with pytest.raises(Invalid) as wrong:
        kept.do(people.ImportTable("grants", [(2, cells)]), by="ying")
    assert [(one.path, one.code) for one in wrong.value.errors] == [("2.until", "last_keeper")]


def test_each_row_of_a_file_counts_what_those_before_it_did(kept: Rooms) -> None:
    until = (kept.now.date() + timedelta(days=9)).isoformat()
    earlier = (SINCE - timedelta(days=1)).isoformat()
    ends = {"role": "boss", "since": SINCE.isoformat(), "until": until}
    rows = [
        {"username": "noi", "role": "keeper", "until": until},
        {"username": "noi", "role": "boss", "since": earlier},
        {"username": "ying", **ends},
    ]
    done = kept.do(people.ImportTable("grants", list(enumerate(rows, 2))), by="ying")
    assert (done["added"], done["changed"]) == (1, 2)
    kept.do(people.AddRole("third", "อีกคน", ["everything"]))
    kept.do(people.GrantRole("rong", "third", SINCE))
    both = [
        {"username": "rong", **ends, "role": "third"},
        {"username": "noi", **ends, "since": earlier},
    ]
    with pytest.raises(Invalid) as wrong:
        kept.do(people.ImportTable("grants", list(enumerate(both, 2))), by="ying")
    # by the order of their days, noi's goes first
    assert [(one.path, one.code) for one in wrong.value.errors] == [("2.until", "last_keeper")]


def test_what_nobody_could_give_is_ended_as_ever(rooms: Rooms) -> None:
    """Accounts are kept by one who keeps no people: nobody here gives that role."""
    rooms.empower("noi", "accounts")
    rooms.empower("ying", "people", "accounts")
    grant = grant_of(rooms, "noi", "role-accounts")
    rooms.do(people.EndRole(grant), by="ying")
    assert not rooms.actor("noi").may("accounts")


def test_the_system_founds_and_takes_down(kept: Rooms) -> None:
    kept.do(people.EndRole(grant_of(kept, "ying", "boss")))
    assert not kept.actor("ying").may("people")


def test_of_two_who_take_it_from_each_other_at_once_one_keeps_it(kept: Rooms) -> None:
    kept.do(people.GrantRole("noi", "boss", SINCE))
    acts = [("ying", grant_of(kept, "noi", "boss")), ("noi", grant_of(kept, "ying", "boss"))]
    actors = [(kept.actor(who), grant) for who, grant in acts]
    gate, told = threading.Barrier(2), []

    def act(actor: Any, grant: UUID) -> None:
        gate.wait()
        try:
            kept.bus.execute(people.EndRole(grant), actor)
            told.append("done")
        except (Conflict, Forbidden) as no:
            told.append(no.code)

    threads = [threading.Thread(target=act, args=pair) for pair in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == ["done", "last_keeper"]
    assert [kept.actor(who).may("everything") for who in ("ying", "noi")].count(True) == 1


# -- whoever leaves ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["let_go", "change"])
def test_nothing_comes_back_with_who_returns(kept: Rooms, way: str) -> None:
    me = kept.person_id("noi")
    token = new_token()
    kept.do(OpenSession(me, sha256(token), ("pwd",), False, "", ""))
    kept.do(people.RecordInstrument("vacant_post", "noi", "vacant", "ที่ 1", SINCE, SINCE))
    leaves = people.LetGo("noi", "ย้าย") if way == "let_go" else people.ChangePerson(
        "noi", active=False
    )  # fmt: skip
    kept.do(leaves, by="ying")
    kept.do(people.ChangePerson("noi", active=True), by="ying")
    assert set(kept.actor("noi").principals) == {"person:noi"}
    with kept.read() as db:
        assert queries.posts_acted_for(db, kept.agency_id, me, kept.now) == ()
        assert accounts.sessions(db, kept.agency_id, me, kept.now, timedelta(days=9)) == ()
