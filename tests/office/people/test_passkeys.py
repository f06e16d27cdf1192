"""Passkeys on both databases: enrolled, answered once for one thing, copied ones refused, lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from support.authenticator import Authenticator
from support.rooms import Rooms

from api.desk import StoredFactors
from engine.actor import Actor, system_actor
from engine.clock import SteppedClock
from engine.errors import Conflict, Forbidden, Invalid, NotFound, Rejected, TooMany
from office.accounts import commands as accounts
from office.accounts import credentials, factors, passkeys, queries
from office.accounts.guesses import WrongProof, WrongSecret
from office.accounts.party import Party
from office.accounts.passkeys import ADD, KEY, PRESENT, REPLACE, SIGN, SIGN_IN, WrongPasskey
from office.accounts.sign_in import Origin, prove_second_factor, sign_in
from office.people.models import org_event

PASSWORD = "three odd words"
HERE = Party("localhost", "http://localhost")


@dataclass
class Holder:
    """Somebody with a device, in a sentence each."""

    rooms: Rooms
    ip: str
    username: str = "noi"
    device: Authenticator = field(default_factory=Authenticator)

    @property
    def me(self) -> Actor:
        return self.rooms.actor(self.username)

    def enrol(self, name: str = "โทรศัพท์", device: Authenticator | None = None) -> list[str]:
        options = passkeys.ask_new(self.rooms.bus, self.me, HERE, self.ip)
        answer = (device or self.device).create(options)
        return passkeys.enrol(self.rooms.bus, self.me, name, answer, self.ip)

    def answer(self, purpose: str = PRESENT, bound: str = "", **client: object) -> str:
        options = passkeys.ask(self.rooms.bus, self.me, HERE, purpose, self.ip, bound)
        return self.device.get(options, **client)

    def check(self, answer: str, purpose: str = PRESENT, bound: str = "") -> None:
        passkeys.check(self.rooms.bus, self.me, purpose, answer, self.ip, bound, {"about": bound})

    def rows(self) -> tuple[queries.PasskeyRow, ...]:
        with self.rooms.read() as db:
            return queries.passkeys(db, self.rooms.agency_id, self.rooms.person_id(self.username))

    def told(self, event: str) -> list[dict[str, object]]:
        with self.rooms.read() as db:
            said = sa.select(org_event.c.data).where(
                org_event.c.agency_id == self.rooms.agency_id, org_event.c.type == event
            )
            return [row.data for row in db.execute(said)]


@pytest.fixture
def noi(rooms: Rooms, ip: str) -> Holder:
    for name in ("noi", "ying"):
        person = rooms.person_id(name)
        credentials.create_account(rooms.bus, system_actor(rooms.agency_id), person, PASSWORD)
    return Holder(rooms, ip)


def test_the_first_one_brings_recovery_codes_and_ends_other_sessions(noi: Holder, ip: str) -> None:
    before = sign_in(noi.rooms.bus, "noi", PASSWORD, Origin(ip), noi.rooms.code)
    assert not before.needs_factor
    assert len(noi.enrol()) == 10
    assert noi.enrol("กุญแจสำรอง", Authenticator()) == []
    assert [(one.name, one.used_at) for one in noi.rows()] == [
        ("โทรศัพท์", None),
        ("กุญแจสำรอง", None),
    ]
    with noi.rooms.read() as db:
        ended = queries.session_by_token(db, before.token, noi.rooms.now, timedelta(hours=1))
    assert ended is None


def test_it_is_the_second_factor_of_signing_in(noi: Holder, ip: str) -> None:
    noi.enrol()
    half = sign_in(noi.rooms.bus, "noi", PASSWORD, Origin(ip), noi.rooms.code)
    assert half.needs_factor
    with noi.rooms.read() as db:
        view = queries.session_by_token(db, half.token, noi.rooms.now, timedelta(hours=1))
    assert view is not None
    whole = prove_second_factor(noi.rooms.bus, view, noi.answer(bound=SIGN_IN), Origin(ip))
    with noi.rooms.read() as db:
        found = queries.session_by_token(db, whole.token, noi.rooms.now, timedelta(hours=1))
    assert found is not None
    assert found.actor is not None
    assert set(found.amr) == {"pwd", "pop", "mfa"}
    assert noi.rows()[0].used_at == noi.rooms.now


def test_an_answer_counts_once(noi: Holder) -> None:
    noi.enrol()
    answer = noi.answer()
    noi.check(answer)
    with pytest.raises(WrongPasskey):
        noi.check(answer)
    assert noi.told("passkey.used") == [{"name": "โทรศัพท์", "purpose": PRESENT, "about": ""}]


def test_an_answer_is_for_what_was_asked_alone(noi: Holder) -> None:
    noi.enrol()
    answer = noi.answer(SIGN, "digest one")
    for purpose, bound in ((SIGN, "digest two"), (PRESENT, "digest one"), (PRESENT, "")):
        with pytest.raises(WrongPasskey):
            noi.check(answer, purpose, bound)
    noi.check(answer, SIGN, "digest one")


def test_an_answer_is_no_code(noi: Holder) -> None:
    """Where codes alone count, what a passkey answered for nothing in particular proves nothing."""
    noi.enrol()
    answer = noi.answer()
    with pytest.raises(WrongSecret):
        factors.check_code(noi.rooms.bus, noi.me, answer, noi.ip)
    desk = StoredFactors(lambda: noi.rooms.bus)
    assert not desk.check_totp(noi.me, answer, {})
    assert factors.check_second_factor(noi.rooms.bus, noi.me, answer, noi.ip) == "pop"


def test_another_persons_answer_is_none(noi: Holder) -> None:
    noi.enrol()
    ying = Holder(noi.rooms, noi.ip, "ying")
    ying.enrol()
    with pytest.raises(WrongPasskey):
        noi.check(ying.answer())
    options = passkeys.ask(noi.rooms.bus, noi.me, HERE, PRESENT, noi.ip)
    with pytest.raises(WrongPasskey):
        noi.check(ying.device.get(options))
    with pytest.raises(Conflict):
        noi.enrol("ของคนอื่น", ying.device)


def test_a_late_answer_is_refused(noi: Holder, clock: SteppedClock) -> None:
    noi.enrol()
    answer = noi.answer()
    clock.advance(passkeys.VALID)
    with pytest.raises(WrongPasskey):
        noi.check(answer)


def test_an_answer_from_elsewhere_is_refused(noi: Holder) -> None:
    noi.enrol()
    elsewhere: list[dict[str, object]] = [
        {"origin": "http://localhost.evil.example"},
        {"origin": "https://localhost"},
        {"crossOrigin": True},
        {"type": "webauthn.create"},
    ]
    for client in elsewhere:
        with pytest.raises(WrongPasskey):
            noi.check(noi.answer(**client))


def test_nobody_at_the_device_is_refused(noi: Holder) -> None:
    noi.enrol()
    noi.device.verifies = False
    with pytest.raises(WrongPasskey):
        noi.check(noi.answer())
    with pytest.raises(WrongPasskey):
        noi.enrol("ไม่มีใคร", Authenticator(verifies=False))


def test_a_copy_counts_backwards_and_is_refused_and_told(noi: Holder) -> None:
    noi.device.counts = 40
    noi.enrol()
    noi.check(noi.answer())
    noi.device.counts = 41
    with pytest.raises(WrongPasskey):
        noi.check(noi.answer())
    assert noi.told("passkey.copied") == [{"name": "โทรศัพท์", "had": 41, "got": 41}]
    noi.device.counts = 42
    noi.check(noi.answer())


def test_a_device_that_counts_nothing_is_good(noi: Holder) -> None:
    noi.device.counts = None
    noi.enrol()
    noi.check(noi.answer())
    noi.check(noi.answer())


def test_what_is_no_answer_is_refused(noi: Holder, clock: SteppedClock) -> None:
    noi.enrol()
    empty = '{"rawId": "AA", "id": "AA", "response": {}}'
    for answer in ("{", "[]", "{}", '{"id": 1}', empty, "{" * 20_000):
        clock.advance(timedelta(minutes=2))
        with pytest.raises(WrongPasskey):
            noi.check(answer)
    for answer in ("{}", empty):
        with pytest.raises(WrongPasskey):
            passkeys.enrol(noi.rooms.bus, noi.me, "x", answer, noi.ip)


def test_a_forged_signature_is_refused(noi: Holder) -> None:
    noi.enrol()
    real = noi.device.key
    noi.device.key = Authenticator().key
    with pytest.raises(WrongPasskey):
        noi.check(noi.answer())
    noi.device.key = real
    answer = json.loads(noi.answer())
    answer["response"]["signature"] = answer["response"]["signature"][:-8] + "AAAAAAAA"
    with pytest.raises(WrongPasskey):
        noi.check(json.dumps(answer))


def test_wrong_answers_are_counted_like_guesses(noi: Holder) -> None:
    noi.enrol()
    for _ in range(5):
        with pytest.raises(WrongPasskey):
            noi.check("{}")
    with pytest.raises(TooMany):
        noi.check("{}")


def test_other_factors_are_proved_before_they_are_replaced(noi: Holder) -> None:
    """An open desk must not be enough to get a factor of one's own beside a passkey."""
    codes = noi.enrol()
    begun = factors.begin_enrolment(noi.rooms.bus, noi.me)
    digits = pyotp.TOTP(begun.secret).at(noi.rooms.now)
    with pytest.raises(WrongProof):
        factors.confirm_enrolment(noi.rooms.bus, noi.me, digits, noi.ip, proof="")
    factors.confirm_enrolment(
        noi.rooms.bus, noi.me, digits, noi.ip, proof=noi.answer(bound=REPLACE)
    )
    with pytest.raises(WrongSecret):
        credentials.prove_present(noi.rooms.bus, noi.me, PASSWORD, Origin(noi.ip), KEY)
    with pytest.raises(WrongPasskey):
        credentials.prove_present(noi.rooms.bus, noi.me, noi.answer(bound=KEY), Origin(noi.ip), ADD)
    credentials.prove_present(noi.rooms.bus, noi.me, noi.answer(bound=KEY), Origin(noi.ip), KEY)
    assert codes


