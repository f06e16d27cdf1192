"""What happens between the digest that goes out to a device and the signature that comes back."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.device import Card, card
from support.ministry import Letter, Ministry

from engine.bus import Answer
from engine.errors import Conflict, Forbidden, Rejected, TooMany
from engine.ids import new_id
from office.correspondence.models import letter_number
from office.documents import device_act
from office.documents.commands import EnrolOwnKey
from office.documents.commands.recording import HoldSignature, SettleSignature
from office.documents.proving import Authorization
from office.people.commands import ChangeUnit, RevokeInstrument
from office.people.queries import instruments
from signing.device import registered


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


@pytest.fixture
def waiting(ministry: Ministry) -> Waiting:
    device = enrol_card(ministry)
    letter = ministry.letter(address=None).on_the_signers_desk()
    ministry.codes.good.add("123456")
    proof = Authorization("totp", "123456")
    answer = letter.at("sign").by("somying").sign(authorization=proof)
    assert answer["status"] == "waiting_device"
    return Waiting(letter, device, dict(answer["device"]))


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


def test_a_second_answer_leaves_a_sealed_letter_alone(waiting: Waiting) -> None:
    """Both found it waiting, and the first one sealed it while no timestamp was to be had."""
    ministry = waiting.letter.ministry
    ministry.stamps.away = True
    execute, first = ministry.bus.execute, list[Answer]()

    def overtaken(command: Any, *more: Any) -> Answer:
        if isinstance(command, HoldSignature) and not first:
            first.append({})
            first[0] = waiting.bring()
        return execute(command, *more)

    ministry.bus.execute = overtaken  # type: ignore[method-assign]
    with pytest.raises(Conflict) as refused:
        waiting.bring()
    assert (first[0]["status"], refused.value.code) == ("waiting_timestamp", "signature_settled")
    assert waiting.state == "stamping"
    ministry.stamps.away = False
    ministry.work_off()
    assert waiting.state == "signed"
