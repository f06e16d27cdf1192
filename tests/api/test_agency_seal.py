"""The agency's electronic seal by page and by REST: an administrator with a second factor."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pyotp
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from support.browsing import Browser
from support.world import World

from api import trust
from engine.clock import SystemClock
from signing import certificates

PAGE = "/admin/seal"


def key_file(office: World, *, house: bool) -> bytes:
    authority = trust.authority(office.system.settings)
    make = certificates.organisational if house else certificates.personal
    name = (
        certificates.organisation_name("กระทรวงตัวอย่าง", "GO:TH-mol")
        if house
        else certificates.name("นายใหม่ เสมอต้น", "กระทรวงตัวอย่าง")
    )
    made = make(name, authority.issuing, office.clock.now(), 100)
    return pkcs12.serialize_key_and_certificates(
        b"k", made.key, made.certificate, [authority.issuing.certificate],
        BestAvailableEncryption(b"of the file"),
    )  # fmt: skip


class Admin:
    """In a browser and by a token, with codes that count once each."""

    def __init__(self, office: World) -> None:
        self.office = office
        self.browser = Browser(office.client.application, "10.79.0.1")
        form = self.browser.open("/sign-in").form("/sign-in")
        form.send(username="admin", password="admin opens his own door")

    def with_a_factor(self) -> Admin:
        begun = self.browser.open("/account").form("/account/factor/begin").send()
        form = begun.form("/account/factor/confirm")
        self.totp = pyotp.TOTP(form.values()["secret"][0])
        form.send(code=self.code())
        return self

    def code(self) -> str:
        self.office.clock.advance(timedelta(seconds=31))
        return str(self.totp.at(self.office.clock.now()))

    def asks(self, method: str, path: str, **body: Any) -> Any:
        told = {"current": self.code(), **body}
        return self.office.call(method, f"/agency-seal{path}", as_="admin", json=told)


def test_it_is_made_brought_granted_and_revoked(own_world: World) -> None:
    # the authority's certificates begin when it is made
    own_world.clock.advance(SystemClock().now() - own_world.clock.now() + timedelta(hours=1))
    admin = Admin(own_world)
    root = trust.authority(own_world.system.settings).root.certificate.public_bytes(Encoding.PEM)
    media = "application/pem-certificate-chain"
    own_world.call("POST", "/trust-anchors", as_="admin", data=root, content_type=media)
    for who, status in (("clerk", 403), ("admin", 200)):
        assert own_world.call("GET", "/agency-seal", as_=who).status_code == status
    page = admin.browser.open(PAGE)
    assert "ตั้งการยืนยันตัวตนขั้นที่สองก่อน" in page.text
    assert page.form(f"{PAGE}/enrol").send(current="admin opens his own door").status == 409
    refused = own_world.call("POST", "/agency-seal/keys", as_="admin", json={"current": "123456"})
    assert (refused.status_code, refused.json["reason"]) == (409, "second_factor_missing")

    admin.with_a_factor()
    page = admin.browser.open(PAGE)
    assert page.form(f"{PAGE}/enrol").send(current="000000").error("current-enrol")
    page = page.form(f"{PAGE}/enrol").send(current=admin.code())
    assert "ใช้ประทับได้" in page.text
    first = admin.office.call("GET", "/agency-seal", as_="admin").json
    assert (first["key"]["state"], first["past"], first["sealed"]) == ("in_force", [], 0)

    person = b64encode(key_file(admin.office, house=False)).decode()
    refused = admin.asks("POST", "/keys/import", file=person, password="of the file")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["code"] == "person"
    house = b64encode(key_file(admin.office, house=True)).decode()
    wrong = admin.asks("POST", "/keys/import", file=house, password="another")
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "password")
    done = admin.asks("POST", "/keys/import", file=house, password="of the file")
    assert done.status_code == 201, done.json
    now = admin.office.call("GET", "/agency-seal", as_="admin").json
    assert now["key"]["id"] == done.json["id"]
    assert [one["state"] for one in now["past"]] == ["retired"]

    assert admin.asks("PUT", "/processes", processes=["none such"]).status_code == 422
    page = page.form(f"{PAGE}/revoke").send(reason=" ", current=admin.code())
    assert page.error("reason-revoke")
    again = admin.browser.open(PAGE).form(f"{PAGE}/revoke")
    page = again.send(reason="กุญแจรั่วไหล", current=admin.code())
    assert "เพิกถอนแล้ว" in page.text
    assert admin.office.call("GET", "/agency-seal", as_="admin").json["key"] is None
    assert "เพิกถอนตราอิเล็กทรอนิกส์ของหน่วยงาน" in admin.browser.open("/admin/history").text
