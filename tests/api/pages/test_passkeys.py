"""Passkeys on the pages: enrolled, sign-in and signing by them; codes stand for them."""

from __future__ import annotations

from support.authenticator import Authenticator
from support.browsing import Browser
from support.letter_story import on_the_desk
from support.passkeys import asked, entered, passkey_of

from office.demo.officials import OFFICIALS
from office.demo.secrets import PASSWORDS

PIN = {one.username: one.pin for one in OFFICIALS}["somying"]


def test_one_is_enrolled_used_renamed_and_removed(office, enter):
    browser, device = enter("banchu"), Authenticator()
    page = browser.open("/account")
    answer = device.create(asked(page, "/account/passkeys/begin"))
    form = page.form("/account/passkeys")
    nameless = form.send(name=" ", proof="not it", answer=answer)
    assert nameless.error("name")  # before the proof is looked at, and perhaps spent
    wrong = form.send(name="โทรศัพท์", proof="not it", answer=answer)
    assert wrong.error("proof")
    shown = form.send(name="โทรศัพท์", proof=PASSWORDS["banchu"], answer=answer)
    codes = shown.tree.xpath("//ul[@class='recovery']/li/text()")
    assert len(codes) == 10
    anew = Browser(office.client.application, "10.81.0.1")
    half = (
        anew.open("/sign-in").form("/sign-in").send(username="banchu", password=PASSWORDS["banchu"])
    )
    assert "ยืนยันด้วยพาสคีย์" in half.text
    proof = device.get(asked(half, "/sign-in/passkey"))
    entered = half.form("/sign-in/factor").send(code=proof)
    assert entered.path == "/"
    again = Browser(office.client.application, "10.81.0.2")
    half = (
        again.open("/sign-in")
        .form("/sign-in")
        .send(username="banchu", password=PASSWORDS["banchu"])
    )
    assert "พาสคีย์นี้ยืนยันไม่ได้" in half.form("/sign-in/factor").send(code=proof).text
    account = anew.open("/account")
    assert "ใช้ล่าสุด" in account.text
    (rename,) = [f for f in account.forms() if f.element.get("action", "").endswith("/rename")]
    assert "มือถือสำรอง" in rename.send(name="มือถือสำรอง").text
    account = anew.open("/account")
    (remove,) = [f for f in account.forms() if f.element.get("action", "").endswith("/remove")
                 and "/passkeys/" in f.element.get("action", "")]  # fmt: skip
    refused = remove.send(code="aaaaa-bbbbb")
    assert "ยืนยันตัวตนไม่ผ่าน" in refused.text
    done = remove.send(code=device.get(asked(account, "/account/passkeys/ask?for=remove")))
    assert "ถอดพาสคีย์แล้ว" in done.text
    assert Browser(office.client.application, "10.81.0.3").sign_in("banchu").path == "/"


def test_a_letter_is_signed_by_passkey_and_pin(office, enter):
    with passkey_of(office, "somying") as device:

        def enter_by_it(name):
            if name != "somying":
                return enter(name)
            return entered(office, name, device, "10.81.1.1")

        page = on_the_desk(enter_by_it, "ลงนามด้วยพาสคีย์ของผู้ลงนาม")
        form = page.form(page.path)
        seen = form.values()["seen"][0]
        proof = device.get(asked(page, f"{page.path}/passkey", seen=seen))
        wrong = form.send(read="1", pin="000000", totp=proof)
        assert wrong.error("pin")
        spent = form.send(read="1", pin=PIN, totp=proof)
        assert spent.error("totp")
        proof = device.get(asked(page, f"{page.path}/passkey", seen=seen))
        done = form.send(read="1", pin=PIN, totp=proof)
        assert done.path.endswith("/signed"), done.text


def test_administrators_see_and_take_lost_ones(office, enter):
    with passkey_of(office, "sanha"):
        admin = enter("admin")
        page = admin.open("/people", query={"q": "sanha"})
        assert "พาสคีย์ 1" in page.text
        person = page.follow("/people/")
        (form,) = [f for f in person.forms() if "/passkeys/" in (f.element.get("action") or "")]
        done = form.send()
        assert "เจ้าของบัญชีตั้งใหม่ได้เอง" in done.text
        assert not [f for f in done.forms() if "/passkeys/" in (f.element.get("action") or "")]
