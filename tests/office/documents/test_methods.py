"""What proves a signer is the agency's choice, made by whoever keeps its accounts."""

from __future__ import annotations

import pytest
from support.ministry import Ministry

from engine.errors import Forbidden, Invalid, Rejected
from office.documents.commands import ChooseSigningMethods
from office.documents.policy import methods
from office.documents.proving import Authorization
from office.people import queries


def _in_force(ministry: Ministry) -> list[str]:
    return ministry.query(lambda db, actor: methods(db, actor.agency_id))


def _told(ministry: Ministry) -> list[tuple[object, object]]:
    found = ministry.query(
        lambda db, actor: queries.events_of(
            db, actor.agency_id, actor.agency_id, types=("signing_methods.chosen",)
        )
    )
    return [(one.data["was"]["signing_methods"], one.data["signing_methods"]) for one in found]


def test_a_choice_is_kept_in_one_order_told_and_taken_back(ministry: Ministry) -> None:
    ministry.do(ChooseSigningMethods(["pin", "passkey", "pin"]))
    assert _in_force(ministry) == ["passkey", "pin"]
    ministry.do(ChooseSigningMethods(["passkey", "pin"]))
    ministry.do(ChooseSigningMethods([]))
    assert _in_force(ministry) == ["totp", "passkey"]
    assert _told(ministry)[:2] == [(["passkey", "pin"], []), (["totp", "pin"], ["passkey", "pin"])]


def test_the_other_choices_of_the_agency_stay(ministry: Ministry) -> None:
    before = ministry.query(lambda db, actor: queries.agency(db, actor.agency_id).policy)
    ministry.do(ChooseSigningMethods(["passkey"]))
    after = ministry.query(lambda db, actor: queries.agency(db, actor.agency_id).policy)
    assert after == {**before, "signing_methods": ["passkey"]}


def test_who_keeps_no_accounts_chooses_nothing(ministry: Ministry) -> None:
    with pytest.raises(Forbidden):
        ministry.do(ChooseSigningMethods(["pin"]), by="thotsop")
    with pytest.raises(Invalid) as unknown:
        ministry.do(ChooseSigningMethods(["pin", "word"]))
    assert [one.path for one in unknown.value.errors] == ["methods.1"]
    policy = ministry.query(lambda db, actor: queries.agency(db, actor.agency_id).policy)
    assert "word" not in policy["signing_methods"]


def test_a_pin_signs_only_where_it_is_chosen(ministry: Ministry) -> None:
    ministry.do(ChooseSigningMethods(["totp"]))
    letter = ministry.letter().on_the_signers_desk()
    pin = Authorization("pin", ministry.pins["somying"])
    with pytest.raises(Rejected) as refused:
        letter.at("sign").by("somying").sign(authorization=pin)
    assert refused.value.code == "authorization_method"
    ministry.do(ChooseSigningMethods(["pin"]))
    answer = letter.at("sign").by("somying").sign(authorization=pin)
    assert answer["status"] == "signed"
