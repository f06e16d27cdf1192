"""Signing on one's own device by the pages: its certificate registered, a file out, a file back."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

from support.device import card, device_of
from support.letter_story import on_the_desk
from support.passkeys import asked, entered, passkey_of

from api import trust
from office.demo.secrets import PASSWORDS


def answered(page, device):
    """The challenge of this page, signed by the device."""
    (link,) = page.tree.xpath("//a[contains(@href, '/device/challenge.txt')]/@href")
    asked = page.browser.open(link).response.data
    return {"signature": ("s.bin", device.sign(asked))}


def test_nobody_registers_the_certificate_of_another(office, enter):
    """It is public: who brings it must sign with its key, and nobody else may use it."""
    authority, now = trust.authority(office.system.settings), office.clock.now()
    password = PASSWORDS["banchu"]
    theirs, mine = (card(authority, name, now - timedelta(1)) for name in ("ผู้อื่น", "ผู้ส่ง"))
    page = enter("banchu").open("/account/key")
    form = page.form("/account/key/device")
    for made in (b"", mine.sign(b"x"), answered(page, mine)["signature"][1]):
        given = {"signature": ("s.bin", made), "current": password}
        refused = form.send(file=("a.pem", theirs.chain), **given)
        assert "ไม่ได้ทำโดยกุญแจของใบรับรองที่ส่งมา" in refused.error("signature-device")
    elsewhere = enter("sanha").open("/account/key")
    asked = elsewhere.form("/account/key/device").values()["challenge"][0]
    given = {"signature": ("s.bin", theirs.sign(asked.encode())), "current": password}
    assert form.send(file=("a.pem", theirs.chain), **given, challenge=asked).error(
        "signature-device"
    )
    with device_of(office, "somying") as held:
        given = {**answered(page, held), "current": password}
        refused = form.send(file=("a.pem", held.chain), **given)
        assert "มีผู้อื่นใช้อยู่" in refused.text


def test_a_letter_goes_by_way_of_the_device(office, enter):
    with device_of(office, "somying") as device:
        page = enter("somying").open("/account/key")
        form = page.form("/account/key/device")
        password = PASSWORDS["somying"]
        proof = answered(page, device)
        assert form.send(file=("a.pem", b"not one"), **proof, current=password).error("file-device")
        began = office.clock.now() - timedelta(days=2)
        foreign = card(trust.authority(office.system.settings), "ผู้อื่น", began, 1)
        old = form.send(file=("a.pem", foreign.chain), **proof, current=password)
        assert "หมดอายุแล้ว" in old.error("file-device")
        wrong = form.send(file=("a.pem", device.chain), **proof, current="wrong")
        assert wrong.error("current-device")
        kept = wrong.form("/account/key/device").send(
            file=("a.pem", device.chain), **proof, current=password
        )
        assert "อุปกรณ์ของท่านเอง ระบบส่งค่าให้ลงนาม" in kept.text
        with passkey_of(office, "somying") as passkey:

            def enter_by_it(name):
                if name != "somying":
                    return enter(name)
                return entered(office, name, passkey, "10.82.1.1")

            page = on_the_desk(enter_by_it, "ลงนามด้วยบัตรของผู้ลงนาม")
            assert "pin" not in page.form(page.path).names()
            seen = page.form(page.path).values()["seen"][0]
            proof = passkey.get(asked(page, f"{page.path}/passkey", seen=seen))
            waits = page.form(page.path).send(read="1", totp=proof)
            assert waits.path == f"{page.path}/device"
            assert "ไปส่งลายมือชื่อ" in page.browser.open(page.path).text
            given = page.browser.open(f"{waits.path}/to-be-signed.der").response.data
            wrong = waits.form(waits.path).send(signature=("s.bin", device.sign(given + b"x")))
            assert wrong.error("signature")
            pasted = b64encode(device.sign(given + b"x")).decode()
            again = wrong.form(waits.path).send(signature=("", b""), text=pasted)
            assert again.error("text")
            assert again.form(waits.path).values()["text"] == [pasted]
            made = b64encode(device.sign(given)).decode()
            done = wrong.form(waits.path).send(signature=("", b""), text=made)
            assert done.path.endswith("/signed"), done.text
            assert "ไม่มีหนังสือที่รออุปกรณ์" in page.browser.open(waits.path).text
