"""The composer without a script: cards added, moved, filled in and published by plain forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from support.letter_story import open_task

from api.pages.view import LANGUAGE_COOKIE
from engine.db import reading
from office.chains import queries
from office.chains.compose import compose
from office.chains.model import Ask, Chain, Field, Who
from office.chains.models import chain_past
from office.chains.words import KINDS, outcomes_of


@pytest.fixture
def admin(enter):
    return enter("admin")


def _create(browser, name: str) -> Any:
    page = browser.open("/chains").form("/chains").send(name=name)
    assert page.path.startswith("/chains/"), page.text
    return page


def _act(page, act: str) -> Any:
    """Press one of the buttons that belong to the page's form of acts."""
    assert page.tree.xpath(f"//button[@form='act'][@value='{act}']"), f"no button {act}"
    form = page.form(f"{page.path}/cards")
    return form.send(button=("act", act))


def _add(page, kind: str) -> Any:
    places = page.tree.xpath(f"//button[starts-with(@value, 'add:{kind}@')]/@value")
    if not places:
        page = page.browser.open(page.path)
        places = page.tree.xpath(f"//button[starts-with(@value, 'add:{kind}@')]/@value")
    return _act(page, places[0])


def _step(page) -> Any:
    return next(f for f in page.forms() if "/steps/" in (f.element.get("action") or ""))


def _cards(page) -> list[str]:
    return [" ".join(one.itertext()).strip() for one in page.tree.xpath("//h3/button")]


def test_cards_are_added_moved_and_removed(admin):
    page = _create(admin, "ลาพักผ่อน")
    page = _add(page, "approve")
    page = _add(page, "inform")
    page = _step(page).send(amount="3", late="pass")
    assert "ให้รับทราบภายใน 3 วันทำการ ถ้าพ้นกำหนดเลิกรอการรับทราบ" in page.text
    assert _cards(page) == ["1 เห็นชอบหรืออนุมัติ", "2 แจ้งเพื่อทราบ"]
    page = _act(page, "up:inform1")
    assert _cards(page) == ["1 แจ้งเพื่อทราบ", "2 เห็นชอบหรืออนุมัติ"]
    page = admin.open(page.path, query={"at": ":1"})
    page = _act(page, "add:wait@:1")
    assert [one[2:] for one in _cards(page)] == ["แจ้งเพื่อทราบ", "รอ", "เห็นชอบหรืออนุมัติ"]
    page = _act(page, "remove:wait1")
    assert len(_cards(page)) == 2


def test_a_card_says_itself_and_what_it_lacks(admin):
    page = _add(_create(admin, "หารือ"), "consult")
    assert "ระบุว่าใครทำขั้นนี้" in page.text
    page = _step(page).send(
        name="หารือคลัง", who="named", who_named=["position:finance-head", "position:legal-head"],
        how="all", amount="2", late="pass",
    )  # fmt: skip
    assert "ระบุว่าใครทำขั้นนี้" not in page.text
    assert (
        "ให้ ผู้อำนวยการกลุ่มคลังและพัสดุ และ ผู้อำนวยการกลุ่มนิติการ ให้ความเห็น ทุกคน พร้อมกัน"
        " ภายใน 2 วันทำการ ถ้าพ้นกำหนดให้เรื่องเดินต่อ"
    ) in page.text


def test_those_whom_a_rule_names_are_chosen_and_told(admin):
    page = _add(_create(admin, "ตามกฎ"), "approve")
    chain = page.path
    for sent, told in (
        ({"who": "head", "who_head": ["unit:finance"]}, "ให้ หัวหน้าของ กลุ่มคลังและพัสดุ พิจารณาเห็นชอบ"),
        ({"who": "members", "who_members": ["unit:finance"], "how": "all"},
         "ให้ สมาชิกของ กลุ่มคลังและพัสดุ พิจารณาเห็นชอบ ทุกคน พร้อมกัน"),
        ({"who": "ladder", "who_rank": "division", "how": "in_order"},
         "ผู้บังคับบัญชาของผู้เริ่มเรื่องทุกระดับจนถึงผู้อำนวยการกอง"),
    ):  # fmt: skip
        form = _step(admin.open(chain, query={"step": "approve1"}))
        assert told in form.send(**sent).text
    tried = admin.open(chain).form(f"{chain}/try#try").send(starter="thotsop")
    assert "นายสมมติ พิมพ์ชัด" in tried.text
    assert "ไม่มีข้อเตือน" in tried.text


def test_what_happens_where_nobody_can_do_it_is_chosen_and_told(admin):
    page = _add(_create(admin, "ถ้าไม่มีผู้ทำ"), "approve")
    chain = page.path
    who = {"who": "named", "who_named": ["role:registrar"]}
    page = _step(page).send(**who, if_nobody="pass")
    assert "ถ้าไม่มีผู้ทำให้ข้ามขั้นนี้" in page.text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    assert "เลือกผู้ที่ทำแทนเมื่อไม่มีผู้ทำ" in form.send(if_nobody="hand").text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    page = form.send(if_nobody="hand", instead=["right:operate"])
    assert "ถ้าไม่มีผู้ทำให้ ผู้ดูแลเรื่อง ทำแทน" in page.text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    assert "เลือกผู้ที่ทำแทนเมื่อเป็นผู้เริ่มเรื่องเอง" in form.send(if_starter="hand").text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    page = form.send(if_starter="hand", instead_of_starter=["position:finance-head"])
    told = "ถ้าเป็นผู้เริ่มเรื่องเองให้ ผู้อำนวยการกลุ่มคลังและพัสดุ ทำแทน"
    assert told in page.text
    assert "ถ้าไม่มีผู้ทำให้ ผู้ดูแลเรื่อง ทำแทน" in page.text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    page = form.send(if_starter="do")
    assert told not in page.text
    assert "ผู้เริ่มเรื่องทำไม่ได้" not in page.text


def test_what_the_refuser_may_choose_is_chosen_and_told(admin):
    page = _add(_add(_create(admin, "ผู้ไม่เห็นชอบเลือก"), "approve"), "approve")
    form = _step(admin.open(page.path, query={"step": "approve2"}))
    page = form.send(refusal="chosen", may=["end", "start", "approve1"])
    told = "ผู้ทำเลือกเองจาก ให้เรื่องจบ, คืนผู้เริ่มเรื่อง หรือ คืน “เห็นชอบหรืออนุมัติ”"
    assert told in page.text
    form = _step(admin.open(page.path, query={"step": "approve2"}))
    assert "เลือกอย่างน้อยหนึ่งขั้น" in form.send(refusal="chosen", may=["end"]).text


def test_a_refusal_goes_plainly_to_whoever_started_it(admin):
    page = _add(_add(_create(admin, "คืนผู้เริ่ม"), "approve"), "approve")
    for wish, told in (("back", "แล้วเริ่มขั้นแรกใหม่"), ("me", "แล้วส่งตรงกลับมา")):
        form = _step(admin.open(page.path, query={"step": "approve2"}))
        page = form.send(refusal=f"{wish}:start", amount="2", late="refuse")
        assert f"ถ้าไม่เห็นชอบคืนผู้เริ่มเรื่องแก้ไข {told}" in page.text
        assert "การ์ดครบ เผยแพร่ได้" in page.text
        shown = admin.open(page.path, query={"step": "approve2"})
        (kept,) = shown.tree.xpath("//select[@name='refusal']/option[@selected]/@value")
        assert kept == f"{wish}:start"


