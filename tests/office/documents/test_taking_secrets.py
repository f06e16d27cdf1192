"""The agency's choice to take secret letters: by an order, with somebody cleared, and knowingly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.ministry import Ministry

from engine.errors import Conflict, Forbidden, Invalid
from office.documents.commands import TakeSecretLetters
from office.documents.degrees import TAKES_SECRETS
from office.people import queries as people
from office.people.commands import WithdrawClearance

SECRET = {"secrecy": "ลับ", "secrecy_code": "002"}
ORDER = "คำสั่งกระทรวงตัวอย่าง ที่ 9/2569"
TAKEN = TakeSecretLetters(True, ORDER, knows_unencrypted=True)


@pytest.fixture
def ministry(either_ministry: Ministry) -> Ministry:
    return either_ministry


def events(ministry: Ministry) -> list[dict[str, object]]:
    found = ministry.query(
        lambda db, actor: people.events_of(
            db, actor.agency_id, actor.agency_id, types=("secret_letters.chosen",)
        )
    )
    return [dict(one.data) for one in found]


def refusals(ministry: Ministry, command: TakeSecretLetters) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        ministry.do(command)
    return {one.path: one.code for one in refused.value.errors}


def test_none_are_taken_until_it_is_chosen(ministry: Ministry) -> None:
    with pytest.raises(Invalid) as refused:
        ministry.letter(**SECRET)
    assert [one.code for one in refused.value.errors] == ["secrecy_not_yet"]
    assert ministry.do(TAKEN) == {"taken": True}
    assert ministry.letter(**SECRET).row.secrecy == 2
    with pytest.raises(Invalid) as refused:
        ministry.letter(secrecy="ลับที่สุด", secrecy_code="004")
    assert [one.code for one in refused.value.errors] == ["top_secret"]


def test_it_is_turned_on_by_an_order_and_knowingly(ministry: Ministry) -> None:
    assert refusals(ministry, TakeSecretLetters(True)) == {
        "order_ref": "required",
        "knows_unencrypted": "unencrypted",
    }
    assert refusals(ministry, TakeSecretLetters(True, "ก" * 501, knows_unencrypted=True)) == {
        "order_ref": "too_long"
    }
    assert events(ministry) == []


def test_it_is_told_once_in_the_history(ministry: Ministry) -> None:
    ministry.do(TAKEN)
    ministry.do(TAKEN)
    ministry.do(TakeSecretLetters(False))
    off, on = events(ministry)
    assert on == {TAKES_SECRETS: True, "was": {TAKES_SECRETS: False}, "order_ref": ORDER}
    assert off == {TAKES_SECRETS: False, "was": {TAKES_SECRETS: True}}


def test_those_on_their_way_go_on_when_it_is_turned_off(ministry: Ministry) -> None:
    ministry.do(TAKEN)
    letter = ministry.letter(**SECRET)
    ministry.do(TakeSecretLetters(False))
    with pytest.raises(Invalid):
        ministry.letter(**SECRET)
    assert letter.on_the_signers_desk().signed().row.number == "ตย ๐๒๐๑/ล ๑"


def test_it_needs_somebody_who_is_cleared(ministry: Ministry) -> None:
    held = ministry.query(lambda db, actor: people.clearances(db, actor.agency_id, ministry.now))
    for one in held:
        ministry.do(WithdrawClearance(one.id, "ทดสอบ"))
    ministry.clock.advance(timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        ministry.do(TAKEN)
    assert refused.value.code == "nobody_is_cleared"


def test_who_does_not_keep_people_chooses_nothing(ministry: Ministry) -> None:
    for who in ("thotsop", "truatsop", "thabian"):
        with pytest.raises(Forbidden):
            ministry.do(TAKEN, who)


def test_what_wraps_a_file_is_not_secret(ministry: Ministry) -> None:
    ministry.do(TAKEN)
    with pytest.raises(Invalid) as refused:
        ministry.letter("S01", kind="OTHER", extra={"source": "กรมสาธิต"}, **SECRET)
    assert "unmarked_pages" in [one.code for one in refused.value.errors]
