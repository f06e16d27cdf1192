"""The page on which a chain is published says who would get each card today, and where nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from support.composed import ask
from support.world import World

from engine.actor import system_actor
from office.chains.commands import CreateChain, SaveChain
from office.chains.model import Chain, Inform, Who
from office.chains.stored import dump
from office.people import commands as people


def _do(office: World, command: Any) -> Any:
    return office.system.bus.execute(command, system_actor(office.home.id))


def _publish_page(office: World, browser: Any, key: str, *steps: Any, **more: Any) -> Any:
    made = _do(office, CreateChain("ลองสาย", key))
    content = dump(Chain(key, "ลองสาย", steps, **more))
    _do(office, SaveChain(UUID(made["id"]), content, 1))
    return browser.open(f"/chains/{made['id']}/publish")


def _said(page: Any, step: str) -> str:
    (found,) = page.tree.xpath(f"//ol[@class='route']/li[.//b[text()='{step}']]")
    return " ".join("".join(found.itertext()).split())


def test_todays_names_and_what_is_lacking_stand_at_each_card(office, enter):
    named = replace(ask("a", "x"), who=Who("named", ("position:permanent-secretary",)))
    lacking = replace(
        ask("b", "x"), who=Who("named", ("role:staff-none", "unit:staff-none", "person:nobody-x"))
    )
    page = _publish_page(
        office, enter("admin"), "staff-a", named, lacking, Inform("c", "c", Who("starter"))
    )
    assert "วันนี้: นางสาวสมหญิง รักงานดี (รักษาราชการแทน), นายสมชาย ตัวอย่างดี (ลา)" in _said(page, "a")
    said = _said(page, "b")
    assert "วันนี้ไม่มีผู้ทำขั้นนี้ เรื่องจะค้างจนผู้ดูแลเรื่องแก้ให้" in said
    assert "ไม่มีบทบาทรหัส “staff-none” – เลือกจากรายการ หรือเพิ่มรหัสนี้ก่อน" in said
    assert "ขึ้นกับผู้เริ่มเรื่อง" in _said(page, "c")
    assert "วันนี้" not in _said(page, "c")
    path = page.path.removesuffix("/publish")
    links = page.tree.xpath("//ol[@class='route']//a/@href")
    assert links == [f"{path}?step=b#panel"] * 3
    assert "เตือน 1 ข้อ" in page.text
    done = page.form(page.path).send(note="ทั้งที่เตือน")  # a warning forbids nothing
    assert "เผยแพร่รุ่น 1 แล้ว" in done.text


def test_each_shortfall_leads_to_where_it_is_mended(office, enter):
    _do(office, people.AddRole("staff-b", "ผู้จัดซื้อ", name_en="Buyers"))
    _do(office, people.AddPosition("staff-b", "นักทดลอง", "stocktake", "officer"))
    _do(office, people.AddUnit("staff-b", "group", "กลุ่มว่าง", parent="ops"))
    named = ("role:staff-b", "position:staff-b", "unit:staff-b")
    card = replace(ask("a", "x"), who=Who("named", named))
    admin = enter("admin")
    page = _publish_page(office, admin, "staff-b", card, start_role="staff-b")
    links = page.tree.xpath("//ol[@class='route']//a/@href")
    assert links == ["/admin/roles/staff-b", "/admin/committees/stocktake", "/admin/units/staff-b"]
    assert all(admin.open(one).status == 200 for one in links)


def test_whoever_does_not_keep_people_is_told_who_does(office, enter):
    _do(office, people.AddRole("staff-c", "ผู้ออกแบบ", ["deploy"]))
    _do(office, people.AddRole("staff-d", "ไม่มีใคร"))
    _do(office, people.GrantRole("somchai", "staff-c", office.clock.now().date()))
    card = replace(ask("a", "x"), who=Who("named", ("role:staff-d",)))
    page = _publish_page(office, enter("somchai"), "staff-c", card)
    assert "ไม่มีผู้มีบทบาท “ไม่มีใคร” – ให้บทบาทนี้แก่ใครสักคน" in _said(page, "a")
    assert page.tree.xpath("//ol[@class='route']//a") == []
    assert "ให้ผู้ดูแลคนแก้" in page.text


def test_a_chain_for_which_nobody_is_lacking_is_published_without_a_word(office, enter):
    page = _publish_page(office, enter("admin"), "staff-e", ask("a", "somying"))
    assert "เตือน" not in page.text
    assert "วันนี้: นางสาวสมหญิง รักงานดี" in _said(page, "a")


def test_whoever_cannot_prove_themselves_yet_is_told_before(office, enter):
    who = Who("named", ("position:permanent-secretary",))
    proof = replace(ask("a", "x"), who=who, confirm=True)
    plain = replace(ask("b", "x"), who=who)
    page = _publish_page(office, enter("admin"), "staff-proof", proof, plain)
    assert "ยังไม่มีรหัสจากแอปหรือพาสคีย์" in _said(page, "a")
    assert "นายสมชาย ตัวอย่างดี" in _said(page, "a").partition("แต่")[2]
    assert "พาสคีย์" not in _said(page, "b")
    assert "เตือน 1 ข้อ" in page.text
    assert "เผยแพร่รุ่น 1 แล้ว" in page.form(page.path).send(note="ทั้งที่เตือน").text