@pytest.mark.parametrize("wish", ["back", "me"])
def test_whoever_refuses_reads_that_it_goes_to_the_starter_and_does_not_end(admin, enter, wish):
    name = f"คืนแล้วแก้ {wish}"
    page = _add(_add(_create(admin, name), "approve"), "approve")
    chain = page.path
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings").send(**{"field-0": "เรื่อง"})
    for step in ("approve1", "approve2"):
        refusal = f"{wish}:start" if step == "approve2" else "end"
        form = _step(admin.open(chain, query={"step": step}))
        form.send(who="named", who_named=["person:khlang"], refusal=refusal)
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    starter, khlang = enter("thotsop"), enter("khlang")
    starter.open(made.path).form(f"{made.path}/start").send(field1=name)
    task = open_task(khlang, name)
    assert "เรื่องจะยุติ" in task.text
    task.form(f"{task.path}/decide").send(outcome="approve")
    task = open_task(khlang, name)
    assert "เรื่องกลับไปขั้น “ผู้เริ่มเรื่อง แก้ไข”" in task.text
    assert "เรื่องจะยุติ" not in task.text
    task.form(f"{task.path}/decide").send(outcome="refuse", comment="ขอให้แก้ให้ชัดก่อน")
    corrected = open_task(starter, name)
    corrected.form(f"{corrected.path}/decide").send(field1=name)
    again = open_task(khlang, name)
    assert ("เรื่องจะยุติ" in again.text) == (wish == "back")


def test_whoever_does_a_step_chooses_who_does_the_next(admin, enter):
    page = _add(_add(_create(admin, "เลือกผู้ทำต่อ"), "approve"), "approve")
    chain = page.path
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    settings.send(**{"field-0": "เรื่อง"})
    shown = admin.open(chain, query={"step": "approve2"})
    assert shown.tree.xpath("//select[@name='who_appointed']/option/@value") == ["approve1"]
    page = _step(shown).send(
        name="ตรวจต่อ", who="appointed", who_appointed="approve1", refusal="end"
    )
    assert "ให้ ผู้ที่ผู้ทำขั้น “เห็นชอบหรืออนุมัติ” เลือก พิจารณาเห็นชอบ" in page.text
    assert "(เลือกผู้ทำขั้น “ตรวจต่อ” ด้วย)" in page.text
    tried = page.form(f"{chain}/try#try").send(
        starter="thotsop", field1="ก", approve2_appointed="khlang"
    )
    assert "คลัง" in tried.tree.xpath("string(//ol[@aria-label='เส้นทางที่ลอง']/li[2])")
    untold = page.form(f"{chain}/try#try").send(
        starter="thotsop", field1="ก", approve2_appointed=""
    )
    assert "ยังไม่เลือกผู้ทำขั้น “ตรวจต่อ”" in untold.text

    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    enter("thotsop").open(made.path).form(f"{made.path}/start").send(field1="เรื่องต่อ")
    head = enter("sommut")
    task = open_task(head, "เรื่องต่อ")
    (field,) = task.tree.xpath("//form[@id='decide']//input[@name='approve2_appointed']")
    assert "/offers/person" in field.get("hx-get", "")
    form = task.form(f"{task.path}/decide")
    wrong = form.send(outcome="approve", approve2_appointed="ใครสักคน")
    assert "ไม่มีผู้ใช้ชื่อนี้ หรือมอบให้ทำเรื่องนี้ไม่ได้" in wrong.text
    wrong.form(f"{task.path}/decide").send(outcome="approve", approve2_appointed="khlang")
    assert "ตรวจต่อ" in open_task(enter("khlang"), "เรื่องต่อ").text

    page = _add(admin.open(chain), "inform")
    form = _step(admin.open(chain, query={"step": "approve1"}))
    page = form.send(how="all", who="named", who_named=["position:finance-head"])
    assert "มีหลายคนทำ จึงไม่มีใครเลือกผู้ทำขั้นนี้ได้คนเดียว" in page.text
    shown = admin.open(chain, query={"step": "approve2"})
    assert shown.tree.xpath("//select[@name='who_appointed']/option/@value") == ["approve1"]


def test_several_are_chosen_by_the_starter_and_by_whoever_does_a_step(admin, enter):
    page = _add(_add(_add(_create(admin, "เลือกหลายคน"), "consult"), "approve"), "consult")
    chain = page.path
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    settings.send(**{"field-0": "เรื่อง", "field-1": "กรรมการ", "kind-1": "person",
                     "several-1": "1"})  # fmt: skip
    form = _step(admin.open(chain, query={"step": "consult1"}))
    form.send(who="field", who_field="field2", how="all")
    form = _step(admin.open(chain, query={"step": "consult2"}))
    page = form.send(name="ถามต่อ", who="appointed", who_appointed="approve1", how="in_order")
    assert "(เลือกผู้ทำขั้น “ถามต่อ” (หลายคน) ด้วย)" in page.text
    tried = page.form(f"{chain}/try#try").send(
        starter="thotsop", field1="ก", field2=["khlang", "kotmai"],
        consult2_appointed=["wichan", "khlang", ""],
    )  # fmt: skip
    assert "วิชาญ" in tried.tree.xpath("string(//ol[@aria-label='เส้นทางที่ลอง']/li[3])"), tried.text
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    start = enter("thotsop").open(made.path).form(f"{made.path}/start")
    wrong = start.send(field1="เรื่องของหลายคน", field2=["khlang", "ใครสักคน"])
    assert (wrong.status, "ไม่มีผู้ใช้ชื่อ ใครสักคน" in wrong.text) == (422, True)
    assert wrong.tree.xpath("//input[@name='field2']/@value") == ["khlang", "ใครสักคน", ""]
    case = start.send(field1="เรื่องของหลายคน", field2=["khlang, kotmai", ""])
    assert case.status == 200, case.text
    for who in ("khlang", "kotmai"):
        task = open_task(enter(who), "เรื่องของหลายคน")
        task.form(f"{task.path}/decide").send(outcome="agree")
    task = open_task(enter("sommut"), "เรื่องของหลายคน")
    assert len(task.tree.xpath("//form[@id='decide']//input[@name='consult2_appointed']")) == 3
    task.form(f"{task.path}/decide").send(
        outcome="approve", consult2_appointed=["wichan", "khlang", ""]
    )
    assert "ถามต่อ" in open_task(enter("wichan"), "เรื่องของหลายคน").text