def test_names_change_and_the_last_one_takes_the_recovery_codes_along(noi: Holder) -> None:
    noi.enrol()
    row = noi.rows()[0]
    noi.rooms.do(accounts.RenamePasskey(row.id, "  โทรศัพท์  ใหม่ "), by="noi")
    assert noi.rows()[0].name == "โทรศัพท์ ใหม่"
    with pytest.raises(Invalid):
        noi.rooms.do(accounts.RenamePasskey(row.id, " "), by="noi")
    for by in ("ying", "rong"):
        with pytest.raises((Forbidden, NotFound)):
            noi.rooms.do(accounts.RemovePasskey(row.id), by=by)
        with pytest.raises(Forbidden):
            noi.rooms.do(accounts.RemovePasskey(row.id, noi.rooms.person_id("noi")), by=by)
    noi.rooms.do(accounts.RemovePasskey(row.id), by="noi")
    assert noi.rows() == ()
    with noi.rooms.read() as db:
        assert not queries.recovery_codes_left(db, noi.rooms.agency_id, noi.rooms.person_id("noi"))
    with pytest.raises(Rejected) as refused:
        noi.answer()
    assert refused.value.code == "no_passkey"


def test_who_must_have_a_factor_keeps_the_last_and_an_administrator_takes_it(
    noi: Holder, ip: str
) -> None:
    noi.enrol()
    noi.rooms.do(accounts.CompelSecondFactor("everyone"))
    row = noi.rows()[0]
    with pytest.raises(Conflict) as refused:
        noi.rooms.do(accounts.RemovePasskey(row.id), by="noi")
    assert refused.value.code == "factor_compulsory"
    half = sign_in(noi.rooms.bus, "noi", PASSWORD, Origin(ip), noi.rooms.code)
    assert half.needs_factor
    noi.rooms.empower("ying", "accounts")
    noi.rooms.do(accounts.RemovePasskey(row.id, noi.rooms.person_id("noi")), by="ying")
    assert noi.rows() == ()
    with noi.rooms.read() as db:
        gone = queries.session_by_token(db, half.token, noi.rooms.now, timedelta(hours=1))
        without = queries.without_factor(db, noi.rooms.agency_id, 10)
    assert gone is None
    assert "noi" in {one.username for one in without}


def test_nobody_takes_their_own_factor_as_an_administrator(noi: Holder) -> None:
    """That way asks for no proof: an open desk must not be enough."""
    noi.enrol()
    me, (row,) = noi.rooms.person_id("noi"), noi.rows()
    lost = [accounts.RemovePasskey(row.id, me), accounts.RemoveFactor(me)]
    for command in lost:
        with pytest.raises(Forbidden):
            noi.rooms.do(command, by="noi")
    noi.rooms.empower("noi", "accounts")
    for command in lost:
        with pytest.raises(Conflict) as refused:
            noi.rooms.do(command, by="noi")
        assert refused.value.code == "own_factor"
    assert noi.rows() == (row,)


def test_passkeys_of_another_agency_are_not_found(noi: Holder, other: Rooms) -> None:
    noi.enrol()
    other.empower("ying", "accounts")
    with pytest.raises(NotFound):
        other.do(accounts.RemovePasskey(noi.rows()[0].id, noi.rooms.person_id("noi")), by="ying")
