"""Passwords changed and forgotten, second factors, API tokens, and the guard before any secret."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from support.rooms import Rooms

from api.desk import StoredFactors
from engine.actor import system_actor
from engine.bus import Bus
from engine.clock import SteppedClock
from engine.errors import Forbidden, Invalid, NotFound, Rejected, TooMany
from engine.ids import new_id
from engine.models.job import job
from engine.ports import JobInput
from office.accounts import commands as accounts
from office.accounts import credentials, factors, queries
from office.accounts.commands.resets import MAIL_ACTION
from office.accounts.guesses import WrongProof, WrongSecret, guarded
from office.accounts.secrets import sha256
from office.accounts.sign_in import Origin, SignedIn, prove_second_factor, sign_in
from office.demo.secrets import PASSWORDS
from office.documents.models import document, document_reader
from office.notices.postbox import RecordingPostbox
from office.people import commands as people
from office.people import queries as people_queries
from office.people.models import org_event

PASSWORD, NEW = "three odd words", "four quite odd words"


@pytest.fixture
def noi(rooms: Rooms) -> Rooms:
    credentials.create_account(
        rooms.bus, system_actor(rooms.agency_id), rooms.person_id("noi"), PASSWORD
    )
    return rooms


def _enter(rooms: Rooms, ip: str, password: str = PASSWORD) -> SignedIn:
    return sign_in(rooms.bus, "noi", password, Origin(ip), rooms.code)


def _session(rooms: Rooms, token: str) -> queries.SessionView | None:
    with rooms.read() as db:
        return queries.session_by_token(db, token, rooms.now, timedelta(hours=1))


# -- passwords -------------------------------------------------------------------------------


def test_a_changed_password_ends_the_other_sessions(noi: Rooms, ip: str) -> None:
    here, there = _enter(noi, ip), _enter(noi, ip)
    credentials.change_password(
        noi.bus, noi.actor("noi"), PASSWORD, NEW, Origin(ip), here.session_id
    )
    assert _session(noi, here.token)
    assert _session(noi, there.token) is None
    assert _enter(noi, ip, NEW)
    with pytest.raises(Rejected):
        _enter(noi, ip)


def test_a_new_password_must_be_good_and_the_present_one_right(noi: Rooms, ip: str) -> None:
    me, origin = noi.actor("noi"), Origin(ip)
    for bad, code in (("short", "too_short"), (PASSWORDS["thotsop"], "demo_secret")):
        with pytest.raises(Invalid) as refused:
            credentials.change_password(noi.bus, me, PASSWORD, bad, origin)
        assert refused.value.errors[0].code == code
    with pytest.raises(WrongSecret):
        credentials.change_password(noi.bus, me, "wrong", NEW, origin)
    assert _enter(noi, ip)


def test_a_first_password_is_made_and_must_be_changed(rooms: Rooms, ip: str) -> None:
    rooms.empower("ying", "accounts")
    me = rooms.person_id("noi")
    first = credentials.create_account(rooms.bus, rooms.actor("ying"), me)
    opened = _enter(rooms, ip, first)
    view = _session(rooms, opened.token)
    assert view is not None
    assert view.must_change
    credentials.change_password(
        rooms.bus, rooms.actor("noi"), first, NEW, Origin(ip), opened.session_id
    )
    view = _session(rooms, opened.token)
    assert view is not None
    assert not view.must_change
    with pytest.raises(Rejected) as refused:
        credentials.create_account(rooms.bus, rooms.actor("ying"), me)
    assert refused.value.code == "exists"


def test_accounts_are_the_administrators(noi: Rooms, other: Rooms) -> None:
    with pytest.raises(Forbidden):
        credentials.create_account(noi.bus, noi.actor("rong"), noi.person_id("ying"))
    with pytest.raises(Forbidden):
        noi.do(accounts.SetPassword(noi.person_id("noi"), "x"), by="rong")
    with pytest.raises(NotFound):
        credentials.create_account(
            noi.bus, system_actor(noi.agency_id), other.person_id("noi"), PASSWORD
        )
    with pytest.raises(NotFound):
        noi.do(accounts.SetPassword(noi.person_id("ying"), "x"))


# -- a forgotten password --------------------------------------------------------------------


def _mailed_token(rooms: Rooms, postbox: RecordingPostbox) -> str:
    """Run the mail's job as a worker would, and read the link out of the letter."""
    with rooms.read() as db:
        rows = db.execute(
            sa.select(job.c.id, job.c.payload)
            .where(job.c.agency_id == rooms.agency_id, job.c.action == MAIL_ACTION)
            .order_by(job.c.id)
        ).all()
    last = rows[-1]
    rooms.bus.services.actions[MAIL_ACTION].handler(
        JobInput(last.id, rooms.agency_id, None, None, MAIL_ACTION, last.payload, 1)
    )
    found = re.search(r"/reset-password\?token=(\S+)", postbox.sent[-1].text)
    assert found
    assert found[1] not in str(rows), "no job carries the token"
    return found[1]