def test_whoever_reads_english_is_asked_in_english_who_and_what(admin, enter):
    page = _add(_add(_create(admin, "Chosen"), "approve"), "approve")
    page = _add(admin.open(page.path), "choose")
    chain = page.path
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    settings.send(**{"field-0": "เรื่อง"})
    form = _step(admin.open(chain, query={"step": "approve2"}))
    form.send(name="Then", who="appointed", who_appointed="approve1")
    form = _step(admin.open(chain, query={"step": "choose1"}))
    form.send(**{"if-0": "said:approve1:approve"})
    head = enter("sommut")
    with _english(admin, head):
        page = admin.open(chain)
        tried = page.form(f"{chain}/try#try").send(starter="thotsop", field1="a")
        labels = {one.text.strip() for one in tried.tree.xpath("//label") if one.text}
        assert {"Who does “Then”", "Answer of “เห็นชอบหรืออนุมัติ”"} <= labels
        assert "Nobody is chosen yet to do “Then”" in tried.text

        made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="First")
        enter("thotsop").open(made.path).form(f"{made.path}/start").send(field1="A matter")
        task = open_task(head, "A matter")
        assert "Who does “Then”" in task.text
        assert "ผู้ทำขั้น" not in task.text


def test_a_letters_facts_are_called_in_english_for_whoever_reads_it(admin):
    with _english(admin):
        page = _create(admin, "A letter's way")
        chain = page.path
        settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
        settings.send(letter="1")
        page = _add(admin.open(chain), "sign")
        assert "Whoever is named in “Signer by the letter”" in page.text
        page = _add(admin.open(chain), "matrix")
        assert "Urgency (1 normal to 4 most urgent)" in page.text
        assert "ชั้นความเร็ว" not in page.text
        assert "ผู้ลงนามตามหนังสือ" not in page.text


def test_new_cards_are_named_in_the_language_of_whoever_adds_them(admin, office):
    """What is stored is theirs: who reads Thai reads the same English names later."""
    with _english(admin):
        page = _create(admin, "All in English")
        chain = page.path
        settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
        page = settings.send(letter="1", **{"field-0": "Amount", "kind-0": "number"})
        for kind in KINDS:
            page = _add(admin.open(chain), kind)
        for forked in ("choose1", "together1"):
            page = _act(admin.open(chain, query={"step": forked}), f"branch:{forked}")
    kept = _kept(office, chain)
    names = [step.name for step in kept.walk()]
    ways = [one.label for step in kept.walk() for one in getattr(step, "branches", ())]
    assert names[0] == "Draft"
    assert len(names) == len(KINDS) + 1
    assert {"Otherwise", "Way 1", "Way 2", "Way 3"} <= set(ways)
    assert not re.search("[ก-๙]", " ".join(names + ways)), names + ways
    assert kept.english
    thai = _add(admin.open(chain), "approve")
    assert _kept(office, chain).step("approve2").name == "เห็นชอบหรืออนุมัติ", thai.path
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    settings.send()
    assert _kept(office, chain).english  # whoever reads it, until somebody chooses otherwise
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    settings.send(named="th")
    assert not _kept(office, chain).english


def _kept(office, path: str) -> Chain:
    with reading(office.system.engine) as db:
        return queries.draft(db, office.home.id, UUID(path.rpartition("/")[2])).chain


@contextmanager
def _english(*browsers) -> Iterator[None]:
    for one in browsers:
        one.client.set_cookie(LANGUAGE_COOKIE, "en")
    yield
    for one in browsers:
        one.client.delete_cookie(LANGUAGE_COOKIE)


def test_buttons_are_added_named_and_removed_and_ways_depend_on_them(admin, enter):
    page = _add(_create(admin, "ปุ่มเอง"), "approve")
    chain = page.path
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings").send(**{"field-0": "เรื่อง"})
    for name, to in (("มีเงื่อนไข", "on"), ("ไม่อยู่ในอำนาจ", "no")):
        form = _step(admin.open(chain, query={"step": "approve1"}))
        page = form.send(
            **{"out-new": name, "out-new-to": to}, who="named", who_named=["person:khlang"],
            button=("more", "1"),
        )  # fmt: skip
    assert page.tree.xpath("//input[starts-with(@name, 'out-')][@type='text']/@name") == [
        f"out-{one}{language}" for one in ("approve", "answer1", "refuse", "refuse_1", "new")
        for language in ("", "-en")
    ]  # fmt: skip
    fixed = [f"out-{one}-to" for one in ("answer1", "refuse_1", "new")]
    assert page.tree.xpath("//select[starts-with(@name, 'out-')]/@name") == fixed

    page = _add(admin.open(chain), "choose")
    form = _step(page)
    offered = page.tree.xpath("//select[@name='if-0']/option/text()")
    assert "ตอบ “มีเงื่อนไข” ในขั้น “เห็นชอบหรืออนุมัติ”" in offered
    assert not any("อำนาจ" in one for one in offered)
    page = form.send(**{"if-0": "said:approve1:answer1", "label-0": "มีเงื่อนไข"})
    assert "ตอบ “มีเงื่อนไข” ในขั้น “เห็นชอบหรืออนุมัติ”" in page.text
    assert "การ์ดครบ เผยแพร่ได้" in page.text
    page = admin.open(chain, query={"at": "choose1.0:0"})
    page = _act(page, "add:wait@choose1.0:0")

    lines = "//ol[@aria-label='เส้นทางที่ลอง']/li//b/text()"
    form = admin.open(chain).form(f"{chain}/try#try")
    usual = form.send(starter="thotsop", field1="ก")
    assert "รอ" not in usual.tree.xpath(lines)
    other = form.send(starter="thotsop", field1="ก", approve1_outcome="answer1")
    assert "รอ" in other.tree.xpath(lines)

    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    enter("thotsop").open(made.path).form(f"{made.path}/start").send(field1="เรื่องปุ่ม")
    task = open_task(enter("khlang"), "เรื่องปุ่ม")
    assert task.tree.xpath("//input[@name='outcome']/@value") == [
        "approve", "answer1", "refuse", "refuse_1",
    ]  # fmt: skip
    assert task.tree.xpath("//input[@name='outcome']/@data-kind")[2:] == ["end", "end"]

    form = _step(admin.open(chain, query={"step": "approve1"}))
    page = form.send(**{"out-answer1": "", "out-approve": ""})
    assert "ไม่มีปุ่มที่เงื่อนไขถามถึงแล้ว" in page.text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    assert "out-answer1" not in form.element.xpath(".//input/@name")
    assert "out-approve" in form.element.xpath(".//input/@name")
    page = form.send(refusal="none")
    assert "ปุ่ม “ไม่อยู่ในอำนาจ” ไม่เห็นชอบ แต่" in page.text


def test_a_button_comes_to_lead_elsewhere(admin):
    page = _add(_create(admin, "ปุ่มย้ายทาง"), "consult")
    chain = page.path
    page = _step(page).send(
        **{"out-remark-to": "no"}, who="named", who_named=["person:khlang"], refusal="end"
    )
    page = admin.open(chain, query={"step": "consult1"})
    names = page.tree.xpath("//input[starts-with(@name, 'out-')][@type='text']/@name")
    assert [one for one in names if not one.endswith("-en")] == [
        "out-agree", "out-refuse", "out-refuse_1", "out-new",
    ]  # fmt: skip
    (shown,) = page.tree.xpath("//input[@name='out-refuse_1']/@value")
    assert shown == "มีข้อสังเกต"


