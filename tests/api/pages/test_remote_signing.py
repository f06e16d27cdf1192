"""A key with a remote signing service (CSC API): linked on its owner's page, and signed with; what
the service does wrong signs nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from support.csc_service import Credential, Service, certificates_of, csc_service
from support.device import card, device_of
from support.letter_story import on_the_desk, signed
from support.world import World

from api import trust
from engine.actor import system_actor
from engine.db import reading
from office.connectors.commands import RemoveConnector, SaveConnector
from office.connectors.outgoing import Outgoing
from office.connectors.rules import SIGNING
from office.connectors.settings import ConnectorSettings
from office.demo.secrets import PASSWORDS
from office.documents.models import document
from signing.remote import METHODS

PIN = "1357911"


@pytest.fixture(scope="module")
def letter(office: World) -> dict[str, Any]:
    """Signed, while the key of its signer is here."""
    return signed(office, to="กลุ่มคลังและพัสดุ")


@pytest.fixture(scope="module")
def service(office: World, letter: dict[str, Any]) -> Iterator[Service]:
    """The agency's signing service, opened by a connector, with a key of somying's."""
    bus, services = office.system.bus, office.system.bus.services
    loop = Outgoing(networks=[ipaddress.ip_network("127.0.0.0/8")])
    opened = ConnectorSettings(b"a secret of the tests", loop)
    bus.services = replace(services, extra={**services.extra, "connectors": opened})
    system = system_actor(office.home.id)
    with csc_service("a-bearer-of-the-agency") as made, device_of(office, "somying"):
        began = office.clock.now()
        own = card(trust.authority(office.system.settings), "นางสาวสมหญิง รักงานดี", began)
        made.credentials["cred-1"] = Credential("somying@csc", own.key, certificates_of(own.chain))
        bus.execute(
            SaveConnector(
                "csc", "บริการลงนามทดสอบ", made.address, ["POST"],
                [f"/{method}" for method in METHODS], [SIGNING], {}, "bearer", "", made.bearer,
                1, 65_536, 1, True, 0,
            ),
            system,
        )  # fmt: skip
        yield made
        bus.execute(RemoveConnector("csc", 1), system)
    bus.services = services


@pytest.fixture
def linked(service: Service, office: World, enter) -> Service:
    service.misbehaves = ""
    one = service.credentials["cred-1"]
    one.pin, one.otp = PIN, None
    form = enter("somying").open("/account/key").form("/account/key/remote")
    given = {"service": "csc", "user": "somying@csc", "current": PASSWORDS["somying"]}
    page = form.send(**given, pin=PIN)
    assert "เก็บที่บริการลงนาม บริการลงนามทดสอบ" in page.text, page.text
    return service


def test_what_the_service_does_wrong_links_nothing(service, enter):
    form = enter("somying").open("/account/key").form("/account/key/remote")
    password = PASSWORDS["somying"]
    assert "ไม่มีกุญแจ" in form.send(user="nobody", current=password).error("user-remote")
    assert form.send(user="somying@csc", current="wrong").error("current-remote")
    one = service.credentials["cred-1"]
    one.pin, one.otp, one.status = PIN, None, "disabled"
    assert "เปิดด้วย PIN" in form.send(user="somying@csc", current=password).error("user-remote")
    one.status = "enabled"
    for wrong in ("down", "not_json"):
        service.misbehaves = wrong
        assert "ติดต่อบริการ" in form.send(user="somying@csc", current=password).error("user-remote")
    service.misbehaves = "wrong_signature"
    given = {"service": "csc", "user": "somying@csc", "current": password}
    assert "ปฏิเสธคำขอ" in form.send(**given, pin=PIN).error("user-remote")
    service.misbehaves = ""


def test_who_cannot_sign_with_a_credential_has_none(service, office, enter):
    """The name of a user at the service is no secret."""
    service.misbehaves = ""
    theirs = card(trust.authority(office.system.settings), "นายอื่น", office.clock.now())
    service.credentials["cred-2"] = Credential(
        "other@csc", theirs.key, certificates_of(theirs.chain)
    )
    form = enter("thabian").open("/account/key").form("/account/key/remote")
    given = {"service": "csc", "user": "other@csc", "current": PASSWORDS["thabian"]}
    for pin in ("", "000000"):
        service.asked.clear()
        refused = form.send(**given, pin=pin)
        assert "PIN หรือรหัสครั้งเดียว" in refused.error("pin-remote")
        assert "signatures/signHash" not in service.asked
    service.asked.clear()
    form.send(**{**given, "current": "wrong"}, pin=PIN)
    assert service.asked == []
    assert "เก็บที่บริการลงนาม" not in enter("thabian").open("/account/key").text
    for _ in range(12):
        refused = form.send(**given, pin="000000")
    assert refused.status == 429


def _stored(office: World, subject: str) -> tuple[Any, ...]:
    """State, number and signed file of the letter."""
    columns = (document.c.state, document.c.number, document.c.blob_id)
    with reading(office.system.engine) as db:
        mine = sa.select(*columns).where(document.c.subject == subject)
        return tuple(db.execute(mine).one())


def test_letters_are_signed_by_the_service_or_not_at_all(linked, enter, office):
    page = on_the_desk(enter, "ลงนามด้วยบริการระยะไกล")
    form = page.form(page.path)
    wrong = form.send(read="1", pin="000000")
    assert wrong.error("pin")
    for misbehaving, said in (
        ("wrong_signature", "ลายมือชื่อที่ใช้ไม่ได้"),
        ("other_hash", "ลายมือชื่อที่ใช้ไม่ได้"),
        ("expired_sad", "บริการลงนามปฏิเสธ"),
        ("not_json", "บริการลงนามไม่ตอบ"),
        ("down", "บริการลงนามไม่ตอบ"),
        ("slow", "บริการลงนามไม่ตอบ"),
    ):
        linked.misbehaves = misbehaving
        refused = page.browser.open(page.path).form(page.path).send(read="1", pin=PIN)
        assert said in refused.text, misbehaving
        assert refused.path == page.path
        # it waits for its signature as before: no number is on it, and no file
        assert _stored(office, "ลงนามด้วยบริการระยะไกล") == ("waiting_signature", None, None)
    linked.misbehaves = ""
    linked.credentials["cred-1"].otp = "424242"
    asks = enter("somying").open("/account/key").form("/account/key/remote")
    given = {"service": "csc", "user": "somying@csc", "current": PASSWORDS["somying"]}
    assert asks.send(**given, pin=PIN, otp="424242").path == "/account/key"
    form = page.browser.open(page.path).form(page.path)
    assert form.send(read="1", pin=PIN, otp="000000").error("pin")
    form = page.browser.open(page.path).form(page.path)
    linked.asked.clear()
    done = form.send(read="1", pin=PIN, otp="424242")
    assert done.path.endswith("/signed"), done.text
    assert linked.asked == ["credentials/authorize", "signatures/signHash"]


@pytest.fixture
def sending(service: Service) -> Iterator[Service]:
    """It sends its one-time codes when it is asked to."""
    service.misbehaves = ""
    one = service.credentials["cred-1"]
    one.pin, one.otp, one.online, one.sent = PIN, None, True, []
    service.asked.clear()
    yield service
    one.online, one.otp, service.misbehaves = False, None, ""


def link(enter, service, who="somying", name="cred-1"):
    """The first try without a code has one sent."""
    given = {"service": "csc", "user": f"{who}@csc", "current": PASSWORDS[who]}
    form = enter(who).open("/account/key").form("/account/key/remote")
    asked = form.send(**given, pin=PIN)
    assert "ส่งรหัสครั้งเดียวให้ท่านแล้ว" in asked.error("otp-remote"), asked.text
    (code,) = service.credentials[name].sent
    assert "signatures/signHash" not in service.asked
    form = asked.form("/account/key/remote")
    done = form.send(**given, pin=PIN, otp=code)
    assert "เก็บที่บริการลงนาม" in done.text, done.text


def press(page, **entered):
    """The button that has the code sent: the same form, to another address."""
    values = {name: given[0] for name, given in page.form(page.path).values().items() if given}
    return page.browser.post(f"{page.path}/code", {**values, **entered})


def test_the_service_sends_its_code_when_it_is_asked(sending, enter):
    link(enter, sending)
    one = sending.credentials["cred-1"]
    page = on_the_desk(enter, "ลงนามด้วยรหัสที่ส่งมา")
    # the button has the form go elsewhere; what was entered comes again, and no secret
    assert page.tree.xpath(f"//button[@formaction='{page.path}/code']")
    sent = press(page, read="1", comment="เห็นชอบ", pin=PIN)
    assert "บริการลงนามส่งรหัสให้ท่านแล้ว" in sent.text
    assert sent.form(page.path).values()["comment"] == ["เห็นชอบ"]
    assert PIN not in sent.response.get_data(as_text=True)
    code = one.sent[-1]
    assert len(one.sent) == 2
    wrong = sent.form(page.path).send(read="1", pin=PIN, otp="000000x")
    assert wrong.error("pin")
    sending.asked.clear()
    done = wrong.form(page.path).send(read="1", pin=PIN, otp=code)
    assert done.path.endswith("/signed"), done.text
    assert sending.asked == ["credentials/authorize", "signatures/signHash"]


def test_a_code_that_cannot_be_sent_is_said_and_they_are_not_many(sending, enter, office):
    link(enter, sending)
    page = on_the_desk(enter, "ลงนามเมื่อส่งรหัสไม่ได้")
    for wrong, words in (("down", "บริการลงนามไม่ตอบ"), ("not_json", "บริการลงนามไม่ตอบ")):
        sending.misbehaves = wrong
        refused = press(page)
        assert words in refused.text, (wrong, refused.text)
        assert "ส่งรหัสให้ท่านแล้ว" not in refused.text
    sending.misbehaves = ""
    office.clock.advance(timedelta(minutes=5))
    told = [office.post("/signing-keys/service-code", {}, as_="somying") for _ in range(12)]
    assert told[0].status_code == 202, told[0].text
    assert told[-1].status_code == 429
    sent = [one for one in told if one.status_code == 202]
    assert len(sending.credentials["cred-1"].sent) == 1 + len(sent)


def test_a_copy_is_certified_with_a_code_that_was_sent(sending, letter, enter, office):
    own = card(trust.authority(office.system.settings), "นางคลัง นับแม่น", office.clock.now())
    theirs = Credential("khlang@csc", own.key, certificates_of(own.chain), pin=PIN, online=True)
    sending.credentials["cred-k"] = theirs
    with device_of(office, "khlang"):
        link(enter, sending, "khlang", "cred-k")
        page = enter("khlang").open(f"/documents/{letter['id']}/certify")
        sent = press(page, compared="1", pin=PIN)
        assert "บริการลงนามส่งรหัสให้ท่านแล้ว" in sent.text
        assert PIN not in sent.response.get_data(as_text=True)
        done = sent.form(page.path).send(compared="1", pin=PIN, otp=theirs.sent[-1])
        assert "รับรองสำเนาแล้ว" in done.text, done.text
    assert len(theirs.sent) == 2


def test_who_has_no_such_key_is_told_so(linked, enter, office):
    linked.asked.clear()
    page = on_the_desk(enter, "ลงนามโดยไม่มีรหัสให้ส่ง")
    assert not page.tree.xpath("//button[@formaction]")
    refused = office.post("/signing-keys/service-code", {}, as_="somying")
    assert (refused.status_code, refused.json["reason"]) == (409, "no_code_to_send")
    assert "credentials/sendOTP" not in linked.asked
