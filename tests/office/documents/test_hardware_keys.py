"""Signing with a key on a hardware token: as with any other, and nothing issued when it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.ministry import Letter, Ministry
from support.softhsm import MODULE, SoftHsm

from engine.errors import Rejected, Unavailable
from engine.ids import new_id
from office.correspondence.models import letter_number
from office.documents import queries
from office.documents.commands import EnrolOwnKey
from office.documents.models import signing_key
from signing import certificates
from signing.hardware.taking import taken
from signing.hardware.tokens import Tokens

PIN = "975310"


@pytest.fixture
def ours(either_ministry: Ministry, hsm: SoftHsm) -> Ministry:
    """`somying` has the only key of the token that bears her name and this test's."""
    ministry, label = either_ministry, f"somying-{new_id().hex[-12:]}"
    authority = ministry.desk.issuer.authority  # type: ignore[union-attr, attr-defined] # a test's
    subject = certificates.name("นางสาวสมหญิง รักงานดี", "กระทรวงตัวอย่าง")
    pair = certificates.personal(subject, authority.issuing, ministry.now, 365)
    hsm.token(label, PIN)
    above = [authority.issuing.certificate]
    hsm.put(label, PIN, "01", pair.key, pair.certificate, above)
    reach(ministry, Tokens(MODULE))
    key = taken(Tokens(MODULE), label, PIN, trust=ministry.desk.trust, at=ministry.now)
    ministry.do(EnrolOwnKey(key), "somying")
    return ministry


def reach(ministry: Ministry, tokens: Tokens | None) -> None:
    services = ministry.bus.services
    desk = replace(services.extra["desk"], tokens=tokens)
    ministry.bus.services = replace(services, extra={**services.extra, "desk": desk})


def key_of(ministry: Ministry) -> Any:
    (found,) = ministry.rows(
        signing_key, signing_key.c.username == "somying", signing_key.c.retired_at.is_(None)
    )
    return found


def refused(letter: Letter, pin: str) -> Rejected:
    with pytest.raises(Rejected) as raised:
        letter.at("sign").by("somying").sign(pin=pin)
    assert letter.ministry.rows(letter_number) == []
    return raised.value


def test_a_letter_is_signed_and_the_key_was_never_here(ours: Ministry) -> None:
    kept = key_of(ours)
    assert kept.encrypted_key is None
    assert ours.query(queries.keys_of, "somying", ours.now, by="somying")[0].token
    done = ours.letter().on_the_signers_desk().at("sign").by("somying").sign(pin=PIN)
    assert done["status"] == "signed"


def test_a_wrong_pin_is_counted_and_nothing_is_issued(ours: Ministry) -> None:
    letter = ours.letter().on_the_signers_desk()
    assert refused(letter, "000001").code == "wrong_pin"
    assert key_of(ours).failed_count == 1
    letter.at("sign").by("somying").sign(pin=PIN)
    assert key_of(ours).failed_count == 0


def test_a_token_pulled_out_is_said_and_the_task_stays(ours: Ministry, hsm: SoftHsm) -> None:
    letter = ours.letter().on_the_signers_desk()
    hsm.drop(key_of(ours).token["label"])
    error = refused(letter, PIN)
    assert isinstance(error, Unavailable)
    assert error.code == "token_unavailable"
    assert "sign" in letter.open()
    assert key_of(ours).failed_count == 0  # no PIN was wrong


def test_a_host_that_reaches_no_tokens_says_so(ours: Ministry) -> None:
    letter = ours.letter().on_the_signers_desk()
    reach(ours, None)
    assert refused(letter, PIN).code == "token_unavailable"
