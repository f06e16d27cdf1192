"""Signing in: what a guesser learns (nothing), how long a session lives, who may end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from engine.bus import Bus
from engine.clock import SteppedClock
from engine.errors import NotFound, Rejected, TooMany
from engine.models.command_log import command_log
from office.accounts import commands as accounts
from office.accounts import credentials, queries
from office.accounts.models import attempt, guard, session
from office.accounts.settings import settings_of
from office.accounts.sign_in import Origin, SignedIn, sign_in
from office.accounts.targets import password_target
from office.people import commands as people

PASSWORD = "three odd words"


@pytest.fixture
def noi(rooms: Rooms) -> Rooms:
    """The agency, with an account for its clerk."""
    _open_account(rooms)
    return rooms


def _open_account(rooms: Rooms, username: str = "noi", password: str = PASSWORD) -> None:
    from engine.actor import system_actor

    credentials.create_account(
        rooms.bus, system_actor(rooms.agency_id), rooms.person_id(username), password
    )


def _try(rooms: Rooms, ip: str, password: str = PASSWORD, login: str = "noi") -> SignedIn:
    return sign_in(rooms.bus, login, password, Origin(ip, "Browser"), rooms.code)


def _code(rooms: Rooms, ip: str, password: str, login: str = "noi") -> str:
    with pytest.raises(Rejected) as refused:
        _try(rooms, ip, password, login)
    return refused.value.code


def _session(rooms: Rooms, token: str) -> queries.SessionView | None:
    with rooms.read() as db:
        return queries.session_by_token(db, token, rooms.now, settings_of(rooms.bus.services).idle)


def test_the_right_password_opens_a_session(noi: Rooms, ip: str) -> None:
    opened = _try(noi, ip)
    seen = _session(noi, opened.token)
    assert seen is not None
    assert (seen.username, seen.agency_id, seen.amr) == ("noi", noi.agency_id, ["pwd"])
    assert (seen.needs_factor, seen.must_change) == (False, False)
    assert noi.actor("noi").username == seen.username


def test_one_may_sign_in_by_mail_address_and_in_any_case(noi: Rooms, ip: str) -> None:
    assert _try(noi, ip, login=f" NOI@{noi.code}.Example.go.th ").username == "noi"
    assert _try(noi, ip, login="Noi").username == "noi"


def test_only_hashes_are_kept(noi: Rooms, ip: str) -> None:
    opened = _try(noi, ip)
    _code(noi, ip, "wrong", login="a password typed into the wrong field")
    with noi.read() as db:
        tables = (session, attempt, command_log)
        stored = "".join(str(db.execute(sa.select(table)).all()) for table in tables)
    for secret in (opened.token, PASSWORD, "wrong field"):
        assert secret not in stored


def test_an_unknown_name_answers_as_a_wrong_password_does(noi: Rooms, ip: str) -> None:
    assert _code(noi, ip, "wrong") == _code(noi, ip, "wrong", login="nobody") == "bad_credentials"


def test_the_same_name_in_two_agencies_is_told_apart(
    noi: Rooms, other: Rooms, bus: Bus, ip: str
) -> None:
    _open_account(other, password="quite another phrase")
    assert _try(noi, ip).agency_id == noi.agency_id
    assert _code(noi, ip, "quite another phrase") == "bad_credentials"
    theirs = sign_in(bus, "noi", "quite another phrase", Origin(ip), other.code)
    assert theirs.agency_id == other.agency_id


def test_one_password_in_two_agencies_must_name_the_agency(
    rooms: Rooms, other: Rooms, bus: Bus, ip: str
) -> None:
    name = f"twin{rooms.code}"
    for agency in (rooms, other):
        agency.do(people.AddPerson(name, "ฝาแฝด"))
        _open_account(agency, name)
    with pytest.raises(Rejected) as refused:
        sign_in(bus, name, PASSWORD, Origin(ip))
    assert refused.value.code == "agency_needed"


@pytest.mark.parametrize("login", ["noi", "nobody"])
def test_five_guesses_a_minute_alike_for_every_name(
    noi: Rooms, clock: SteppedClock, ip: str, login: str
) -> None:
    name = login if login == "noi" else f"nobody-{noi.code}"
    for _ in range(5):
        assert _code(noi, ip, "wrong", name) == "bad_credentials"
    with pytest.raises(TooMany) as refused:
        _try(noi, ip, login=name)
    assert (refused.value.code, refused.value.retry_after) == ("too_many", 60)
    clock.advance(timedelta(seconds=61))
    assert _code(noi, ip, "wrong", name) == "bad_credentials"


@pytest.mark.parametrize("login", ["noi", "nobody"])
def test_wrong_guesses_lock_alike_for_every_name(
    noi: Rooms, clock: SteppedClock, ip: str, login: str
) -> None:
    name = login if login == "noi" else f"nobody-{noi.code}"
    for n in range(10):
        assert _code(noi, f"{ip}:{n}", "wrong", name) == "bad_credentials"
    with pytest.raises(TooMany) as refused:
        _try(noi, f"{ip}:x", PASSWORD, name)
    assert refused.value.code == "locked"
    clock.advance(timedelta(minutes=15, seconds=1))
    if login == "noi":
        assert _try(noi, f"{ip}:y").username == "noi"


def test_an_administrator_lifts_the_lock(noi: Rooms, ip: str) -> None:
    for n in range(10):
        _code(noi, f"{ip}:{n}", "wrong")
    target = password_target(noi.bus.services, noi.agency_id, "noi")
    with noi.read() as db:
        assert target in queries.locked(db, [target], noi.now)
    unlock = accounts.UnlockAccount(noi.person_id("noi"))
    with pytest.raises(Rejected):
        noi.do(unlock, by="rong")
    noi.empower("rong", "accounts")
    noi.do(unlock, by="rong")
    assert _try(noi, ip).username == "noi"


def test_an_address_that_guesses_at_many_names_is_stopped(noi: Rooms, ip: str) -> None:
    for n in range(30):
        _code(noi, ip, "wrong", f"name-{noi.code}-{n}")
    with pytest.raises(TooMany):
        _try(noi, ip)


def test_a_right_password_forgets_the_wrong_ones(noi: Rooms, clock: SteppedClock, ip: str) -> None:
    for n in range(9):
        _code(noi, f"{ip}:{n}", "wrong")
    _try(noi, ip)
    target = password_target(noi.bus.services, noi.agency_id, "noi")
    with noi.read() as db:
        assert db.execute(sa.select(guard).where(guard.c.target == target)).first() is None


def test_sessions_end_when_idle_and_in_any_case(noi: Rooms, clock: SteppedClock, ip: str) -> None:
    idle = _try(noi, ip)
    clock.advance(timedelta(minutes=59))
    assert _session(noi, idle.token)
    clock.advance(timedelta(minutes=2))
    assert _session(noi, idle.token) is None
    busy = _try(noi, ip)
    for _ in range(13):
        clock.advance(timedelta(minutes=55))
        noi.do(accounts.TouchSession(busy.session_id), by="noi")
    assert _session(noi, busy.token)
    clock.advance(timedelta(minutes=6))
    assert _session(noi, busy.token) is None


def test_signing_out_ends_the_token(noi: Rooms, ip: str) -> None:
    opened = _try(noi, ip)
    noi.do(accounts.RevokeSession(opened.session_id), by="noi")
    assert _session(noi, opened.token) is None
    with pytest.raises(Rejected) as refused:
        noi.do(accounts.RevokeSession(opened.session_id), by="noi")
    assert refused.value.code == "session_ended"


def test_a_session_is_nobody_elses_to_see_or_end(noi: Rooms, other: Rooms, ip: str) -> None:
    opened = _try(noi, ip)
    for agency, by in ((noi, "rong"), (other, "noi")):
        with pytest.raises(NotFound):
            agency.do(accounts.RevokeSession(opened.session_id), by=by)
    with pytest.raises(Rejected):
        noi.do(accounts.RevokeSessions(noi.person_id("noi")), by="rong")
    noi.empower("rong", "accounts")
    assert noi.do(accounts.RevokeSessions(noi.person_id("noi")), by="rong") == {"revoked": 1}
    assert _session(noi, opened.token) is None


def test_ones_sessions_are_listed_and_others_can_be_ended(
    noi: Rooms, clock: SteppedClock, ip: str
) -> None:
    first, second = _try(noi, ip), _try(noi, ip)
    with noi.read() as db:
        listed = queries.sessions(
            db, noi.agency_id, noi.person_id("noi"), noi.now, timedelta(hours=1)
        )
    assert {row.id for row in listed} == {first.session_id, second.session_id}
    assert listed[0].agent == "Browser"
    noi.do(accounts.RevokeSessions(keep=second.session_id), by="noi")
    assert _session(noi, first.token) is None
    assert _session(noi, second.token)


def test_who_has_left_is_signed_out_and_stays_out(noi: Rooms, ip: str) -> None:
    opened = _try(noi, ip)
    noi.do(people.ChangePerson("noi", active=False))
    assert _session(noi, opened.token) is None
    assert _code(noi, ip, PASSWORD) == "bad_credentials"


def test_a_hash_made_the_old_way_is_made_anew(noi: Rooms, ip: str) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
    me = noi.person_id("noi")
    noi.do(accounts.SetPassword(me, weak.hash(PASSWORD)))
    _try(noi, ip)
    with noi.read() as db:
        row = queries.claimant(db, noi.agency_id, me)
    assert row is not None
    assert not settings_of(noi.bus.services).hasher.check_needs_rehash(row.password_hash or "")
    assert _try(noi, ip)


def test_a_random_token_is_no_session(noi: Rooms) -> None:
    for token in ("", "x", "๑๒๓", "a" * 5000):
        assert _session(noi, token) is None