def test_a_letter_is_corrected_at_its_draft_and_not_by_its_starter(admin):
    page = _create(admin, "หนังสือแก้ที่ร่าง")
    chain = page.path
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings").send(letter="1")
    page = _add(admin.open(chain), "approve")
    offered = page.tree.xpath("//select[@name='refusal']/option/@value")
    assert "back:draft" in offered
    assert not {"back:start", "me:start"} & {*offered}


def test_what_a_card_may_change_and_does_not_see_is_chosen_and_told(admin):
    page = _create(admin, "ปิดบางช่อง")
    chain = page.path
    admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings").send(
        **{"field-0": "เรื่อง", "field-1": "เงินเดือน", "kind-1": "number"}
    )
    page = _add(admin.open(chain), "approve")
    page = _step(page).send(edits=["field1"], hides=["field2"])
    assert "(แก้ได้: เรื่อง) (ไม่เห็น: เงินเดือน)" in page.text
    page = _step(admin.open(chain, query={"step": "approve1"})).send(edits=["field2"])
    assert "ช่อง “เงินเดือน” ซ่อนอยู่ จึงแก้ไม่ได้" in page.text
    page = _add(admin.open(chain), "inform")
    page = _step(page).send(hides=["field2"])
    assert "เรื่องเดินต่อโดยไม่รอ (ไม่เห็น: เงินเดือน)" in page.text
    page = admin.open(chain, query={"step": "inform1"})
    ticked = page.tree.xpath("//input[@name='hides'][@checked]/@value")
    assert (ticked, page.tree.xpath("//input[@name='edits']")) == (["field2"], [])


def test_ways_and_cards_inside_them(admin):
    page = _create(admin, "แยกทาง")
    settings = admin.open(page.path, query={"settings": "1"})
    page = settings.form(f"{page.path}/settings").send(
        **{"field-0": "วงเงิน", "kind-0": "number", "field-1": "ชนิด", "kind-1": "choice",
           "options-1": "ของ\nงาน"}
    )  # fmt: skip
    page = _add(page, "choose")
    page = _act(page, "branch:choose1")
    page = _step(page).send(
        **{"label-0": "สูง", "if-0": "field1", "is-0": ">", "value-0": "100,000",
           "if-1": "", "feel-1": 'field2 = "ของ"', "label-2": "อื่น"}
    )  # fmt: skip
    assert "วงเงิน เกิน 100,000" in page.text
    assert "ชนิด เท่ากับ ของ" in page.text
    page = admin.open(page.path, query={"at": "choose1.0:0"})
    page = _act(page, "add:approve@choose1.0:0")
    assert _cards(page) == ["1 แยกตามเงื่อนไข", "2 เห็นชอบหรืออนุมัติ"]
    page = _act(admin.open(page.path, query={"step": "choose1"}), "unbranch:choose1.1")
    assert "ชนิด เท่ากับ ของ" not in page.text


def test_files_are_asked_for_and_a_way_depends_on_how_many_there_are(admin, enter):
    page = _create(admin, "ขอซื้อพร้อมใบเสนอราคา")
    chain = page.path
    settings = admin.open(chain, query={"settings": "1"}).form(f"{chain}/settings")
    page = settings.send(more="1", **{
        "field-0": "ใบเสนอราคา", "kind-0": "files", "several-0": "1", "accept-0": ".exe",
        "required-0": None, "field-1": "เรื่อง",
    })  # fmt: skip
    assert "“ใบเสนอราคา” ระบุชนิดไฟล์ที่แนบไม่ได้" in page.text
    assert page.tree.xpath("//select[@name='title']/option/@value") == ["", "field2"]
    page = page.form(f"{chain}/settings").send(more=None, **{"accept-0": ".pdf, .csv"})
    assert "ระบุชนิดไฟล์" not in page.text
    page = _add(page, "choose")
    page = _step(page).send(**{"label-0": "มีใบเสนอราคา", "if-0": "field1", "is-0": ">=",
                               "value-0": "มี", "label-1": "ไม่มี"})  # fmt: skip
    assert "เงื่อนไขถามได้ว่ามีกี่ไฟล์ เช่น ตั้งแต่ 1 (มีไฟล์)" in page.text
    assert page.tree.xpath("//select[@name='if-0']/option[@selected]/@value") == ["field1"]
    page = _step(page).send(**{"value-0": "1"})
    assert "มีไฟล์ใน “ใบเสนอราคา”" in page.text
    page = _act(admin.open(chain, query={"at": "choose1.0:0"}), "add:approve@choose1.0:0")
    page = _step(page).send(who="named", who_named="person:wichan", edits="field1")
    assert "แก้ได้: ใบเสนอราคา" in page.text
    page = page.form(f"{chain}/try#try").send(field2="เก้าอี้", field1="เสนอราคา.pdf")
    assert "ไปทาง" not in page.text
    assert "นายวิชาญ กำกับงาน" in page.text
    page = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    form = enter("thotsop").open(page.path).form(f"{page.path}/start")
    case = form.send(field2="เก้าอี้ที่มีใบเสนอราคา", field1=("a.csv", b"x,1"))
    assert "นายวิชาญ กำกับงาน" in case.text, case.text
    page = open_task(enter("wichan"), "เก้าอี้ที่มีใบเสนอราคา")
    assert "a.csv" in page.text


def test_who_comes_second_is_told_and_loses_nothing(admin):
    page = _add(_create(admin, "สองคน"), "approve")
    _step(page).send(name="คนแรก")
    second = _step(page).send(name="คนที่สอง")
    assert second.status == 412
    assert "มีผู้แก้สายอนุมัตินี้ก่อนท่าน" in second.text
    again = _step(second)
    assert again.values()["name"] == ["คนที่สอง"]
    assert "คนที่สอง" in again.send().text
    stale = page.form(f"{page.path}/cards").send(button=("act", "remove:approve1"))
    assert "มีผู้แก้สายอนุมัตินี้ก่อนท่าน" in stale.text
    assert _cards(stale)


def test_a_chain_with_faults_is_not_published(admin):
    page = _add(_create(admin, "ยังไม่ครบ"), "consult")
    ask = admin.open(f"{page.path}/publish")
    assert "แก้การ์ดเหล่านี้ก่อน" in ask.text
    assert not [f for f in ask.forms() if f.element.get("action") == ask.path]


def test_a_published_chain_opens_again_as_cards(admin):
    page = _add(_create(admin, "ขอใช้ห้อง"), "approve")
    chain = page.path
    refused = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note=" ")
    assert refused.error("note") == "เขียนสรุปการเปลี่ยนแปลง"
    page = refused.form(f"{chain}/publish").send(note="รุ่นแรก")
    assert page.path.startswith("/definitions/"), page.text
    assert "ใช้อยู่ รุ่น 1" in admin.open("/chains").text
    form = admin.open(f"{chain}?settings=1").form(f"{chain}/discard")
    page = form.send()
    assert page.path == "/chains"
    opened = next(
        f for f in page.forms()
        if f.element.get("action") == "/chains/open" and "ขอใช้ห้อง" in "".join(
            f.element.getparent().itertext())
    )  # fmt: skip
    page = opened.send()
    assert _cards(page) == ["1 เห็นชอบหรืออนุมัติ"]


