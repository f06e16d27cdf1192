"""Whoever acts by an order acts within it: its kinds and subjects, and while it is in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from support.ministry import Letter, Ministry, Step

from engine.commands.tasks import DelegateTask
from engine.errors import Forbidden
from engine.models.task import task
from office.documents.commands import SaveDraft
from office.documents.thai import office_day
from office.people.commands import RecordInstrument, RevokeInstrument

#: a lawyer who has no part in the letters of the general administration group by himself
WHO = "niti"


def order(ministry: Ministry, letter: Letter, step: str = "check", **limits: object) -> UUID:
    """Record that WHO acts for the post that has the letter's step."""
    (row,) = ministry.rows(task, task.c.id == letter.at(step).id)
    post = next(one["id"] for one in row.candidates if one["kind"] == "position")
    today = office_day(ministry.now)
    made = RecordInstrument(
        "delegated", WHO, post, "คำสั่งที่ ๙/๒๕๖๙", today, today, today + timedelta(days=3), **limits
    )  # type: ignore[arg-type] # limits are kinds and subjects
    return UUID(ministry.do(made)["id"])


@pytest.fixture
def letter(ministry: Ministry) -> Letter:
    return ministry.letter().submitted().passed("proofread")


ACTS: dict[str, Callable[[Step], object]] = {
    "claim": Step.claim,
    "complete": lambda step: step.complete("pass"),
    "return": lambda step: step.send_back("draft"),
    "delegate": lambda step: step.letter.ministry.do(DelegateTask(step.id, "wijai"), WHO),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_order_for_other_letters_lets_nobody_act(letter: Letter, act: str) -> None:
    order(letter.ministry, letter, kinds=["ORDER"])
    order(letter.ministry, letter, kinds=[letter.row.kind], subjects=["เรื่องอื่นทั้งหมด"])
    before = len(letter.said)
    with pytest.raises(Forbidden) as refused:
        ACTS[act](letter.at("check").by(WHO))
    assert refused.value.code == "no_authority"
    assert (letter.open(), len(letter.said)) == (["check"], before)


@pytest.mark.parametrize("act", ACTS)
def test_of_several_orders_the_one_that_covers_the_letter_counts(letter: Letter, act: str) -> None:
    order(letter.ministry, letter, kinds=["ORDER"])
    covering = order(letter.ministry, letter, kinds=[letter.row.kind])
    ACTS[act](letter.at("check").by(WHO))
    if act in ("complete", "return"):
        assert letter.said[-1].instrument_id == covering


@pytest.mark.parametrize("act", ["complete", "return", "delegate"])
@pytest.mark.parametrize("how", ["over", "revoked"])
def test_what_was_claimed_under_an_order_ends_with_it(letter: Letter, act: str, how: str) -> None:
    ministry = letter.ministry
    made = order(ministry, letter)
    step = letter.at("check").by(WHO)
    step.claim()
    if how == "over":
        ministry.clock.advance(timedelta(days=4))
    else:
        ministry.do(RevokeInstrument(made, "เปลี่ยนผู้รับมอบ"))
    with pytest.raises(Forbidden) as refused:
        ACTS[act](step)
    assert refused.value.code == "no_authority"


def test_words_are_changed_within_the_order_only(letter: Letter) -> None:
    ministry = letter.ministry
    order(ministry, letter, kinds=["ORDER"])
    row = letter.row
    change = SaveDraft(letter.id, {**row.content, "subject": "เรื่องที่แก้แล้ว"}, row.revision)
    with pytest.raises(Forbidden):
        ministry.do(change, WHO)
    order(ministry, letter, kinds=[row.kind])
    assert ministry.do(change, WHO)["revision"] == row.revision + 1


def test_declining_to_sign_needs_an_order_that_covers_the_letter(ministry: Ministry) -> None:
    letter = ministry.letter().on_the_signers_desk()
    order(ministry, letter, "sign", kinds=["ORDER"])
    with pytest.raises(Forbidden) as refused:
        letter.at("sign").by(WHO).sign("000000", outcome="refuse", comment="ไม่เห็นด้วย")
    assert refused.value.code == "no_authority"
