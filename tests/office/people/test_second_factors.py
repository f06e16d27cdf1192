"""Second factors that an agency asks for: of whom, from when, and what a lost one means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyotp
import pytest
from support.rooms import Rooms

from engine.actor import system_actor
from engine.errors import Conflict, Forbidden, Invalid, Rejected
from office.accounts import commands as accounts
from office.accounts import credentials, factors, queries
from office.accounts.compulsion import compels
from office.accounts.sign_in import Origin, SignedIn, sign_in
from office.notices import queries as notices

PASSWORD = "three odd words"


@pytest.fixture
def noi(rooms: Rooms) -> Rooms:
    """The clerk has an account, and the chief keeps accounts."""
    system = system_actor(rooms.agency_id)
    credentials.create_account(rooms.bus, system, rooms.person_id("noi"), PASSWORD)
    rooms.empower("ying", "accounts")
    return rooms


def enter(rooms: Rooms, ip: str) -> SignedIn:
    return sign_in(rooms.bus, "noi", PASSWORD, Origin(ip), rooms.code)


def view(rooms: Rooms, token: str) -> Any:
    with rooms.read() as db:
        return queries.session_by_token(db, token, rooms.now, timedelta(hours=1))


def enrol(rooms: Rooms, ip: str) -> tuple[str, list[str]]:
    me = rooms.actor("noi")
    begun = factors.begin_enrolment(rooms.bus, me)
    code = pyotp.TOTP(begun.secret).at(rooms.now)
    with rooms.read() as db:
        (one,) = queries.sessions(db, rooms.agency_id, me.person_id, rooms.now, timedelta(1))
    return begun.secret, factors.confirm_enrolment(rooms.bus, me, code, ip, keep_session=one.id)


def test_whoever_has_to_have_one_enrols_it_first(noi: Rooms, ip: str) -> None:
    noi.do(accounts.CompelSecondFactor("everyone"), by="ying")
    signed_in = enter(noi, ip)
    assert view(noi, signed_in.token).must_enrol
    enrol(noi, ip)
    assert not view(noi, signed_in.token).must_enrol
    assert enter(noi, ip).needs_factor


def test_of_whom_it_is_asked(noi: Rooms) -> None:
    def asked(whom: str, *roles: str) -> bool:
        noi.do(accounts.CompelSecondFactor(whom, roles), by="ying")
        with noi.read() as db:
            return compels(db, noi.agency_id, noi.person_id("noi"), noi.now)

    noi.empower("noi", "read_only")
    assert not asked("nobody")
    assert asked("everyone")
    assert not asked("rights")  # a role that takes away gives no right
    assert asked("nobody", "role-read_only")
    noi.empower("noi", "registry")
    assert asked("rights")


def test_only_whoever_keeps_accounts_asks_for_it(noi: Rooms) -> None:
    with pytest.raises(Forbidden):
        noi.do(accounts.CompelSecondFactor("everyone"), by="noi")
    for wrong in (accounts.CompelSecondFactor("all"), accounts.CompelSecondFactor("nobody", ["x"])):
        with pytest.raises(Invalid):
            noi.do(wrong, by="ying")


def test_what_is_asked_for_is_replaced_and_not_removed(noi: Rooms, ip: str) -> None:
    enter(noi, ip)
    enrol(noi, ip)
    noi.do(accounts.CompelSecondFactor("everyone"), by="ying")
    with pytest.raises(Conflict) as refused:
        noi.do(accounts.RemoveFactor(), by="noi")
    assert refused.value.code == "factor_compulsory"


def test_a_lost_one_is_reset_with_the_sessions_and_a_word(noi: Rooms, ip: str) -> None:
    token = enter(noi, ip).token
    enrol(noi, ip)
    assert view(noi, token)
    noi.do(accounts.RemoveFactor(noi.person_id("noi")), by="ying")
    assert not view(noi, token)
    with noi.read() as db:
        told = notices.recent(db, noi.agency_id, noi.person_id("noi"))
    assert [one.kind for one in told] == ["security", "security"]
    assert "ถอด" in told[0].task_name


def test_recovery_codes_are_made_anew_for_a_code_of_the_factor(noi: Rooms, ip: str) -> None:
    enter(noi, ip)
    _secret, old = enrol(noi, ip)
    me = noi.actor("noi")
    with pytest.raises(Rejected):
        factors.renew_codes(noi.bus, me, "000000", ip)
    new = factors.renew_codes(noi.bus, me, old[0], ip)
    assert not set(new) & set(old)
    with pytest.raises(Rejected):
        factors.check_second_factor(noi.bus, me, old[1], ip)
    assert factors.check_second_factor(noi.bus, me, new[0], ip) == "recovery"


def test_who_has_none_is_counted_and_named(noi: Rooms, ip: str) -> None:
    with noi.read() as db:
        assert queries.second_factors(db, noi.agency_id) == queries.SecondFactors(1, 0)
        assert [one.username for one in queries.without_factor(db, noi.agency_id, 5)] == ["noi"]
    enter(noi, ip)
    enrol(noi, ip)
    with noi.read() as db:
        assert queries.second_factors(db, noi.agency_id) == queries.SecondFactors(1, 1)
        assert queries.without_factor(db, noi.agency_id, 5) == ()