def test_what_cards_change_is_shown_before_they_are_published(admin):
    page = _add(_create(admin, "เทียบก่อนใช้"), "consult")
    chain = page.path
    for asked in ("diagram", "files/get", "zip"):
        assert "ระบุว่าใครทำขั้นนี้" in admin.open(f"{chain}/{asked}").text
    page = _step(admin.open(chain, query={"step": "consult1"})).send(who="superior")
    assert not page.links("/changes")
    drawn = page.follow("/diagram")
    assert "หารือ" in drawn.tree.xpath("//span[starts-with(@class, 'pic__n')]/@title")
    assert 'name="หารือ"' in drawn.follow(".bpmn").response.text
    whole = drawn.follow("/zip").response
    assert (whole.mimetype, whole.data[:2]) == ("application/zip", b"PK")
    assert admin.open(f"{chain}/files/get", query={"name": "x"}).status == 404
    ask = admin.open(f"{chain}/publish")
    assert not ask.tree.xpath("//section[@aria-labelledby='df-h']")  # nothing to compare with
    ask.form(f"{chain}/publish").send(note="รุ่นแรก")
    page = _add(admin.open(chain), "wait")
    _step(page).send(name="รอเอกสาร", amount="3")
    _step(admin.open(chain, query={"step": "consult1"})).send(amount="2", late="pass")
    ask = admin.open(f"{chain}/publish")
    said = "ผู้บังคับบัญชาของผู้เริ่มเรื่อง ให้ความเห็น"
    assert _told(ask) == [f"เปลี่ยน หารือ เดิม: ให้ {said} ใหม่: ให้ {said}"
                          " ภายใน 2 วันทำการ ถ้าพ้นกำหนดให้เรื่องเดินต่อ",
                          "เพิ่ม รอเอกสาร รอ 3 วันทำการ แล้วเดินต่อ"]  # fmt: skip
    marks = ask.tree.xpath("//section[@aria-labelledby='now-h']//a")
    leads = {"".join(one.itertext()): one.get("href") for one in marks}
    whole = f"{chain}/changes?version=1"
    assert leads["+ 1"] == f"{whole}#d-1"
    found = admin.open(chain).follow("/changes")
    assert _told(found) == _told(ask)
    titles = ["".join(one.itertext()) for one in found.tree.xpath("//h2[starts-with(@id, 'd-')]")]
    assert "รอเอกสาร" in [one.split()[-1] for one in titles]
    assert {one.get("href") for one in found.tree.xpath("//a[@id='now-1']")} == {"#d-1"}


def _told(page) -> list[str]:
    """What is told of the cards."""
    items = page.tree.xpath("//section[@aria-labelledby='cd-h']//li")
    return [" ".join(" ".join(one.itertext()).split()) for one in items]


def test_a_version_from_the_designer_leaves_a_changed_draft_ways_on(admin, office):
    page = _add(_create(admin, "แก้สองทาง"), "approve")
    chain = page.path
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="จากการ์ด")
    assert made.path.startswith("/definitions/")
    with reading(office.system.engine) as db:
        row = queries.draft(db, office.home.id, UUID(chain.rpartition("/")[2]))
    _add(admin.open(chain), "inform")
    publish = admin.open(f"{chain}/publish").form(f"{chain}/publish")  # another tab
    step = row.chain.steps[0]
    drawn = replace(row.chain, steps=(step, replace(step, id="legal", name="ตรวจข้อกฎหมาย")))
    office.deploy(compose(drawn))

    told = publish.send(note="ทับ")
    assert told.path == f"{chain}/publish"
    assert "มีรุ่น 2 ที่เผยแพร่จากผังหลังร่างนี้" in told.text
    assert f"{chain}/publish" not in [f.element.get("action") for f in told.forms()]
    shown = admin.open(chain)
    assert _cards(shown) == ["1 เห็นชอบหรืออนุมัติ", "2 แจ้งเพื่อทราบ"]
    old = shown.form(f"{chain}/renew")
    _add(admin.open(chain), "wait")
    assert "มีผู้แก้สายอนุมัตินี้ก่อนท่าน" in old.send().text  # what was not seen is not thrown away
    renewed = admin.open(chain).form(f"{chain}/renew").send()
    assert _cards(renewed) == ["1 เห็นชอบหรืออนุมัติ", "2 ตรวจข้อกฎหมาย"]
    assert "ที่เผยแพร่จากผัง" not in renewed.text
    _add(admin.open(chain), "inform")
    done = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="ต่อจากผัง")
    assert "เผยแพร่รุ่น 3 แล้ว" in done.text


def test_a_newer_version_that_cards_cannot_say_leaves_the_draft(admin, office):
    page = _add(_create(admin, "แก้เป็นผัง"), "approve")
    chain = page.path
    admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="จากการ์ด")
    with reading(office.system.engine) as db:
        row = queries.draft(db, office.home.id, UUID(chain.rpartition("/")[2]))
    _add(admin.open(chain), "inform")
    files = dict(compose(row.chain))
    (bpmn,) = (name for name in files if name.endswith(".bpmn"))
    odd = b'<saraban:priority value="3"/><saraban:outcomes'
    files[bpmn] = files[bpmn].replace(b"<saraban:outcomes", odd, 1)
    office.deploy(files)
    refused = admin.open(chain).form(f"{chain}/renew").send()
    assert refused.status == 409
    assert "เปิดเป็นการ์ดไม่ได้" in refused.text
    assert _cards(admin.open(chain)) == ["1 เห็นชอบหรืออนุมัติ", "2 แจ้งเพื่อทราบ"]


def test_a_diagram_of_another_hand_says_where_it_is_not_composable(admin):
    page = admin.open("/chains")
    opened = next(
        f for f in page.forms()
        if f.element.get("action") == "/chains/open" and "official-letter" in "".join(
            f.element.getparent().itertext())
    )  # fmt: skip
    page = opened.send()
    assert page.status == 409
    assert "เปิดเป็นการ์ดไม่ได้" in page.text
    drawn = page.form("/designer/open").send()
    assert drawn.path.startswith("/designer/")
    assert "หนังสือราชการ" in drawn.text