def test_guesses_at_a_name_do_not_shut_the_way_back(
    noi: Rooms, ip: str, clock: SteppedClock
) -> None:
    for name in ("reset", "reset noi"):
        for _ in range(10):
            with pytest.raises(Rejected):
                sign_in(noi.bus, name, "a guess", Origin(ip), noi.code)
            clock.advance(timedelta(minutes=1))
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    with pytest.raises(Rejected) as refused:
        credentials.reset_password(noi.bus, "made up", NEW, Origin(ip))
    assert refused.value.code == "reset_expired"


def test_a_forgotten_password_is_set_anew_by_mail(
    noi: Rooms, ip: str, postbox: RecordingPostbox
) -> None:
    opened = _enter(noi, ip)
    credentials.request_reset(noi.bus, f"noi@{noi.code}.example.go.th", Origin(ip), noi.code)
    token = _mailed_token(noi, postbox)
    assert postbox.sent[-1].to == f"noi@{noi.code}.example.go.th"
    credentials.reset_password(noi.bus, token, NEW, Origin(ip))
    assert _session(noi, opened.token) is None
    assert _enter(noi, ip, NEW)
    with pytest.raises(Rejected) as refused:
        credentials.reset_password(noi.bus, token, "again another phrase", Origin(ip))
    assert refused.value.code == "reset_expired"


def test_a_reset_lifts_the_lock(noi: Rooms, ip: str, postbox: RecordingPostbox) -> None:
    for n in range(10):
        with pytest.raises(Rejected):
            _enter(noi, f"{ip}:{n}", "wrong")
    with pytest.raises(TooMany):
        _enter(noi, ip)
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    credentials.reset_password(noi.bus, _mailed_token(noi, postbox), NEW, Origin(ip))
    assert _enter(noi, ip, NEW)


def test_a_link_is_good_for_half_an_hour_and_dies_with_a_change(
    noi: Rooms, ip: str, postbox: RecordingPostbox, clock: SteppedClock
) -> None:
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    old = _mailed_token(noi, postbox)
    clock.advance(timedelta(minutes=31))
    with pytest.raises(Rejected):  # the command asks again: the page's look may be old
        noi.do(accounts.UseReset(sha256(old), "hash"))
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    changed = _mailed_token(noi, postbox)
    credentials.change_password(noi.bus, noi.actor("noi"), PASSWORD, NEW, Origin(ip))
    for n, token in enumerate((old, changed, "nonsense")):
        with pytest.raises(Rejected) as refused:
            credentials.reset_password(noi.bus, token, "yet another phrase", Origin(f"{ip}:{n}"))
        assert refused.value.code == "reset_expired"


def test_asking_tells_nobody_whether_the_name_is_known(noi: Rooms, ip: str) -> None:
    for login in ("noi", f"nobody-{noi.code}"):
        assert credentials.request_reset(noi.bus, login, Origin(ip), noi.code) is None  # type: ignore[func-returns-value]


def test_a_bad_new_password_leaves_the_link_good(
    noi: Rooms, ip: str, postbox: RecordingPostbox
) -> None:
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    token = _mailed_token(noi, postbox)
    with pytest.raises(Invalid):
        credentials.reset_password(noi.bus, token, "short", Origin(ip))
    credentials.reset_password(noi.bus, token, NEW, Origin(ip))


# -- second factors --------------------------------------------------------------------------


