"""Keys that a remote service keeps: which is taken, and that only its signature counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from support import pki
from support.csc_service import Credential, Service, certificates_of, csc_service
from support.device import card

from signing.device import check_signature
from signing.errors import RemoteRefused, UnusableKey, WrongPin
from signing.remote import RemoteKey, taken
from signing.sign import sign_letter

DIGEST = bytes(range(32))


@pytest.fixture(scope="module")
def running() -> Iterator[Service]:
    with csc_service("bearer") as made:
        yield made


@pytest.fixture
def service(running: Service) -> Service:
    running.misbehaves = ""
    running.credentials.clear()
    return running


def keep(service: Service, name: str, days: int = 365, **more: Any) -> None:
    made = card(pki.authority(), "นางสาวสมหญิง รักงานดี", pki.AT - timedelta(days=1), days)
    service.credentials[name] = Credential("me", made.key, certificates_of(made.chain), **more)


def taken_from(service: Service, user: str = "me") -> RemoteKey:
    def call(method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Authorization": "Bearer bearer", "Content-Type": "application/json"}
        asked = Request(f"{service.address}/{method}", json.dumps(body).encode(), headers)
        try:
            with urlopen(asked, timeout=10) as answer:
                found: Mapping[str, Any] = json.load(answer)
        except HTTPError as error:
            with error:
                found = json.load(error)
        return found

    return taken(call, "csc", user, trust=pki.authority().anchors, at=pki.AT)


def test_of_a_users_keys_the_one_that_may_sign_longest_is_taken(service: Service) -> None:
    keep(service, "ends-soon", 30)
    keep(service, "best", 300)
    keep(service, "disabled", 900, status="disabled")
    keep(service, "needs-nothing", 900, pin=None)
    found = taken_from(service)
    assert (found.credential, found.pin, found.otp) == ("best", True, False)
    assert found.certificate == service.credentials["best"].certificates[0]


@pytest.mark.parametrize(
    ("days", "user", "fault"), [(365, "nobody", "no_key"), (1, "me", "expired")]
)
def test_a_user_without_a_fitting_key_has_none(
    service: Service, days: int, user: str, fault: str
) -> None:
    keep(service, "one", days)
    with pytest.raises(UnusableKey) as refused:
        taken_from(service, user)
    assert refused.value.fault == fault


def test_a_letter_is_signed_by_it(service: Service) -> None:
    keep(service, "one", otp="424242")
    key = taken_from(service).with_code("424242").unlock("1357911")
    fields: dict[str, Any] = {"field": "sig_0001", "signer": pki.SIGNER, "at": pki.AT}
    signed = sign_letter(pki.letter().pdf, key=key, timestamps=None, **fields)
    assert signed.level == "B-B"
    assert not service.grants  # each leave is used up


@pytest.mark.parametrize(("pin", "code"), [("0", "424242"), ("1357911", "0")])
def test_wrong_proofs_are_told_apart_from_faults(service: Service, pin: str, code: str) -> None:
    keep(service, "one", otp="424242")
    with pytest.raises(WrongPin):
        taken_from(service).with_code(code).unlock(pin).sign_digest(DIGEST, "sha256")


def test_without_what_it_asks_for_nothing_goes_out(service: Service) -> None:
    keep(service, "one", otp="424242")
    found = taken_from(service)
    service.asked.clear()
    for key, pin in ((found, "1357911"), (found.with_code("424242"), "")):
        with pytest.raises(WrongPin):
            key.unlock(pin)
    assert service.asked == []


@pytest.mark.parametrize("how", ["wrong_signature", "other_hash", "expired_sad"])
def test_what_is_no_signature_of_it_is_refused(service: Service, how: str) -> None:
    keep(service, "one")
    key = taken_from(service).unlock("1357911")
    check_signature(key.certificate, DIGEST, key.sign_digest(DIGEST, "sha256"))
    service.misbehaves = how
    with pytest.raises(RemoteRefused):
        key.sign_digest(DIGEST, "sha256")


@pytest.mark.parametrize(
    "answer",
    [
        {}, {"SAD": 7}, {"error": "<script>"}, {"error": {"a": 1}},
        {"SAD": "x", "signatures": None}, {"SAD": "x", "signatures": ["a", "b"]},
        {"SAD": "x", "signatures": [7]}, {"SAD": "x", "signatures": ["!!"]},
    ],
)  # fmt: skip
def test_nonsense_is_refused(service: Service, answer: Mapping[str, Any]) -> None:
    keep(service, "one")
    found = taken_from(service)
    odd = RemoteKey(
        lambda _method, _body: answer, "csc", "one", found.certificate, found.chain, True, False
    )
    with pytest.raises(RemoteRefused) as refused:
        odd.unlock("1357911").sign_digest(DIGEST, "sha256")
    assert "<script>" not in str(refused.value)