def test_a_letters_route_is_composed_and_chosen_for_a_letter(admin, enter):
    page = _create(admin, "หนังสือด่วนภายใน")
    chain = page.path
    settings = admin.open(chain, query={"settings": "1"})
    page = settings.form(f"{chain}/settings").send(letter="1")
    assert "settings" not in page.response.request.query_string.decode()  # what lacks are cards
    assert "1 ร่าง" in _cards(admin.open(chain))
    page = _add(admin.open(chain), "sign")
    assert "ให้ ผู้ที่ระบุใน “ผู้ลงนามตามหนังสือ” ลงนามในหนังสือ" in page.text
    assert "ผู้ทำเลือกเองจาก ให้เรื่องจบ หรือ คืน “ร่าง”" in page.text
    tried = page.browser.open(chain).form(f"{chain}/try#try").send(starter="thotsop")
    assert "ช่อง “ผู้ลงนามตามหนังสือ” ซึ่งระบุผู้ทำยังไม่มีค่า" in tried.text
    assert "ไม่ได้รับอนุญาตให้เข้าถึง" not in tried.text
    form = tried.form(f"{chain}/try#try")
    assert set(form.element.xpath(".//select[@name='secrecy']/option/@value")) == {"1", "2", "3"}
    tried = form.send(starter="thotsop", secrecy="3")
    assert "ทดสอบ ร่างดี ไม่ได้รับอนุญาตให้เข้าถึงชั้นความลับที่ลอง" in tried.text
    assert tried.tree.xpath("//select[@name='secrecy']/option[@value='3'][@selected]")
    tried = form.send(starter="thotsop", secrecy="9")
    assert "ไม่ได้รับอนุญาตให้เข้าถึง" not in tried.text
    page = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    assert page.path.startswith("/definitions/"), page.text
    drafter = enter("thotsop")
    page = drafter.open("/documents/new?kind=EXT")
    offered = page.tree.xpath("//select[@name='route']/option/text()")
    assert offered == ["หนังสือราชการ", "หนังสือด่วนภายใน"]


def test_composing_needs_the_right_to_deploy(enter):
    clerk = enter("faem")
    assert clerk.open("/chains").status == 403
    assert "/chains" not in clerk.open("/").links("/chains")


def test_a_broken_place_or_act_changes_nothing(admin):
    page = _add(_create(admin, "ที่ผิด"), "approve")
    for act in ("add:approve@nowhere:1", "add:dance@:0", "what:ever", "add:approve@:99"):
        broken = page.form(f"{page.path}/cards").send(button=("act", act))
        assert broken.status == 404, act
    assert admin.open(page.path, query={"at": "x:1", "step": "none"}).status == 200
    assert admin.open("/chains/nonsense").status == 404


def test_a_chain_is_tried_with_todays_names(admin):
    page = _add(_create(admin, "ลอง"), "approve")
    chain = page.path
    _step(page).send(amount="2", unit="days")
    admin.open(f"{chain}?settings=1").form(f"{chain}/settings").send(
        **{"field-0": "วงเงิน", "kind-0": "number"}
    )
    form = admin.open(chain).form(f"{chain}/try#try")
    wrong = form.send(starter="thotsop")
    assert "ยังลองไม่ได้" in wrong.text
    assert wrong.tree.xpath("//*[@id='errors']//a/text()") == ["ต้องกรอกช่องนี้"]
    tried = form.send(**{"starter": "thotsop", _field(form): "5000"})
    assert "นายสมมติ พิมพ์ชัด" in tried.text
    assert "ไม่มีข้อเตือน" in tried.text
    assert re.search(r"อย่างช้า (พรุ่งนี้|\d+ \S+) \d\d:\d\d น.", tried.text)
    nobody = form.send(**{"starter": "somchai", _field(form): "5000"})
    assert "ไม่มีผู้ทำได้ในวันนี้" in nobody.text


def test_a_trial_names_who_acts_for_whoever_is_on_leave(admin):
    page = _add(_create(admin, "ปลัดลา"), "approve")
    page = _step(page).send(who="named", who_named=["position:permanent-secretary"])
    tried = page.form(f"{page.path}/try#try").send(starter="thotsop")
    said = "นางสาวสมหญิง รักงานดี (รักษาราชการแทน), นายสมชาย ตัวอย่างดี (ลา)"
    assert said in tried.text, tried.text[-250:]
    assert "ไม่มีข้อเตือน" in tried.text


def test_a_role_that_nobody_holds_and_a_leave_without_a_substitute_say_what_to_do(admin):
    admin.open("/admin/roles").form("/admin/roles").send(code="buyer", name="ผู้จัดซื้อ")
    leave = admin.open("/admin/leaves").form("/admin/leaves").send(username="ngop")
    page = _add(_create(admin, "ไม่มีใคร"), "approve")
    for principal, said in (
        ("role:buyer", "เลือกผู้อื่นให้ขั้นนี้ หรือตั้งคนในตำแหน่งหรือบทบาทก่อน"),
        ("person:ngop", "นายงบ ประมาณการ ลาอยู่ และไม่มีผู้แทน บันทึกผู้ทำแทนที่ “การลา”"),
    ):
        page = admin.open(page.path, query={"step": "approve1"})
        page = _step(page).send(who="named", who_named=[principal])
        tried = page.form(f"{page.path}/try#try").send(starter="thotsop")
        assert said in tried.text, tried.text[-300:]
        assert "ยังเผยแพร่ได้ แต่ควรดูก่อน" in tried.text
    both = ["person:ngop", "person:wichan"]
    page = admin.open(page.path, query={"step": "approve1"})
    page = _step(page).send(who="named", who_named=both, how="all")
    tried = page.form(f"{page.path}/try#try").send(starter="thotsop")
    assert re.search(r"รอคำตอบของ นายงบ ประมาณการ \(ลาถึง \d+ \S+ \d+\)", tried.text), tried.text
    (again,) = leave.tree.xpath("//form[button[contains(@aria-label, 'นายงบ')]]")
    leave.form(again.get("action")).send()


def test_saved_settings_lead_to_the_cards_and_publishing_to_running_cases(admin):
    chain = _create(admin, "มีเรื่องเดิน").path
    form = admin.open(f"{chain}?settings=1").form(f"{chain}/settings")
    assert "ชื่อช่อง" in form.send(button=("more", "1"), **{"field-0": "ช่องแรก"}).text
    saved = admin.open(f"{chain}?settings=1").form(f"{chain}/settings").send()
    assert "เพิ่มขั้นต่อท้าย" in saved.text
    page = _add(saved, "approve")
    made = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    assert "มีเรื่องเดิน" in admin.open("/documents/new").text
    made.form(f"{made.path}/start").send(field1="ก")
    page = _add(page, "inform")
    ask = admin.open(f"{chain}/publish")
    assert "1 เรื่องยังใช้รุ่นเดิม เผยแพร่แล้วเลือกได้ว่าให้จบตามรุ่นเดิมหรือย้ายมา" in ask.text
    assert ask.form(f"{chain}/publish").send(note="แจ้งผล").path.endswith("/running")


def test_an_action_is_given_what_it_must_have(admin):
    page = _create(admin, "ระบบทำ")
    admin.open(page.path, query={"settings": "1"}).form(f"{page.path}/settings").send(letter="1")
    page = _add(admin.open(page.path), "act")
    page = _step(page).send(action="correspondence.register")
    shown = _step(admin.open(page.path, query={"step": "act1"}))
    assert shown.values()["in-document_id"] == ["=document_id"]


def _field(form) -> str:
    return next(name for name in form.names() if "field1" in name)