def _enrol(rooms: Rooms, ip: str, proof: str = "") -> tuple[pyotp.TOTP, list[str]]:
    enrolment = factors.begin_enrolment(rooms.bus, rooms.actor("noi"))
    totp = pyotp.TOTP(enrolment.secret)
    actor, code = rooms.actor("noi"), totp.at(rooms.now)
    codes = factors.confirm_enrolment(rooms.bus, actor, code, ip, proof=proof)
    return totp, codes


def test_with_a_second_factor_the_password_opens_only_half_a_session(
    noi: Rooms, ip: str, clock: SteppedClock
) -> None:
    totp, _ = _enrol(noi, ip)
    half = _enter(noi, ip)
    view = _session(noi, half.token)
    assert half.needs_factor
    assert view is not None
    assert view.needs_factor
    clock.advance(timedelta(seconds=60))
    whole = prove_second_factor(noi.bus, view, totp.at(clock.now()), Origin(ip))
    assert _session(noi, half.token) is None, "the token changes with the rights"
    after = _session(noi, whole.token)
    assert after is not None
    assert (after.needs_factor, after.amr) == (False, ["pwd", "otp", "mfa"])


def test_no_code_counts_twice(noi: Rooms, ip: str, clock: SteppedClock) -> None:
    totp, _ = _enrol(noi, ip)
    me = noi.actor("noi")
    with pytest.raises(Rejected) as refused:
        factors.check_second_factor(noi.bus, me, totp.at(clock.now()), ip)
    assert refused.value.code == "replayed_code"
    clock.advance(timedelta(seconds=30))
    assert factors.check_second_factor(noi.bus, me, totp.at(clock.now()), ip) == "otp"
    with pytest.raises(Rejected):
        factors.check_second_factor(noi.bus, me, totp.at(clock.now()), ip)


def test_a_code_that_signs_is_written_down_with_what_it_signed_and_counts_once(
    noi: Rooms, ip: str, clock: SteppedClock
) -> None:
    totp, recovery = _enrol(noi, ip)
    me, desk = noi.actor("noi"), StoredFactors(lambda: noi.bus)
    clock.advance(timedelta(seconds=30))
    code, said = totp.at(clock.now()), {"document_id": "d", "field": "sig_0001", "digest": "ab"}
    assert desk.check_totp(me, code, said)
    assert not desk.check_totp(me, code, said)
    assert not desk.check_totp(me, recovery[0], said)
    with noi.read() as db:
        told = db.execute(sa.select(org_event.c.data).where(org_event.c.type == "factor.used"))
        assert [row.data for row in told] == [said]


def test_guessing_codes_is_stopped(noi: Rooms, ip: str, clock: SteppedClock) -> None:
    _enrol(noi, ip)
    me = noi.actor("noi")
    for _ in range(5):
        with pytest.raises(WrongSecret):
            factors.check_second_factor(noi.bus, me, "000000x", ip)
    with pytest.raises(TooMany):
        factors.check_second_factor(noi.bus, me, "000000x", ip)


def test_each_recovery_code_opens_once(noi: Rooms, ip: str) -> None:
    _, codes = _enrol(noi, ip)
    me = noi.actor("noi")
    assert factors.check_second_factor(noi.bus, me, f" {codes[0].upper()} ", ip) == "recovery"
    with pytest.raises(WrongSecret):
        factors.check_second_factor(noi.bus, me, codes[0], ip)
    with noi.read() as db:
        assert queries.recovery_codes_left(db, noi.agency_id, noi.person_id("noi")) == 9


def test_a_factor_counts_only_after_its_first_code(noi: Rooms, ip: str) -> None:
    factors.begin_enrolment(noi.bus, noi.actor("noi"))
    assert not _enter(noi, ip).needs_factor
    with pytest.raises(WrongSecret):
        factors.confirm_enrolment(noi.bus, noi.actor("noi"), "no code", ip)
    with pytest.raises(Rejected) as refused:
        factors.check_second_factor(noi.bus, noi.actor("noi"), "123456", ip)
    assert refused.value.code == "no_factor"


def test_a_new_factor_takes_the_old_ones_place(noi: Rooms, ip: str, clock: SteppedClock) -> None:
    old, _ = _enrol(noi, ip)
    clock.advance(timedelta(minutes=2))
    new, _ = _enrol(noi, ip, old.at(clock.now()))
    clock.advance(timedelta(minutes=2))
    with pytest.raises(WrongSecret):
        factors.check_second_factor(noi.bus, noi.actor("noi"), old.at(clock.now()), ip)
    assert factors.check_second_factor(noi.bus, noi.actor("noi"), new.at(clock.now()), ip)


