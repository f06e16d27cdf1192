"""A draft is played on a page of plain forms, and what was played becomes a test of the model."""

from __future__ import annotations

import json

import pytest
from support import builders
from support.diagrams import assigned, bpmn, end, path, process, start, user

from office.chains.compose import compose
from office.chains.model import Ask, Chain, Due, Span, Who
from office.chains.words import outcomes_of
from office.modeling import cases
from office.modeling.cases import Case

OUTCOMES = (
    '<saraban:outcomes variable="verdict"><saraban:outcome id="pass" name="ผ่าน" nameEn="Pass"/>'
    '<saraban:outcome id="fail" name="ไม่ผ่าน" nameEn="Fail"/></saraban:outcomes>'
)
STARTER = '<saraban:assignment kind="starter" />'


@pytest.fixture
def draft(enter):
    """The page of a draft with two ways out of its only step."""
    page = enter("admin").open("/designer").form("/designer").send(name="ขอลา")
    xml = page.browser.open(f"{page.path}/xml").response.text
    sent = xml.replace(STARTER, STARTER + OUTCOMES).encode()
    imported = page.browser.open("/designer").form("/designer/import")
    return imported.send(files=("play.bpmn", sent)).path.removesuffix("/checklist"), page.browser


def _tokens(page):
    return {
        one.get("data-token"): "".join(one.itertext()).strip()
        for one in page.tree.iter()
        if one.get("data-token")
    }


def _begun(draft, **values):
    path, browser = draft
    page = browser.open(f"{path}/play")
    assert not _tokens(page)
    return page.form(f"{path}/play#play").send(**values)


def test_tokens_stand_in_the_picture_and_move_with_each_press(draft):
    page = _begun(draft, start="amount = 7000")
    action = f"{draft[0]}/play#play"
    assert _tokens(page) == {"work": "1"}
    waits = page.tree.xpath("//*[@data-waits='work']//button")
    assert [one.get("value") for one in waits] == ["work pass", "work fail"]
    assert "amount" in page.text
    done = page.form(action).send(press="work fail", values='note = \nwhy = "ไม่ครบ"')
    assert "จบแล้วที่ เสร็จ" in done.text
    assert (_tokens(done), "ไม่ครบ" in done.text) == ({}, True)
    back = done.form(action).send(undo="1")
    assert (_tokens(back), "ไม่ครบ" in back.text) == ({"work": "1"}, False)


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ({"press": "end"}, "ไม่มีขั้น “เสร็จ” รออยู่ ที่รออยู่คือ “ดำเนินการ” (work)"),
        ({"press": "work maybe"}, "“ดำเนินการ” ต้องการผลลัพธ์ pass, fail แต่ได้ maybe"),
        ({"press": "work pass", "values": "x"}, "เขียนค่าเป็น ชื่อ = ค่า"),
        ({"press": "work pass", "values": "x = 1 +"}, "ค่า x อ่านไม่ได้"),
    ],
)
def test_what_cannot_be_pressed_is_said_and_nothing_moves(draft, pressed, said):
    page = _begun(draft).form(f"{draft[0]}/play#play").send(**pressed)
    told = "".join("".join(one.itertext()) for one in page.tree.xpath("//*[@data-failure]"))
    assert said in told
    assert _tokens(page) == {"work": "1"}


@pytest.mark.parametrize("wrong", ["วงเงิน 7000", "amount = 1 +"])
def test_what_was_typed_stays_and_only_the_wrong_line_is_quoted(draft, wrong):
    typed = f'why = "ครบ"\n{wrong}\nnote = "ด่วน"'
    page = _begun(draft).form(f"{draft[0]}/play#play").send(press="work pass", values=typed)
    told = "".join("".join(one.itertext()) for one in page.tree.xpath("//*[@data-failure]"))
    assert wrong.partition("=")[2].strip() in told
    assert "ครบ" not in told
    assert "ด่วน" not in told
    (area,) = page.tree.xpath("//*[@data-waits='work']//textarea")
    assert area.text.strip().splitlines() == typed.splitlines()
    assert area.get("rows") == "3"


