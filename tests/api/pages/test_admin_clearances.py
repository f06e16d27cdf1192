"""A person's clearance on their page: granted, withdrawn, told in history; the list of all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from support.browsing import Browser, Form, Page
from support.world import World

from engine.actor import system_actor
from engine.db import reading
from office.people import commands as people
from office.people import queries

Enter = Callable[[str], Browser]


@pytest.fixture
def admin(enter: Enter) -> Browser:
    return enter("admin")


@pytest.fixture
def newcomer(office: World) -> str:
    name, actor = f"n{uuid4().hex[:8]}", system_actor(office.home.id)
    made = office.system.bus.execute(people.AddPerson(name, "ใหม่", name), actor)
    return str(made["id"])


def form_of(page: Page, ending: str) -> Form:
    forms = [form for form in page.forms() if form.element.get("method") == "post"]
    return next(form for form in forms if (form.element.get("action") or "").endswith(ending))


def level(office: World, person_id: str) -> int:
    with reading(office.system.engine) as db:
        at = office.clock.now()
        return queries.actor_for(db, office.home.id, UUID(person_id), at).clearance


def test_a_clearance_is_granted_withdrawn_and_told(
    admin: Browser, office: World, newcomer: str
) -> None:
    page = admin.open(f"/people/{newcomer}")
    assert "ไม่ได้รับอนุญาตให้เข้าถึงหนังสือชั้นความลับ" in page.text
    form = form_of(page, "/clearances")
    wrong = form.send(order_ref="", first_day="soon")
    assert wrong.status == 422
    assert wrong.tree.xpath("//a[@href='#first_day-clear']")
    assert form.send(order_ref=" ", first_day="1/1/2569").status == 422
    page = form.send(level="3", order_ref="คำสั่งที่ 12/2569", first_day="1/1/2569")
    assert level(office, newcomer) == 3
    assert "คำสั่งที่ 12/2569" in page.text
    again = form_of(page, "/clearances").send(order_ref="x", first_day="1/1/2569")
    assert again.status == 409
    assert "ถอนการอนุญาตเดิมก่อน" in again.text
    listed = admin.open("/admin/clearances")
    assert listed.tree.xpath(f"//tr[th/a[contains(@href, '{newcomer}')]]/td[.='ลับมาก']")
    form = form_of(page, "/withdraw")
    refused = form.send(reason="")
    assert refused.status == 422
    (linked,) = refused.tree.xpath("//a[starts-with(@href, '#reason-')]/@href")
    assert len(refused.tree.xpath(f"//input[@id='{linked[1:]}']")) == 1
    page = form.send(reason="คำสั่งย้าย")
    assert level(office, newcomer) == 1
    told = page.tree.xpath("string(//section[@id='history'])")
    assert "ถอนการอนุญาตให้เข้าถึงชั้นความลับ" in told
    assert "ลับมาก" in told
    assert "คำสั่งย้าย" in told


def test_nobody_is_offered_their_own_nor_let(admin: Browser, office: World) -> None:
    with reading(office.system.engine) as db:
        mine = queries.person(db, office.home.id, "admin").id
    page = admin.open(f"/people/{mine}")
    assert not page.tree.xpath(f"//form[@action='/people/{mine}/clearances']")
    token = page.form("/language").values()["csrf_token"][0]
    sent = {"csrf_token": token, "level": "2", "order_ref": "x", "first_day": "1/1/2569"}
    answer = admin.post(f"/people/{mine}/clearances", sent)
    assert answer.status == 403
    assert level(office, str(mine)) == 1


def test_auditors_see_the_list_and_change_nothing(
    enter: Enter, office: World, newcomer: str
) -> None:
    actor = system_actor(office.home.id)
    with reading(office.system.engine) as db:
        name = queries.person_by_id(db, office.home.id, UUID(newcomer)).username
    wanted = people.GrantClearance(name, 2, "คำสั่งที่ 7/2569", date(2026, 1, 1))
    made = office.system.bus.execute(wanted, actor)["id"]
    auditor = enter("truatsop")
    page = auditor.open("/admin/clearances")
    assert "คำสั่งที่ 7/2569" in page.text
    token = page.form("/language").values()["csrf_token"][0]
    path = f"/people/{newcomer}/clearances/{made}/withdraw"
    assert auditor.post(path, {"csrf_token": token, "reason": "x"}).status == 403
    assert level(office, newcomer) == 2
    assert enter("faem").open("/admin/clearances").status == 403
    assert "คำสั่งที่ 7/2569" not in enter("tambon").open("/admin/clearances").text


def test_a_clearance_of_another_person_is_not_withdrawn_here(
    admin: Browser, office: World, newcomer: str
) -> None:
    with reading(office.system.engine) as db:
        theirs = queries.clearances(db, office.home.id, office.clock.now())
    other = next(one for one in theirs if one.username == "somying")
    token = admin.open("/account").form("/language").values()["csrf_token"][0]
    sent = {"csrf_token": token, "reason": "x"}
    for person_id, wanted in ((newcomer, other.id), (newcomer, "nonsense")):
        assert admin.post(f"/people/{person_id}/clearances/{wanted}/withdraw", sent).status == 404
    assert level(office, str(other.person_id)) == 3