def test_an_open_desk_is_not_enough_to_replace_a_factor(
    noi: Rooms, ip: str, clock: SteppedClock
) -> None:
    old, recovery = _enrol(noi, ip)
    clock.advance(timedelta(minutes=2))
    for proof in ("", "000000"):
        with pytest.raises(WrongProof):
            _enrol(noi, ip, proof)
    assert factors.check_second_factor(noi.bus, noi.actor("noi"), old.at(clock.now()), ip) == "otp"
    clock.advance(timedelta(minutes=2))
    assert _enrol(noi, ip, recovery[0])


def test_a_lost_factor_is_removed_by_an_administrator(noi: Rooms, ip: str) -> None:
    _enrol(noi, ip)
    remove = accounts.RemoveFactor(noi.person_id("noi"))
    with pytest.raises(Forbidden):
        noi.do(remove, by="rong")
    noi.empower("rong", "accounts")
    noi.do(remove, by="rong")
    assert not _enter(noi, ip).needs_factor
    with pytest.raises(NotFound):
        noi.do(accounts.RemoveFactor(), by="noi")


def test_the_secret_of_a_factor_is_stored_sealed(noi: Rooms, ip: str) -> None:
    enrolment = factors.begin_enrolment(noi.bus, noi.actor("noi"))
    assert "issuer=Saraban" in enrolment.uri
    with noi.read() as db:
        (row,) = queries.factors(db, noi.agency_id, noi.person_id("noi"))
    import base64

    assert base64.b32decode(enrolment.secret) not in row.sealed


# -- any other secret of a person --------------------------------------------------------------


def test_the_guard_counts_wrong_pins_and_forgets_them_after_a_right_one(
    noi: Rooms, ip: str, clock: SteppedClock
) -> None:
    me = noi.actor("noi")
    for _ in range(4):
        with pytest.raises(WrongSecret), guarded(noi.bus, me, "pin", ip):
            raise WrongSecret("no")
    with guarded(noi.bus, me, "pin", ip):
        pass
    for n in range(10):
        with pytest.raises(WrongSecret), guarded(noi.bus, me, "pin", f"{ip}:{n}"):
            raise WrongSecret("no")
    with pytest.raises(TooMany) as refused, guarded(noi.bus, me, "pin", ip):
        raise AssertionError("the body must not run")
    assert refused.value.code == "locked"
    with guarded(noi.bus, me, "another secret", ip):
        pass


# -- API tokens ------------------------------------------------------------------------------


def _who(rooms: Rooms, text: str) -> queries.TokenView | None:
    with rooms.read() as db:
        return queries.token_by_text(db, text, rooms.now)


def test_a_token_stands_for_its_owner_within_its_scopes(noi: Rooms, clock: SteppedClock) -> None:
    text = credentials.issue_token(noi.bus, noi.actor("noi"), "งานกลางคืน", ("read", "sign"))
    view = _who(noi, text)
    assert view is not None
    assert (view.username, view.scopes) == ("noi", frozenset({"read", "sign"}))
    noi.do(accounts.TouchToken(view.token_id), by="noi")
    used = _who(noi, text)
    assert used is not None
    assert used.used_at == noi.now
    assert _who(noi, text[:-1] + ("A" if text[-1] != "A" else "B")) is None
    clock.advance(timedelta(days=91))
    assert _who(noi, text) is None


def test_tokens_are_listed_and_revoked_by_their_owner(noi: Rooms, other: Rooms) -> None:
    text = credentials.issue_token(noi.bus, noi.actor("noi"), "one", ("read",))
    view = _who(noi, text)
    assert view is not None
    for agency, by in ((noi, "rong"), (other, "noi")):
        with pytest.raises(NotFound):
            agency.do(accounts.RevokeToken(view.token_id), by=by)
    noi.do(accounts.RevokeToken(view.token_id), by="noi")
    assert _who(noi, text) is None
    with noi.read() as db:
        (row,) = queries.tokens(db, noi.agency_id, noi.person_id("noi"))
    assert row.revoked_at == noi.now


