"""A key with a remote signing service (CSC API): linked on its owner's page, and signed with; what
the service does wrong signs nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.csc_service import Credential, Service, certificates_of, csc_service
from support.device import card, device_of
from support.letter_story import on_the_desk
from support.world import World

from api import trust
from engine.actor import system_actor
from office.connectors.commands import RemoveConnector, SaveConnector
from office.connectors.outgoing import Outgoing
from office.connectors.rules import SIGNING
from office.connectors.settings import ConnectorSettings
from office.demo.secrets import PASSWORDS
from signing.remote import METHODS

PIN = "1357911"


@pytest.fixture(scope="module")
def service(office: World) -> Iterator[Service]:
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


def test_letters_are_signed_by_the_service_or_not_at_all(linked, enter):
    page = on_the_desk(enter, "ลงนามด้วยบริการระยะไกล")
    form = page.form(page.path)
    wrong = form.send(read="1", pin="000000")
    assert wrong.error("pin")
    for misbehaving, said in (
        ("wrong_signature", "ลายมือชื่อที่ใช้ไม่ได้"),
        ("slow", "บริการลงนามไม่ตอบ"),
    ):
        linked.misbehaves = misbehaving
        refused = page.browser.open(page.path).form(page.path).send(read="1", pin=PIN)
        assert said in refused.text, misbehaving
        assert refused.path == page.path
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