def test_a_play_that_cannot_be_kept_goes_on_and_is_told_in_thai(draft):
    path, browser = draft
    full = cases.write([Case(f"ข้อ {n}") for n in range(cases.MOST_CASES)])
    browser.open(path).form(f"{path}/files").send(files=("play.tests.json", full))
    played = _begun(draft).form(f"{path}/play#play").send(press="work pass")
    kept = played.form(f"{path}/play/keep").send(name="อีกข้อ")
    told = "".join("".join(one.itertext()) for one in kept.tree.xpath("//*[@data-failure]"))
    assert told == "ชุดทดสอบใหญ่เกินที่รับได้"
    assert "จบแล้วที่ เสร็จ" in kept.text


def test_a_play_is_kept_as_a_test_that_is_green(draft):
    path, _browser = draft
    played = _begun(draft).form(f"{path}/play#play").send(press="work pass")
    kept = played.form(f"{path}/play/keep").send(name="ผ่านทันที")
    assert kept.path == f"{path}/tests"
    assert "ผ่านทั้ง 1 ข้อ" in kept.text
    assert kept.tree.xpath("//input[@value='ผ่านทันที']")
    assert kept.tree.xpath("//input[@value='end']")


def test_who_may_not_draw_plays_nothing(draft, enter):
    assert enter("thotsop").open(f"{draft[0]}/play").status == 403


# -- values as the step's own form asks for them ------------------------------------------------

STARTED = '<saraban:start form="begin" />'
ASKED = {
    "begin.form.json": [
        {"type": "number", "key": "amount", "label": "จำนวนเงิน", "validate": {"required": True}},
        {"type": "textfield", "key": "start", "label": "ชื่อช่องเหมือนของหน้า"},
    ],
    "judge.form.json": [
        {"type": "textarea", "key": "note", "label": "ความเห็น", "validate": {"required": True}},
        {"type": "datetime", "subtype": "date", "key": "day", "label": "วันที่"},
        {"type": "checkbox", "key": "urgent", "label": "ด่วน"},
        {"type": "checklist", "key": "units", "label": "หน่วย",
         "values": [{"value": "a", "label": "ก"}, {"value": "b", "label": "ข"}]},
    ],
}  # fmt: skip


@pytest.fixture
def filled(draft):
    path, browser = draft
    xml = browser.open(f"{path}/xml").response.text
    head, begin, tail = xml.partition("<bpmn:startEvent ")
    start = f"<bpmn:extensionElements>{STARTED}</bpmn:extensionElements>{begin}"
    sent = f"{head}{start}{tail}".replace(STARTER, f'{STARTER}<saraban:form key="judge" />')
    page = browser.open("/designer").form("/designer/import")
    page = page.send(files=("play.bpmn", sent.encode()))
    path = page.path.removesuffix("/checklist")
    for name, components in ASKED.items():
        form = browser.open(path).form(f"{path}/files")
        form.send(files=(name, json.dumps({"type": "default", "components": components}).encode()))
    return browser.open(f"{path}/play"), f"{path}/play#play"


def test_a_step_is_played_with_its_own_form(filled):
    page, action = filled
    assert "values" not in page.form(action).names()
    empty = page.form(action).send()
    assert (empty.status, _tokens(empty)) == (422, {})
    assert empty.error("w0-f-amount")
    begun = empty.form(action).send(**{"f.amount": "7,000", "f.start": 'มี "คำพูด"'})
    assert _tokens(begun) == {"work": "1"}
    short = begun.form(action).send(press="work pass", **{"f.urgent": "true", "f.units": ["b"]})
    assert (short.status, _tokens(short)) == (422, {"work": "1"})
    assert short.error("w1-f-note")
    assert short.form(action).values()["f.units"] == ["b"]  # what was filled in stays
    done = short.form(action).send(
        press="work pass",
        **{"f.note": "ข้อหนึ่ง\r\nข้อสอง; x = 1", "f.day-day": "23", "f.day-month": "11",
           "f.day-year": "2569"},
    )  # fmt: skip
    assert "จบแล้วที่ เสร็จ" in done.text
    told = dict(zip(*(["".join(one.itertext()) for one in done.tree.xpath(f"//dl//{tag}")]
                      for tag in ("dt", "dd")), strict=True))  # fmt: skip
    assert told["amount"] == "7000"
    assert told["start"] == '"มี "คำพูด""'
    assert told["day"] == "2026-11-23"
    assert told["urgent"] == "true"
    assert told["units"] == "['b']"
    assert "ข้อสอง; x = 1" in told["note"]