@pytest.mark.parametrize(
    ("scopes", "days"), [((), 1), (("everything",), 1), (("read",), 400), (("read",), 0)]
)
def test_a_token_has_known_scopes_and_an_end_within_a_year(
    noi: Rooms, scopes: tuple[str, ...], days: int
) -> None:
    with pytest.raises(Invalid):
        credentials.issue_token(noi.bus, noi.actor("noi"), "x", scopes, timedelta(days=days))


def test_a_token_for_another_needs_the_right_and_no_official(noi: Rooms) -> None:
    def issued(owner: str) -> str:
        return credentials.issue_token(
            noi.bus, noi.actor("noi"), "x", ("read",), person_id=noi.person_id(owner)
        )

    for name in ("machine", "reader", "acting"):
        noi.do(people.AddPerson(name, name.title()))
    with pytest.raises(Forbidden, match="'accounts'"):
        issued("machine")
    noi.empower("noi", "accounts")
    today = noi.now.date()
    noi.do(people.RecordInstrument("vacant_post", "acting", "vacant", "1/2569", today, today))
    for owner in ("ying", "acting"):
        with pytest.raises(Forbidden, match="holds a post"):
            issued(owner)
    with noi.bus.engine.begin() as db:
        _name_as_reader(db, noi, "person:reader")
    with pytest.raises(Forbidden, match="reader of letters"):
        issued("reader")
    text = issued("machine")
    own = credentials.issue_token(noi.bus, noi.actor("noi"), "own", ("read",))
    view = _who(noi, text)
    assert view is not None
    assert view.username == "machine"
    noi.do(people.AddPosition("spare", "สำรอง", "records", "group", "deputy"))
    noi.do(people.AssignPosition("machine", "spare", today))
    assert _who(noi, text) is None, "a later post lends the issuer nothing"
    assert _who(noi, own) is not None


def _name_as_reader(db: sa.Connection, rooms: Rooms, principal: str) -> None:
    agency, letter, at = rooms.agency_id, new_id(), rooms.now
    words = dict.fromkeys(("owner_unit", "subject", "signing_post", "drafter"), "x")
    told = {"kind": "external", "state": "draft", "content": {}, "created_at": at, "updated_at": at}
    db.execute(sa.insert(document), {"agency_id": agency, "id": letter} | words | told)
    reader = {"document_id": letter, "principal": principal, "because": "receiver", "since": at}
    db.execute(sa.insert(document_reader), {"agency_id": agency} | reader)


def test_a_token_issues_no_other(noi: Rooms) -> None:
    with noi.read() as db:
        by_token = people_queries.actor_for(
            db, noi.agency_id, noi.person_id("noi"), noi.now, frozenset({"read", "operate"})
        )
    with pytest.raises(Forbidden) as refused:
        credentials.issue_token(noi.bus, by_token, "x", ("read",))
    assert refused.value.code == "token_by_token"


def test_a_lost_password_or_factor_ends_the_tokens(
    noi: Rooms, ip: str, postbox: RecordingPostbox
) -> None:
    text = credentials.issue_token(noi.bus, noi.actor("noi"), "x", ("read",))
    theirs = credentials.issue_token(noi.bus, noi.actor("rong"), "x", ("read",))
    credentials.request_reset(noi.bus, "noi", Origin(ip), noi.code)
    credentials.reset_password(noi.bus, _mailed_token(noi, postbox), NEW, Origin(ip))
    assert (_who(noi, text), _who(noi, theirs) is None) == (None, False)
    factors.begin_enrolment(noi.bus, noi.actor("noi"))
    text = credentials.issue_token(noi.bus, noi.actor("noi"), "y", ("read",))
    noi.empower("ying", "accounts")
    noi.do(accounts.RemoveFactor(noi.person_id("noi")), by="ying")
    assert _who(noi, text) is None


def test_the_system_owns_no_token_and_no_password(noi: Rooms, bus: Bus, ip: str) -> None:
    system = system_actor(noi.agency_id)
    with pytest.raises(Forbidden):
        credentials.issue_token(bus, system, "x", ("read",))
    with pytest.raises(Forbidden):
        credentials.change_password(bus, system, "x", NEW, Origin(ip))
    with pytest.raises(Rejected):
        factors.begin_enrolment(bus, system)
