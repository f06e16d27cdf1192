"""Cards by which the system does something: with a letter, or by a connector of the agency."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from support.browsing import Browser, Page
from support.far_system import FarSystem, far_system
from support.letter_story import open_task
from support.world import World

from engine import jobs
from engine.actor import system_actor
from office.connectors.commands import SaveConnector
from office.connectors.outgoing import Outgoing
from office.connectors.settings import ConnectorSettings

NETWORK = (ipaddress.ip_network("127.0.0.0/8"),)
REGISTER = "correspondence.register"


@pytest.fixture
def far(office: World) -> Iterator[FarSystem]:
    extra: Any = office.system.services.extra
    before = extra["connectors"]
    extra["connectors"] = ConnectorSettings(before.secret, Outgoing(NETWORK))
    with far_system() as running:
        yield running
    extra["connectors"] = before


def _create(admin: Browser, key: str) -> Page:
    return admin.open("/chains").form("/chains").send(name=key, key=key)


def _add(page: Page, kind: str) -> Page:
    page = page.browser.open(page.path)
    (act,) = page.tree.xpath(f"//button[starts-with(@value, 'add:{kind}@')]/@value")
    return page.form(f"{page.path}/cards").send(button=("act", act))


def _step(page: Page) -> Any:
    return next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))


def _offered(page: Page) -> list[str]:
    return [one for one in page.tree.xpath("//select[@name='action']/option/@value") if one]


def _kinds(page: Page) -> list[str]:
    values = page.tree.xpath("//button[starts-with(@value, 'add:')]/@value")
    return [one.removeprefix("add:").partition("@")[0] for one in values]


def _grant(office: World, key: str, url: str = "https://bank.example") -> None:
    command = SaveConnector(
        f"bank-{key}", "ธนาคาร", url, ["GET", "POST"], ["/rates/{code}", "/accounts"],
        processes=[key],
    )  # fmt: skip
    office.system.bus.execute(command, system_actor(office.home.id))


def test_what_is_done_with_letters_is_offered_to_a_letters_route_alone(
    enter: Callable[[str], Browser],
) -> None:
    admin = enter("admin")
    page = _create(admin, "no-letter")
    assert "act" not in _kinds(page)
    page.browser.open(page.path, query={"settings": "1"}).form(f"{page.path}/settings").send(
        letter="1"
    )
    page = _add(page, "act")
    assert REGISTER in _offered(page)
    page = _step(page).send(action=REGISTER)
    assert "สิ่งนี้ทำกับหนังสือ" not in page.text
    settings = admin.open(page.path, query={"settings": "1"}).form(f"{page.path}/settings")
    form = {name: value for name, value in settings.values().items() if name != "letter"}
    for box in settings.element.xpath(".//input[@name='letter']"):
        box.attrib.pop("checked", None)
    page = settings.send(**form)
    page = admin.open(page.path, query={"step": "act1"})
    assert "สิ่งนี้ทำกับหนังสือ แต่สายนี้ไม่ใช่เส้นทางของหนังสือ" in page.text
    assert _offered(page) == [REGISTER]


def test_another_system_is_called_by_a_connector_that_is_granted(
    enter: Callable[[str], Browser], office: World, far: FarSystem
) -> None:
    admin, key = enter("admin"), "asks-the-bank"
    page = _create(admin, key)
    chain = page.path
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings").send(**{"field-0": "เรื่อง"})
    assert "act" not in _kinds(admin.open(chain))
    _grant(office, key, far.url)
    _grant(office, "another-process")
    page = _add(page, "act")
    assert _offered(page) == [
        f"http.call bank-{key} {method} {path}"
        for method in ("GET", "POST") for path in ("/rates/{code}", "/accounts")
    ]  # fmt: skip
    assert "เรียก ธนาคาร: GET /rates/{code}" in page.text
    page = _step(page).send(action=f"http.call bank-{key} GET /rates/{{code}}")
    assert f"ระบบเรียก “bank-{key}” (GET /rates/{{code}}) แล้วเดินต่อ" in page.text
    assert "ใส่ค่าของ code ในที่อยู่ที่เรียก" in page.text
    page = _step(admin.open(chain, query={"step": "act1"})).send(
        **{"in-parameters": "={code: field1}"}
    )
    assert "การ์ดครบ เผยแพร่ได้" in page.text
    shown = admin.open(chain, query={"step": "act1"})
    (kept,) = shown.tree.xpath("//select[@name='action']/option[@selected]/@value")
    assert kept == f"http.call bank-{key} GET /rates/{{code}}"

    page = _add(page, "approve")
    _step(page).send(who="named", who_named=["person:khlang"])
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    assert made.path.startswith("/definitions/"), made.text
    far.answers = [(200, {"rate": 35.1})]
    enter("thotsop").open(made.path).form(f"{made.path}/start").send(field1="THB")
    turns = jobs.Turns()
    while turns.run_next(office.system.bus, uuid4()):
        pass
    assert far.asked[-1].path == "/rates/THB"
    assert "35.1" in open_task(enter("khlang"), "THB").text

    opened = admin.open(chain).text
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/discard").send()
    again = admin.open("/chains").form("/chains/open").send(definition_id=made.path.split("/")[2])
    assert f"ระบบเรียก “bank-{key}” (GET /rates/{{code}}) แล้วเดินต่อ" in again.text
    assert opened
