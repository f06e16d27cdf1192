"""Who takes a signed letter back alone, and who has to ask its signer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from support.ministry import Letter, Ministry

from engine.errors import Conflict, Forbidden
from office.documents import access, queries
from office.documents.commands import AskWithdrawal, RevokeDocument
from office.documents.thai import office_day
from office.people.commands import RecordInstrument

#: signs by an order for the post; holds that post; keeps the registers; a lawyer with no part in it
SIGNER, HOLDER, REGISTRAR, OTHER = "somying", "somchai", "thabian", "niti"
POST = "permanent-secretary"


@pytest.fixture
def letter(ministry: Ministry) -> Letter:
    return ministry.letter().on_the_signers_desk().signed()


def order(ministry: Ministry, **limits: object) -> None:
    """Record that OTHER acts for the post in whose name the letter is signed."""
    today = office_day(ministry.now)
    until = today + timedelta(days=3)
    made = RecordInstrument("delegated", OTHER, POST, "คำสั่งที่ ๙/๒๕๖๙", today, today, until, **limits)  # type: ignore[arg-type] # limits are kinds and subjects
    ministry.do(made)


def now_reads(letter: Letter, who: str) -> None:
    with letter.ministry.bus.engine.begin() as db:
        agency = letter.ministry.agency_id
        access.let_read(db, agency, letter.id, [f"person:{who}"], "task", letter.ministry.now)


def offered(letter: Letter, who: str) -> tuple[bool, bool]:
    """To take it back alone, and to ask for its withdrawal."""
    view = letter.ministry.query(queries.one, letter.id, by=who)
    return view.may_revoke, view.may_ask_withdrawal


@pytest.mark.parametrize("who", ["admin", REGISTRAR])
def test_a_right_takes_back_nothing_that_another_signed(letter: Letter, who: str) -> None:
    ministry = letter.ministry
    if who == REGISTRAR:
        now_reads(letter, who)
    assert offered(letter, who) == (False, True)
    with pytest.raises(Forbidden, match="ask its signer to withdraw it"):
        ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), who)
    assert letter.row.revoked_at is None
    asked = ministry.do(AskWithdrawal(letter.id, "พิมพ์ผิด"), who)
    assert asked["signers"] == [SIGNER]
    route = Letter(ministry, letter.id, UUID(asked["instance_id"]), asked)
    route.at("consent").by(SIGNER).complete("agree")
    ministry.work_off()
    assert (letter.row.revoked_at, letter.row.revoked_by) == (ministry.now, who)


@pytest.mark.parametrize("who", [SIGNER, HOLDER])
def test_its_signer_and_the_holder_of_the_post_take_it_back(letter: Letter, who: str) -> None:
    assert offered(letter, who)[0]
    letter.ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), who)
    assert letter.row.revoked_by == who
    with pytest.raises(Conflict):
        letter.ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), who)


def test_an_order_takes_back_the_letters_that_it_covers(letter: Letter) -> None:
    ministry = letter.ministry
    order(ministry, kinds=["ORDER"])
    with pytest.raises(Forbidden):
        ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), OTHER)
    order(ministry, kinds=[letter.row.kind])
    assert offered(letter, OTHER)[0]
    ministry.do(RevokeDocument(letter.id, "พิมพ์ผิด"), OTHER)
    assert letter.row.revoked_by == OTHER


def test_an_order_that_is_over_takes_back_nothing(letter: Letter) -> None:
    order(letter.ministry)
    actor = letter.ministry.actor(OTHER)
    letter.ministry.clock.advance(timedelta(days=4))
    with pytest.raises(Forbidden):
        letter.ministry.bus.execute(RevokeDocument(letter.id, "พิมพ์ผิด"), actor)
