"""What happens between the digest that goes out to a device and the signature that comes back."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.device import Card, card
from support.ministry import Letter, Ministry

from engine.bus import Answer
from engine.errors import Conflict, Forbidden, Invalid, Rejected, TooMany
from engine.ids import new_id
from office.correspondence.models import letter_number
from office.documents import device_act
from office.documents.commands import ChooseSigningMethods, EnrolOwnKey
from office.documents.proving import Authorization
from office.documents.queries.desk import signing_desk
from office.people.commands import ChangeUnit, RevokeInstrument
from office.people.queries import instruments
from signing.device import registered
from signing.errors import TimestampUnavailable


@dataclass
class Waiting:
    """A letter that waits for the card of its signer, somying."""

    letter: Letter
    card: Card
    asked: dict[str, Any]

    def bring(self, made: bytes | None = None) -> Answer:
        ministry, task = self.letter.ministry, self.letter.at("sign").id
        given = made or self.card.sign(b64decode(self.asked["to_be_signed"]))
        began = UUID(self.asked["signature_id"])
        actor = ministry.actor("somying")
        return device_act.answer(ministry.bus, actor, task, began, given, new_id())

    @property
    def state(self) -> str:
        return str(self.letter.signatures[-1].state)


def enrol_card(ministry: Ministry) -> Card:
    issuer: Any = ministry.desk.issuer
    made = card(issuer.authority, "นางสาวสมหญิง รักงานดี", ministry.now - timedelta(minutes=1))
    key = registered(made.chain, trust=ministry.desk.trust, at=ministry.now)
    ministry.do(EnrolOwnKey(key), "somying")
    return made


def begin(ministry: Ministry) -> Waiting:
    device = enrol_card(ministry)
    letter = ministry.letter(address=None).on_the_signers_desk()
    ministry.codes.good.add("123456")
    proof = Authorization("totp", "123456")
    answer = letter.at("sign").by("somying").sign(authorization=proof)
    assert answer["status"] == "waiting_device"
    return Waiting(letter, device, dict(answer["device"]))


@pytest.fixture
def waiting(ministry: Ministry) -> Waiting:
    return begin(ministry)


def test_a_second_factor_proves_whose_agency_asks_for_pins_alone(ministry: Ministry) -> None:
    ministry.do(ChooseSigningMethods(["pin"]))
    found = begin(ministry)
    task_id = found.letter.at("sign").id
    desk = ministry.query(signing_desk, task_id, ministry.now, by="somying")
    assert desk.methods == ["totp", "passkey"]
    assert found.bring()["status"] == "signed"


def end_orders(letter: Letter, *modes: str) -> None:
    orders = letter.ministry.query(
        lambda db, actor: instruments(db, actor.agency_id, letter.ministry.now)
    )
    for one in orders:
        if one.username == "somying" and (not modes or one.mode in modes):
            letter.ministry.do(RevokeInstrument(one.id, "ผู้ดำรงตำแหน่งกลับมา"))


#: what happens, how the answer is refused, and what comes of the attempt
MEANWHILE: dict[str, tuple[Callable[[Letter], Any], type[Rejected], str, str]] = {
    "another order": (
        lambda letter: end_orders(letter, "acting"), Conflict, "other_than_shown", "failed",
    ),
    "no order": (end_orders, Forbidden, "no_authority", "failed"),
    "address": (
        lambda letter: letter.ministry.do(ChangeUnit(letter.row.owner_unit, address="ที่อยู่ใหม่")),
        Conflict, "other_than_shown", "failed",
    ),
    "key": (
        lambda letter: enrol_card(letter.ministry), Conflict, "no_signing_key", "waiting_device",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MEANWHILE)
def test_what_changed_meanwhile_is_not_signed(waiting: Waiting, case: str) -> None:
    change, kind, code, state = MEANWHILE[case]
    change(waiting.letter)
    with pytest.raises(kind) as refused:
        waiting.bring()
    assert refused.value.code == code
    assert waiting.state == state
    assert waiting.letter.row.number is None


@dataclass
class Overtaking:
    """While this authority is asked for one answer's timestamp, another answer comes."""

    waiting: Waiting
    told: list[Answer] = field(default_factory=list)

    def stamp(self, digest: bytes) -> bytes:
        del digest
        self.waiting.letter.ministry.stamps.away = True
        self.told.append(self.waiting.bring())
        raise TimestampUnavailable("nobody answers")


def test_a_second_answer_leaves_a_sealed_letter_alone(waiting: Waiting) -> None:
    """Both found it waiting, and the other sealed it while no timestamp was to be had."""
    ministry = waiting.letter.ministry
    stamps, other = ministry.stamps, Overtaking(waiting)
    real, stamps.real = stamps.real, other
    with pytest.raises(Conflict) as refused:
        waiting.bring()
    assert refused.value.code == "signature_settled"
    assert [one["status"] for one in other.told] == ["waiting_timestamp"]
    assert waiting.state == "stamping"
    stamps.real, stamps.away = real, False
    ministry.work_off()
    assert waiting.state == "signed"


def test_a_number_that_no_device_signed_by_midnight_becomes_void(ministry: Ministry) -> None:
    ministry.clock.advance(timedelta(hours=14, minutes=50))
    letter = begin(ministry).letter

    def number() -> str:
        (row,) = ministry.rows(letter_number, letter_number.c.document_id == letter.id)
        return str(row.state)

    ministry.clock.advance(timedelta(minutes=26))  # its own settling finds it in use
    ministry.work_off()
    assert number() == "reserved"
    ministry.clock.advance(timedelta(minutes=5))
    ministry.work_off()
    assert number() == "void"


def test_wrong_signatures_are_counted_like_guesses(waiting: Waiting) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            waiting.bring(b"none")
    with pytest.raises(TooMany):
        waiting.bring()
    waiting.letter.ministry.clock.advance(timedelta(minutes=2))
    assert waiting.bring()["status"] == "signed"