def test_what_was_played_by_forms_is_a_test_that_is_green(filled):
    page, action = filled
    begun = page.form(action).send(**{"f.amount": "5"})
    done = begun.form(action).send(press="work fail", **{"f.note": "ไม่ครบ"})
    kept = done.form(action.replace("#play", "/keep")).send(name="ไม่ผ่าน")
    assert "ผ่านทั้ง 1 ข้อ" in kept.text


# -- who would get each step today --------------------------------------------------------------


@pytest.fixture
def named(enter):
    """Steps of several kinds of people, one after another."""

    def drawn(*rules: str):
        steps = [user(f"s{n}", extensions=rule, name=f"ขั้น {n}") for n, rule in enumerate(rules, 1)]
        ids = [f"s{n}" for n in range(1, len(rules) + 1)]
        sent = bpmn(process("named", start("begin"), *steps, end("end"),
                            path("begin", *ids, "end")))  # fmt: skip
        imported = enter("admin").open("/designer").form("/designer/import")
        page = imported.send(files=("named.bpmn", sent))
        return page.path.removesuffix("/checklist"), page.browser

    return drawn


def _reaches(page, element):
    found = page.tree.xpath(f"//*[@data-getting='{element}']")
    return [" ".join("".join(one.itertext()).split()) for one in found]


def _warnings(page, element):
    found = page.tree.xpath(f"//*[@data-warned='{element}']//p")
    return [" ".join("".join(one.itertext()).split()) for one in found]


def test_each_step_says_whom_it_would_reach_today(named):
    draft = named(
        assigned("starter"), assigned("superior"), assigned("position", "permanent-secretary"),
        assigned("role", "play-none"), assigned("performer", "s2"), assigned("performer", "s4"),
        assigned("person", "somying") + assigned("person", "somying").replace(
            "assignment", "exclude"),
    )  # fmt: skip
    action = f"{draft[0]}/play#play"
    page = _begun(draft, starter="thotsop")
    told, warned = [_reaches(page, "s1")], []
    for n in range(1, 7):
        page = page.form(action).send(press=f"s{n}")
        told.append(_reaches(page, f"s{n + 1}"))
        warned.append(_warnings(page, f"s{n + 1}"))
    assert told == [
        ["วันนี้ไปถึง: นางสาวทดสอบ ร่างดี"],
        ["วันนี้ไปถึง: นายสมมติ พิมพ์ชัด"],
        ["วันนี้ไปถึง: นางสาวสมหญิง รักงานดี (รักษาราชการแทน), นายสมชาย ตัวอย่างดี (ลา)"],
        ["ไม่มีบทบาทรหัส “play-none” – เลือกจากรายการ หรือเพิ่มรหัสนี้ก่อน"],
        ["วันนี้ไปถึง: นายสมมติ พิมพ์ชัด"],
        ["วันนี้ไปถึง: ผู้ที่ทำขั้น “ขั้น 4”"],
        [""],
    ]
    assert [[one.split(" ")[0] for one in each] for each in warned] == [
        [], [], ["ไม่มีผู้ทำได้ในวันนี้"], ["คนเดียวกับขั้น"], ["ไม่มีผู้ทำได้ในวันนี้"],
        ["ไม่มีผู้ทำได้ในวันนี้", "นางสาวสมหญิง"],
    ]  # fmt: skip
    assert _reaches(page.form(action).send(button=("undo", "1")), "s6") == told[5]


def test_another_starter_has_another_superior_and_an_unknown_one_begins_nothing(named):
    draft = named(assigned("superior"))
    above = _begun(draft, starter="somchai")  # nobody stands above the permanent secretary
    assert _warnings(above, "s1")[0].startswith("ไม่มีผู้ทำได้ในวันนี้ เรื่องจะค้าง")
    assert _reaches(_begun(draft, starter="นางสาวทดสอบ ร่างดี"), "s1") == ["วันนี้ไปถึง: นายสมมติ พิมพ์ชัด"]
    unknown = _begun(draft, starter="ไม่มีคนนี้")
    assert unknown.status == 422
    assert "ไม่มีชื่อนี้ในหน่วยงาน" in unknown.text
    assert not _tokens(unknown)
    assert unknown.tree.xpath("//input[@id='starter']/@value") == ["ไม่มีคนนี้"]