def test_a_field_for_people_offers_them_where_a_case_is_started(admin):
    page = _create(admin, "เลือกผู้อนุมัติเอง")
    chain = page.path
    admin.open(f"{chain}?settings=1").form(f"{chain}/settings").send(
        **{"field-0": "ผู้อนุมัติ", "kind-0": "person"}
    )
    page = _add(admin.open(chain), "approve")
    page = _step(page).send(who="field", who_field="field1")
    assert "ให้ ผู้ที่ระบุใน “ผู้อนุมัติ” พิจารณาเห็นชอบ" in page.text
    page = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    offered = page.tree.xpath("//datalist[@id='person-list']/option/@value")
    assert "wichan" in offered
    started = page.form(f"{page.path}/start").send(field1="wichan")
    assert "นายวิชาญ กำกับงาน" in started.text, started.text
    assert page.form("/chains/open").send().path == chain


def test_what_the_linter_refuses_is_told_at_its_card(admin):
    page = _add(_create(admin, "เดินกระบวนการอื่น"), "call")
    page = _step(page).send(name="เดินต่อที่อื่น", process="no-such-process")
    chain = page.path
    page = admin.open(f"{chain}/publish").form(f"{chain}/publish").send(note="รุ่นแรก")
    assert page.status == 422
    assert "ยังเผยแพร่ไม่ได้ ไม่มีอะไรเปลี่ยน" in page.text
    assert page.links("step=call1")
    assert "ใช้อยู่" not in admin.open(chain).text


def _begins(admin) -> Any:
    return admin.open("/chains").form("/chains/begin")


def test_a_chain_begins_from_a_template_and_is_kept_as_one(admin):
    page = _begins(admin).send(source="t:leave", name="ลาของกอง")
    assert _cards(page)[0] == "1 ผู้บังคับบัญชาชั้นต้นพิจารณา"
    assert "ผู้ทำเลือกเองจาก ให้เรื่องจบ หรือ คืนผู้เริ่มเรื่อง" in page.text
    settings = admin.open(page.path, query={"settings": "1"})
    kept = settings.form(f"{page.path}/template").send(name="แม่แบบการลาของกอง")
    assert "บันทึกเป็นแม่แบบแล้ว" in kept.text
    listing = admin.open("/chains")
    (code,) = listing.tree.xpath("//option[text()='แม่แบบการลาของกอง']/@value")
    again = listing.form("/chains/begin").send(source=code, name="ลาของอีกกอง", key="leave-2")
    assert _cards(again) == _cards(page)
    drafted = admin.open("/designer/templates")
    assert "แม่แบบการลาของกอง" in drafted.text
    refused = _begins(admin).send(source=code, name="ลาของอีกกอง", key="leave-2")
    assert refused.status == 422
    assert "รหัสนี้มีผู้ใช้แล้ว" in refused.text


def test_what_was_typed_stays_where_a_chain_begins_from_nothing(admin):
    for source in ("t:gone", "d:gone", ""):
        page = _begins(admin).send(source=source, name="ลาของฝ่าย", key="leave-9")
        assert page.status == 404
        assert "แม่แบบหรือสายนี้ไม่มีแล้ว" in page.text
        typed = page.tree.xpath("//form[@action='/chains/begin']//input[@type='text']/@value")
        assert typed == ["ลาของฝ่าย", "leave-9"]
        assert page.tree.xpath("//select[@name='source']/@aria-invalid") == ["true"]


def test_what_lacks_something_is_no_template(admin):
    page = _add(_create(admin, "ยังไม่ครบ"), "consult")
    settings = admin.open(page.path, query={"settings": "1"})
    kept = settings.form(f"{page.path}/template").send(name="แม่แบบของกอง")
    assert "แก้การ์ดที่ยังขาดก่อน" in kept.text
    assert kept.tree.xpath("//details[@open]//input[@name='name']/@value") == ["แม่แบบของกอง"]


def test_a_version_that_passes_what_it_no_longer_may_is_to_be_published_anew(admin, office):
    typed = Who("field", ("boss",), if_nobody="pass")
    buttons = outcomes_of("approve", refusal=True)
    step = Ask("typed", "approve", "หัวหน้าตามแบบ", typed, buttons, refusal="end")
    fields = (Field("boss", "หัวหน้า", "person"),)
    office.deploy(compose(Chain("older-typed", "สายเดิม", (step,), fields)))
    listed = admin.open("/chains")
    told = "รุ่นที่ใช้อยู่ข้ามขั้น “หัวหน้าตามแบบ” ได้"
    assert told not in listed.text
    (item,) = listed.tree.xpath("//li[.//span[contains(., 'older-typed')]]")
    (definition,) = item.xpath(".//input[@name='definition_id']/@value")
    opening = next(f for f in listed.forms() if f.element.xpath(f".//input[@value='{definition}']"))
    page = opening.send()
    assert "ข้ามไม่ได้" in page.text
    assert told in admin.open("/chains").text
    _add(page, "inform")  # the draft goes on; the version in use is the one that it was
    assert told in admin.open("/chains").text
    step = replace(step, who=replace(typed, if_nobody="stop"))
    office.deploy(compose(Chain("older-typed", "สายเดิม", (step,), fields)))
    assert told not in admin.open("/chains").text


def test_whoever_is_typed_is_found_among_all_and_told_where_there_is_none(admin):
    page = _add(_create(admin, "พิมพ์ชื่อ"), "approve")
    chain = page.path
    for typed, said in (
        ("นายวิชาญ กำกับงาน", "ให้ นายวิชาญ กำกับงาน พิจารณา"),
        ("Wichan", "ให้ นายวิชาญ กำกับงาน พิจารณา"),
        ("นายวิชาญ กำกับงาน · person:wichan", "ให้ นายวิชาญ กำกับงาน พิจารณา"),
        ("finance-head", "ให้ ผู้อำนวยการกลุ่มคลังและพัสดุ พิจารณา"),
        ("ไม่มีคนนี้", "ไม่มี “ไม่มีคนนี้” ในรายการที่เลือกได้"),
    ):
        form = _step(admin.open(chain, query={"step": "approve1"}))
        assert said in form.send(who="named", who_named=[typed]).text
    form = _step(admin.open(chain, query={"step": "approve1"}))
    assert form.values()["who_named"][0] == "ไม่มีคนนี้"
    form.send(who="named", who_named=["wichan"])
    form = _step(admin.open(chain, query={"step": "approve1"}))
    assert form.values()["who_named"][0] == "นายวิชาญ กำกับงาน · person:wichan"
    trial = admin.open(chain).form(f"{chain}/try#try")
    nobody = trial.send(starter="ไม่มีคนนี้")
    assert nobody.error("starter").startswith("ไม่มีชื่อนี้ในหน่วยงาน")
    assert trial.send(starter="THOTSOP").tree.xpath("//ol[@class='route']/li[@class='is-next']")


def test_what_a_field_offers_is_searched(admin, enter):
    def offered(among: str, typed: str) -> list[str]:
        page = admin.open(f"/offers/{among}", query={"anything": typed})
        return page.tree.xpath("//option/@value")

    assert offered("starter", "วิชาญ") == ["wichan"]
    assert offered("named", "กลุ่มคลัง") == [
        "ผู้อำนวยการกลุ่มคลังและพัสดุ · position:finance-head", "กลุ่มคลังและพัสดุ · unit:finance"
    ]  # fmt: skip
    assert offered("head", "finance") == ["กลุ่มคลังและพัสดุ · unit:finance"]
    assert offered("named", "%") == []
    assert admin.open("/offers/planets").status == 404


