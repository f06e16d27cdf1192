"""An administrator defines a connector on a page, tries it, changes and removes it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.browsing import Browser
from support.far_system import FarSystem, far_system
from support.world import World

from office.connectors.outgoing import Outgoing
from office.connectors.settings import ConnectorSettings

PAGE = "/admin/connectors"
SECRET = "kept-apart-2569"
NETWORK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture
def far(office: World) -> Iterator[FarSystem]:
    extra: Any = office.system.services.extra
    before = extra["connectors"]
    extra["connectors"] = ConnectorSettings(before.secret, Outgoing(NETWORK))
    with far_system() as running:
        yield running
    extra["connectors"] = before


def filled(admin: Browser, far: FarSystem, name: str) -> Any:
    given = {
        "title": "ธนาคาร", "name": name, "base_url": far.url, "paths": "/rates/{code}\n/accounts",
        "headers": "X-Client: saraban", "auth": "bearer", "secret": SECRET,
        "more_processes": "asks other",
    }  # fmt: skip
    return admin.open(f"{PAGE}/new").form(PAGE).send(**given)


def test_it_is_added_tried_changed_and_removed(
    enter: Callable[[str], Browser], far: FarSystem
) -> None:
    admin = enter("admin")
    page = filled(admin, far, "bank")
    assert page.path == f"{PAGE}/bank", page.text
    assert SECRET not in page.text
    assert page.form(f"{PAGE}/bank").values()["processes"] == ["asks", "other"]
    far.answers = [(200, {"rate": 35.1})]
    trial = page.form(f"{PAGE}/bank/try#try")
    page = trial.send(path="/rates/{code}", parameters="code = THB", query="day = today")
    assert "35.1" in page.text
    assert far.asked[-1].path == "/rates/THB?day=today"
    assert far.asked[-1].headers["Authorization"] == f"Bearer {SECRET}"
    page = page.form(f"{PAGE}/bank").send(timeout="20", headers="X-Client: another")
    assert "20" in page.text
    assert "ลองเรียกตัวเชื่อมต่อ" in page.text
    page = page.form(f"{PAGE}/bank").send(base_url="http://localhost:1")
    assert "ใส่ความลับอีกครั้ง" in page.text
    page = admin.open(f"{PAGE}/bank").form(f"{PAGE}/bank/remove").send()
    assert page.path == PAGE
    assert f"{PAGE}/bank" not in page.links()


def test_what_is_wrong_is_told_beside_its_field(
    enter: Callable[[str], Browser], far: FarSystem
) -> None:
    admin = enter("admin")
    form = admin.open(f"{PAGE}/new").form(PAGE)
    page = form.send(title="x", name="x", base_url="http://api.example.go.th", paths="/a")
    assert "https:// เท่านั้น" in page.text
    assert (
        "/rates/{code} ไม่มี"
        in form.send(title="x", name="x", base_url="https://api.example.go.th", paths="a").text
    )
    page = form.send(
        title="x", name="x", base_url="https://api.example.go.th", paths="/a", headers="X-A"
    )
    assert "บรรทัดละคู่" in page.text


def test_who_keeps_no_connectors_sees_none(enter: Callable[[str], Browser]) -> None:
    assert enter("thotsop").open(PAGE).status == 403