def test_those_whom_values_of_the_play_name_are_told(named):
    draft = named(assigned("field", "owner"))
    page = _begun(draft, starter="thotsop", start='owner = ["somying", "nobody-x"]')
    (told,) = _reaches(page, "s1")
    assert told.startswith("วันนี้ไปถึง: นางสาวสมหญิง รักงานดี")
    assert "ไม่มีผู้ใช้ชื่อ “nobody-x” ในหน่วยงาน" in told


@pytest.mark.parametrize(("who", "how", "reached"), [
    (Who("head", ("unit:general",)), "one", ["ตัวอย่าง ตรวจครบ"]),
    (Who("ladder", rank="division"), "in_order", ["สมมติ พิมพ์ชัด", "ตัวอย่าง ตรวจครบ", "สมมติ พัสดุพร้อม"]),
    (Who("members", ("role:certifier",)), "all", ["ตัวอย่าง ตรวจครบ", "คลัง นับแม่น"]),
    (Who("superior", if_nobody="pass"), "one", ["สมมติ พิมพ์ชัด"]),
    (Who("named", ("role:gone",), if_nobody="hand", instead=("position:deputy-1",)), "one",
     ["สมหญิง รักงานดี"]),
    (Who("named", ("person:thotsop",), if_starter="superior"), "one", ["สมมติ พิมพ์ชัด"]),
])  # fmt: skip
def test_whom_a_composed_chain_looks_up_is_found_for_the_starter(enter, who, how, reached):
    yes = outcomes_of("approve", refusal=False)
    asked = Ask("a", "approve", "หนึ่ง", who, yes, how, not_starter=who.if_starter != "same")
    chain = Chain("looks", "หาผู้ทำ", (asked,))
    imported = enter("admin").open("/designer").form("/designer/import")
    page = imported.send(files=("looks.bpmn", compose(chain)["looks.bpmn"]))
    path = page.path.removesuffix("/checklist")
    action = f"{path}/play#play"
    played = page.browser.open(f"{path}/play").form(action).send(starter="thotsop")
    met = []
    for _press in range(9):
        if not (waits := played.tree.xpath("//*[@id='play']//button[@name='press']/@value")):
            break
        met += [name for line in _reaches(played, "a") for name in reached if name in line]
        played = played.form(action).send(press=waits[0])
        assert not played.tree.xpath("//*[@id='play']//*[contains(@class,'err')]")
    assert set(met) == set(reached)
    kept = played.form(action.replace("#play", "/keep")).send(name="เดินจนจบ")
    assert "ผ่านทั้ง 1 ข้อ" in kept.text
    assert not kept.tree.xpath("//*[@data-looked-up]"), "the play has said whom it finds"
    # as cards' people are found in a test that does not say whom
    lines = kept.form(kept.path).values()["0.answers"][0].splitlines()
    left = "\n".join(line for line in lines if not line.startswith("l_a;"))
    asked = kept.form(kept.path).send(**{"0.answers": left})
    assert "ผ่านทั้ง 1 ข้อ" in asked.text
    assert "(l_a)" in asked.tree.xpath("//*[@data-looked-up]")[0].text_content()


def test_where_nobody_is_found_those_are_written_who_do_it(enter):
    yes = outcomes_of("approve", refusal=False)
    who = Who("members", ("role:gone",))
    chain = Chain("looks", "หาผู้ทำ", (Ask("a", "approve", "หนึ่ง", who, yes),))
    imported = enter("admin").open("/designer").form("/designer/import")
    page = imported.send(files=("looks.bpmn", compose(chain)["looks.bpmn"]))
    path = page.path.removesuffix("/checklist")
    action = f"{path}/play#play"
    played = page.browser.open(f"{path}/play").form(action).send(starter="thotsop")
    (given,) = played.tree.xpath("//*[@id='play']//textarea[@name='values']")
    assert given.text.strip() == "people = []"
    typed = played.form(action).send(press="l_a", values='people = ["person:faem"]')
    assert "แฟ้ม เรียงงาม" in _reaches(typed, "a")[0]


# -- the whole way, its warnings, and which draft it was ----------------------------------------


def _way(page):
    return {
        one.get("data-met"): " ".join("".join(one.itertext()).split())
        for one in page.tree.xpath("//*[@data-met]")
    }


