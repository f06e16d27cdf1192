"""An official's page of their own key: every refusal at its field, nothing changed by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from support.world import World

from api import trust
from office.demo.secrets import PASSWORDS
from signing import certificates

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
