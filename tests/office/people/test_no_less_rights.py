"""Nobody lays hands upon the way in of somebody who may do more than they: act by act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from support.rooms import SINCE, Rooms

from engine.actor import STEWARD
from engine.errors import Forbidden, Rejected
from office.accounts import commands as accounts
from office.people import commands as people

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
#: acts upon another's way in; each asks for no less rights than theirs
GUARDED: dict[str, Callable[[UUID], Any]] = {
    "CreateAccount": lambda whose: accounts.CreateAccount(whose, "hash"),
    "SetPassword": lambda whose: accounts.SetPassword(whose, "hash"),
    "UnlockAccount": accounts.UnlockAccount,
    "OpenReset": accounts.OpenReset,
    "RemoveFactor": accounts.RemoveFactor,
    "RemovePasskey": lambda whose: accounts.RemovePasskey(uuid4(), whose),
    "LinkIdentity": lambda whose: accounts.LinkIdentity(uuid4(), whose, "subject"),
    "StoreToken": lambda whose: accounts.StoreToken(uuid4(), whose, "x", "y", ["read"], NEVER),
    "ChangePerson": lambda _: people.ChangePerson("ying", email="mine@x.go.th"),
    "ChangePerson, who leaves": lambda _: people.ChangePerson("ying", active=False),
    "LetGo": lambda _: people.LetGo("ying", "ย้าย"),
}
#: what only ends what is there
ENDING = {"RevokeSessions", "RevokeTokens"}
#: what the system does for whoever has proved that it is them
PROVED = {"OpenSession"}


@pytest.fixture
def stewarded(rooms: Rooms) -> Rooms:
    """ying founds agencies; noi and rong may do everything that an agency's people may."""
    rooms.do(people.AddRole("steward", "ผู้ตั้งหน่วยงาน", [STEWARD]))
    rooms.do(people.AddRole("admin", "ผู้ดูแล", ["everything"]))
    for name, role in (("ying", "steward"), ("noi", "admin"), ("rong", "admin")):
        rooms.do(people.GrantRole(name, role, SINCE))
    return rooms


def came(rooms: Rooms, act: str, by: str) -> str:
    """ "done", or why not."""
    try:
        rooms.do(GUARDED[act](rooms.person_id("ying")), by=by)
    except Rejected as refused:
        return refused.code
    return "done"


@pytest.mark.parametrize("act", sorted(GUARDED))
def test_who_may_less_is_refused(stewarded: Rooms, act: str) -> None:
    assert came(stewarded, act, "noi") == "more_rights"
    stewarded.do(people.GrantRole("noi", "steward", SINCE))
    assert came(stewarded, act, "noi") != "more_rights"


def test_a_right_to_come_counts_and_one_that_has_ended_does_not(stewarded: Rooms) -> None:
    today = stewarded.now.date()
    grant = stewarded.do(people.GrantRole("rong", "steward", today + timedelta(days=9)))["id"]
    reset = accounts.OpenReset(stewarded.person_id("rong"))
    with pytest.raises(Forbidden, match="agencies"):
        stewarded.do(reset, by="noi")
    stewarded.do(people.EndRole(UUID(grant)))
    stewarded.do(reset, by="noi")


def test_nobody_ends_a_role_that_they_could_not_give(stewarded: Rooms) -> None:
    """Who ended it first could act upon the account next."""
    grant = stewarded.do(people.GrantRole("rong", "steward", SINCE))["id"]
    end = people.EndRole(UUID(grant))
    with pytest.raises(Forbidden, match="agencies"):
        stewarded.do(end, by="noi")
    stewarded.do(end, by="rong")  # their own they give up


def test_what_takes_away_is_no_right_and_ones_own_account_is_ones_own(stewarded: Rooms) -> None:
    for name in ("helper", "reader"):
        stewarded.do(people.AddPerson(name, name))
    stewarded.empower("helper", "accounts")
    stewarded.empower("reader", "read_only")
    stewarded.do(accounts.OpenReset(stewarded.person_id("reader")), by="helper")
    with pytest.raises(Forbidden, match="everything"):
        stewarded.do(accounts.OpenReset(stewarded.person_id("rong")), by="helper")
    stewarded.empower("ying", "people")
    stewarded.do(people.ChangePerson("ying", email="new@x.go.th"), by="ying")


def test_whoever_may_less_still_ends_what_is_there(stewarded: Rooms) -> None:
    whose = stewarded.person_id("ying")
    assert stewarded.do(accounts.RevokeSessions(whose), by="noi") == {"revoked": 0}
    assert stewarded.do(accounts.RevokeTokens(whose), by="noi") == {"revoked": 0}


def test_no_act_upon_another_is_forgotten() -> None:
    named = {
        command.__name__
        for command in accounts.HANDLERS
        if "person_id" in {one.name for one in fields(command)}
    }
    assert named == (GUARDED.keys() & named) | ENDING | PROVED