def test_a_trial_shows_the_steps_of_the_process_that_a_card_runs(admin):
    inner = _add(_create(admin, "กระบวนการใน"), "approve")
    inner = _step(inner).send(name="ตรวจข้างใน", who="named", who_named=["person:somying"])
    key = inner.tree.xpath("//nav//li[last()]/text()")[0].strip()
    published = admin.open(f"{inner.path}/publish").form(f"{inner.path}/publish").send(note="x")
    assert "เผยแพร่รุ่น 1 แล้ว" in published.text
    page = _add(_create(admin, "กระบวนการนอก"), "call")
    page = _step(page).send(name="ส่งตรวจ", process=key)
    tried = page.form(f"{page.path}/try#try").send(starter="thotsop")
    (nested,) = tried.tree.xpath("//ol[@aria-label='ขั้นใน “ส่งตรวจ”']")
    assert " ".join("".join(nested.itertext()).split()) == "1นางสาวสมหญิง รักงานดีตรวจข้างใน"
    assert "กระบวนการย่อย “กระบวนการใน”" in tried.text
    assert "ไม่มีข้อเตือน" in tried.text


def test_a_designer_reads_what_was_done_to_a_chain(enter):
    designer = enter("lekha")
    page = _create(designer, "ขอทั้งชุด")
    told = page.follow("/history")
    assert (told.status, "สร้างสายอนุมัติ" in told.text, "ขอทั้งชุด" in told.title) == (200, True, True)
    clerk = enter("thotsop")
    assert {clerk.open(f"{page.path}/{one}").status for one in ("history", "zip")} == {403}


def test_a_change_is_taken_back_and_made_again_by_buttons(admin, office):
    page = _add(_create(admin, "ย้อนได้"), "approve")
    chain = page.path
    page = _act(admin.open(chain, query={"step": "approve1"}), "remove:approve1")
    assert _cards(page) == []
    (back,) = page.tree.xpath(f"//button[@formaction='{chain}/undo']")
    assert back.get("aria-label") == "เลิกทำ: ลบ “เห็นชอบหรืออนุมัติ”"
    assert back.get("name") is None
    page = _pressed(page, back)
    assert "เลิกทำแล้ว: เพิ่ม “เห็นชอบหรืออนุมัติ”" in page.text
    assert _cards(page) == ["1 เห็นชอบหรืออนุมัติ"]
    stale = page
    (again,) = page.tree.xpath(f"//button[@formaction='{chain}/redo']")
    assert again.get("aria-label") == "ทำซ้ำ: ลบ “เห็นชอบหรืออนุมัติ”"
    assert _cards(_pressed(page, again)) == []
    assert _cards(_pressed(stale, again)) == []  # pressed twice, done once
    (earlier,) = stale.tree.xpath(f"//button[@formaction='{chain}/undo']")
    page = _pressed(stale, earlier)
    assert "มีผู้แก้สายอนุมัตินี้ก่อนท่าน" in page.text
    assert _cards(page) == []
    with office.system.engine.begin() as db:  # somebody else removed it
        db.execute(chain_past.update().values(changed_by="thotsop"))
    page = admin.open(chain)
    (back,) = page.tree.xpath(f"//button[@formaction='{chain}/undo']")
    assert back.text_content().strip() == "เลิกทำของ นางสาวทดสอบ ร่างดี"
    assert "ของผู้อื่น" in _pressed(page, back, seen=False).text
    assert _cards(admin.open(chain)) == []
    assert _cards(_pressed(page, back)) == ["1 เห็นชอบหรืออนุมัติ"]
    assert "เลิกทำการแก้ร่างสายอนุมัติ" in admin.open(f"{chain}/history").text


def test_a_card_is_carried_into_a_way_and_out_of_it_and_that_is_taken_back(admin):
    page = _add(_add(_create(admin, "ย้ายข้ามทาง"), "choose"), "approve")
    chain = page.path

    def row(number: str) -> list[str]:
        places = admin.open(chain).tree.xpath(
            f"//button[@form='pick'][starts-with(@value, '{number}:')]"
        )
        return [one.get("value") for one in places]

    def carried(to: str, step: str = "approve1") -> Any:
        form = _carrying(admin.open(chain, query={"step": step}))
        return form.send(to=to, button=("act", f"carry:{step}"))

    form = _carrying(admin.open(chain, query={"step": "approve1"}))
    offered = dict(zip(form.element.xpath(".//option/@value"),
                       form.element.xpath(".//option/text()"), strict=True))  # fmt: skip
    assert [*offered] == [":0", "choose1.0:0", "choose1.1:0"]
    assert offered[":0"] == "ก่อน “1 แยกตามเงื่อนไข”"
    assert offered["choose1.1:0"].endswith("ของ “แยกตามเงื่อนไข”: ท้ายสุด")
    page = carried("choose1.1:0")
    assert row("choose1.1") == ["choose1.1:0", "choose1.1:1"]
    (back,) = page.tree.xpath(f"//button[@formaction='{chain}/undo']")
    assert back.get("aria-label") == "เลิกทำ: ย้าย “เห็นชอบหรืออนุมัติ”"
    assert row("choose1.1") == ["choose1.1:0", "choose1.1:1"]
    page = _pressed(page, back)
    assert _cards(page) == ["1 แยกตามเงื่อนไข", "2 เห็นชอบหรืออนุมัติ"]
    assert row("choose1.1") == ["choose1.1:0"]
    carried("choose1.0:0")
    carried("choose1.1:0")
    assert (row("choose1.0"), len(row("choose1.1"))) == (["choose1.0:0"], 2)
    assert _cards(carried(":0")) == ["1 เห็นชอบหรืออนุมัติ", "2 แยกตามเงื่อนไข"]
    # a card with those inside it goes as one, and nowhere into itself
    carried("choose1.1:0")
    page = _add(admin.open(chain), "together")
    form = _carrying(admin.open(chain, query={"step": "choose1"}))
    assert not [one for one in form.element.xpath(".//option/@value") if "choose1" in one]
    page = carried("together1.0:0", "choose1")
    assert [one[2:] for one in _cards(page)] == ["ทำพร้อมกัน", "แยกตามเงื่อนไข", "เห็นชอบหรืออนุมัติ"]
    form = page.form(f"{chain}/cards")
    for to in ("choose1.0:0", "together1.0:9", "nowhere:0", ":x"):
        values = {name: given[0] for name, given in form.values().items()}
        sent = {**values, "act": "carry:choose1", "to": to}
        assert admin.post(f"{chain}/cards", sent).status == 404, to


def _carrying(page) -> Any:
    return next(f for f in page.forms() if f.element.xpath(".//select[@name='to']"))


def _pressed(page, button, *, seen: bool = True) -> Any:
    """A button that sends the page's form of acts elsewhere."""
    values = {name: given[0] for name, given in page.form(f"{page.path}/cards").values().items()}
    if seen and button.get("name"):
        values[button.get("name")] = button.get("value")
    return page.browser.post(button.get("formaction"), values)
