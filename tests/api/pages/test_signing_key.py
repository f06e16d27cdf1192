"""An official's page of their own key: every refusal at its field, nothing changed by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from support.softhsm import MODULE, SoftHsm
from support.world import World

from api import trust
from office.demo.secrets import PASSWORDS
from signing import certificates
from signing.hardware.tokens import Tokens

PAGE, PIN = "/account/key", "864213"


def proof(who: str) -> dict[str, str]:
    return {"pin": PIN, "repeat": PIN, "current": PASSWORDS[who]}


def key_file(office: World, days: int = 100) -> bytes:
    authority = trust.authority(office.system.settings)
    subject = certificates.name("นายใหม่ เสมอต้น", "กระทรวงตัวอย่าง")
    made = certificates.personal(subject, authority.issuing, office.clock.now(), days)
    return pkcs12.serialize_key_and_certificates(
        b"k",
        made.key,
        made.certificate,
        [authority.issuing.certificate],
        BestAvailableEncryption(b"of the file"),
    )


def test_a_key_is_made_renewed_and_revoked(enter: Any) -> None:
    me = enter("sommut")
    page = me.open("/account").follow(PAGE)
    assert "ยังไม่มีกุญแจที่ใช้ได้" in page.text
    page = page.form(f"{PAGE}/enrol").send(**proof("sommut"))
    assert page.path == PAGE, page.text
    assert "ใช้ลงนามได้" in page.text
    page = page.form(f"{PAGE}/enrol").send(**proof("sommut"))
    assert "past-h" in page.response.text
    empty = page.form(f"{PAGE}/revoke").send(reason=" ")
    assert empty.status == 422
    done = page.form(f"{PAGE}/revoke").send(reason="PIN รั่ว")
    assert "เพิกถอนแล้ว" in done.text
    assert "ยังไม่มีกุญแจที่ใช้ได้" in done.text


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("repeat", {"repeat": "111222"}),
        ("pin", {"pin": "111111", "repeat": "111111"}),
        ("pin", {"pin": "12", "repeat": "12"}),
        ("current", {"current": "not my password at all"}),
    ],
)
def test_what_is_wrong_stands_at_its_field(enter: Any, field: str, typed: dict[str, str]) -> None:
    form = enter("tuayang").open(PAGE).form(f"{PAGE}/enrol")
    page = form.send(**{**proof("tuayang"), **typed})
    assert page.status == 422
    assert page.error(f"{field}-enrol")
    assert "past-h" not in page.response.text  # the key of the demonstration is still the one
    assert PIN not in page.response.text


def test_a_key_of_another_issuer_is_brought_along(office: World, enter: Any) -> None:
    me = enter("phatsadu")
    form = me.open(PAGE).form(f"{PAGE}/import")
    given = {**proof("phatsadu"), "password": "of the file"}
    page = form.send(**given, file=("k.p12", key_file(office)))
    assert page.path == PAGE, page.text
    assert "นายใหม่ เสมอต้น" in page.text
    for field, more in (
        ("password", {"password": "another", "file": ("k.p12", key_file(office))}),
        ("file", {"file": ("k.p12", b"no key")}),
        ("file", {"file": ("k.p12", b"x" * 200_000)}),
        ("current", {"current": "wrong", "file": ("k.p12", key_file(office))}),
    ):
        refused = page.form(f"{PAGE}/import").send(**{**given, **more})
        assert (refused.status, bool(refused.error(f"{field}-import"))) == (422, True), field
    short = key_file(office, days=1)
    office.clock.advance(timedelta(days=2))
    expired = (
        enter("phatsadu").open(PAGE).form(f"{PAGE}/import").send(**given, file=("k.p12", short))
    )
    assert "หมดอายุแล้ว" in expired.error("file-import")


def test_an_administrator_revokes_the_key_of_somebody(office: World, enter: Any) -> None:
    somchai = office.home.persons.get("somchai") or _id_of(office, "somchai")
    page = enter("admin").open(f"/people/{somchai}")
    (action,) = [
        str(form.element.get("action"))
        for form in page.forms()
        if "/keys/" in (form.element.get("action") or "")
    ]
    assert page.form(action).send(reason="").status == 422
    done = page.form(action).send(reason="ย้าย")
    assert "เพิกถอนแล้ว" in done.text


def _id_of(office: World, username: str) -> Any:
    from engine.db import reading
    from office.people import queries as people

    with reading(office.system.engine) as db:
        return people.person(db, office.home.id, username).id


@pytest.fixture
def tokens(office: World, hsm: SoftHsm, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    """The installation reaches hardware tokens while this test runs."""
    extra = office.system.services.extra
    monkeypatch.setitem(extra, "desk", replace(extra["desk"], tokens=Tokens(MODULE)))  # type: ignore[arg-type] # a desk
    return hsm


def token_of(office: World, tokens: SoftHsm, username: str, *, key: bool = True) -> str:
    label = f"{office.home.code}/{username}"
    tokens.token(label, "975310")
    if key:
        authority = trust.authority(office.system.settings)
        subject = certificates.name("นายใหม่ เสมอต้น", "กระทรวงตัวอย่าง")
        made = certificates.personal(subject, authority.issuing, office.clock.now(), 300)
        above = [authority.issuing.certificate]
        tokens.put(label, "975310", "01", made.key, made.certificate, above)
    return label


def test_a_key_on_ones_own_token_is_taken_into_use(
    office: World, tokens: SoftHsm, enter: Any
) -> None:
    label = token_of(office, tokens, "wichan")
    page = enter("wichan").open(PAGE)
    right = {"pin": "975310", "current": PASSWORDS["wichan"]}
    for field, more in (("pin", {"pin": "975311"}), ("current", {"current": "not my password"})):
        refused = page.form(f"{PAGE}/token").send(**{**right, **more})
        assert (refused.status, bool(refused.error(f"{field}-token"))) == (422, True), more
        assert "975310" not in refused.response.text
    done = page.form(f"{PAGE}/token").send(**right)
    assert done.path == PAGE, done.text
    assert label in done.text


def test_a_token_without_a_key_or_none_at_all_is_told(
    office: World, tokens: SoftHsm, enter: Any
) -> None:
    token_of(office, tokens, "sommut", key=False)
    for who in ("sommut", "thabian"):
        page = enter(who).open(PAGE)
        refused = page.form(f"{PAGE}/token").send(pin="975310", current=PASSWORDS[who])
        assert (refused.status, bool(refused.error("pin-token"))) == (422, True), who


def test_nobody_tries_a_pin_on_the_token_of_another(
    office: World, tokens: SoftHsm, enter: Any
) -> None:
    theirs = token_of(office, tokens, "phatsadu")
    me = enter("rapsong")
    token = me.open(PAGE).form(f"{PAGE}/token").values()["csrf_token"][0]
    given = {"csrf_token": token, "label": theirs, "pin": "975310", "current": PASSWORDS["rapsong"]}
    assert me.post(f"{PAGE}/token", given).status == 422
    assert theirs not in me.open(PAGE).text


def test_where_no_tokens_are_reached_none_are_offered(office: World, enter: Any) -> None:
    me = enter("sommut")
    page = me.open(PAGE)
    assert f"{PAGE}/token" not in page.response.text
    token = page.form(f"{PAGE}/enrol").values()["csrf_token"][0]
    asked = me.post(f"{PAGE}/token", {"csrf_token": token, "pin": "x"})
    assert asked.status == 409