def test_the_whole_way_is_told_with_its_warnings_by_the_draft_of_the_moment(enter, office):
    yes = outcomes_of("approve", refusal=False)
    steps = (
        Ask("a", "approve", "หนึ่ง", Who("starter"), yes),
        Ask("b", "approve", "สอง", Who("named", ("role:gone",), if_nobody="pass"), yes),
        Ask("c", "approve", "สาม", Who("named", ("person:thotsop",)), yes, due=Due(Span(2))),
    )
    page = enter("admin").open("/designer").form("/designer/import")
    page = page.send(files=("way.bpmn", compose(Chain("way", "ทั้งทาง", steps))["way.bpmn"]))
    path, action = (page.path.removesuffix("/checklist") + end for end in ("/play", "/play#play"))
    played = page.browser.open(path).form(action).send(starter="thotsop", agreed="1")
    assert "จบแล้วที่" in played.text
    way = _way(played)
    assert list(way) == ["a", "p_b", "c"]
    assert "ไม่มีผู้ทำได้ในวันนี้ เรื่องจะข้ามขั้นนี้" in way["p_b"]
    assert "คนเดียวกับผู้เริ่มเรื่อง" in way["c"]
    assert "อย่างช้า" in way["c"]
    assert "ไม่มีข้อเตือน" not in played.text
    assert {one.get("data-flagged") for one in played.tree.iter()} >= {"p_b", "c"}
    links = played.tree.xpath("//*[@data-met='c']//a/@href")
    assert links == [f"{path.removesuffix('/play')}#el-c"]
    # another designer saves the draft meanwhile: the play says so, and goes the new way
    draft = path.removesuffix("/play")
    xml = page.browser.open(f"{draft}/xml").response.text.replace("role:gone", "role:certifier")
    saved = office.call("PUT", f"/model-drafts/{draft.rpartition('/')[2]}", as_="lekha",
                        json={"xml": xml}, headers={"If-Match": '"1"'})  # fmt: skip
    assert saved.status_code == 200, saved.json
    again = played.form(action).send(button=("undo", "1"))
    shown = [one.tree.xpath("//*[@data-revision]/@data-revision") for one in (played, again)]
    assert shown == [["1"], ["2"]]
    assert "ท่านลองกับร่างที่บันทึกครั้งที่ 1 แต่นายเลขา จดละเอียดบันทึกครั้งที่ 2 แล้ว" in again.text
    assert "ผังเปลี่ยนไป" not in again.form(action).send(button=("undo", "1")).text


def test_what_no_case_comes_to_is_told_before_anything_is_played(enter):
    xml = builders.bpmn(
        "never", '<bpmn:exclusiveGateway id="size" name="วงเงิน"/>', builders.user("ask"),
        builders.user("head", name="หัวหน้า"), builders.user("dg", name="อธิบดี"),
        flows="start>ask ask>size size>head[=amount~>~100] size>dg[=amount~>~500] size>end!"
        " head>end dg>end",
    )  # fmt: skip
    page = enter("admin").open("/designer").form("/designer/import")
    path = page.send(files=("never.bpmn", xml)).path.removesuffix("/checklist")
    page = enter("admin").open(f"{path}/play")
    told = {one.get("data-never"): " ".join("".join(one.itertext()).split())
            for one in page.tree.xpath("//*[@data-never]")}  # fmt: skip
    assert list(told) == ["size", "dg"]
    assert "ไม่มีเรื่องใดไปทาง “อธิบดี”" in told["size"]
    assert "อธิบดีไม่มีเรื่องใดไปถึงขั้นนี้" in told["dg"]


def test_what_ways_are_called_is_drawn_over_every_step(enter):
    """Between a gateway and a step that is close, there is less room than the name takes."""
    page = enter("admin").open("/designer/templates")
    for picture in page.tree.xpath("//*[local-name()='svg'][contains(@class, 'pic')]"):
        drawn = [one.get("class", "") for one in picture.iter() if isinstance(one.tag, str)]
        names = [n for n, one in enumerate(drawn) if "pic__t--flow" in one]
        steps = [n for n, one in enumerate(drawn) if "pic__s" in one]
        assert not names or min(names) > max(steps)
    assert page.tree.xpath("//*[contains(@class, 'pic__t--flow')]")
