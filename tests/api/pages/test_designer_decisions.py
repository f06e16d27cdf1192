"""A decision model beside a diagram, without a script: begun, changed, judged, tried."""

from __future__ import annotations

import pytest


@pytest.fixture
def page(enter, request):
    """The page of a new decision table."""
    admin = enter("admin")
    key = f"p{abs(hash(request.node.name)) % 10**9}"
    made = admin.open("/designer").form("/designer").send(name="ขออนุมัติ", key=key)
    form = made.form(f"{made.path}/files/new")
    page = form.send(button=("kind", "decision"), name="วงเงิน", key="approver")
    assert page.path.endswith("/decisions/approver.dmn"), page.text
    return page


def _save(page, **values):
    return page.form(page.path).send(**values)


def _try(page, **values):
    return page.form(f"{page.path.removesuffix('/try')}/try#try-approver").send(**values)


def test_rules_are_written_judged_and_asked(page):
    assert "unsafe" not in page.response.headers["Content-Security-Policy"]
    page = _save(page, **{"0.in.0": "< 5000", "0.out.0": '"หัวหน้า"', "1.in.0": "[4000..9000]",
                          "1.out.0": '"ผู้อำนวยการ"', "1.note": "ตามคำสั่ง"})  # fmt: skip
    assert "กฎข้อ 1 และข้อ 2 ตอบซ้อนกัน เมื่อ จำนวนเงิน ตั้งแต่ 4,000 แต่น้อยกว่า 5,000" in page.text
    assert "ไม่มีกฎใดตอบ เมื่อ จำนวนเงิน มากกว่า 9,000" in page.text
    page = _save(page, **{"1.in.0": ">= 5000"})
    assert "ทุกกรณีมีกฎตอบข้อเดียว" in page.text
    asked = _try(page, **{"in.amount": "7000"})
    assert "ผู้อำนวยการ" in "".join(asked.tree.xpath("//*[@data-answer]")[0].itertext())
    wrong = _try(page, **{"in.amount": "มาก"})
    assert (wrong.status, bool(wrong.error("in-approver-1"))) == (422, True)


def test_faults_are_said_with_their_place(page):
    page = _save(page, **{"0.in.0": "< "})
    (found,) = page.tree.xpath("//section[h2 or .//h2][1]//li")
    assert "inputEntry" in "".join(found.itertext()) or found.xpath(".//code")
    draft = page.path.partition("/decisions")[0]
    assert page.browser.open(f"{draft}/publish").tree.xpath("//*[@role='alert']")


def test_a_rule_is_taken_away(page):
    page = _save(page, **{"0.remove": "1"})
    assert not page.tree.xpath("//input[@name='1.id']")
    assert page.tree.xpath("//input[@name='0.id' and @value='']")


def test_whoever_saw_an_older_draft_is_told(page):
    _save(page, **{"0.in.0": "1"})
    late = _save(page, **{"0.in.0": "2"})
    assert "มีผู้บันทึกร่างนี้ก่อนท่าน" in late.text
    assert late.tree.xpath("//input[@name='0.in.0']/@value") == ["1"]


def test_a_code_is_taken_once_and_files_are_those_of_the_draft(page):
    draft = page.path.partition("/decisions")[0]
    admin = page.browser
    again = (
        admin.open(draft)
        .form(f"{draft}/files/new")
        .send(button=("kind", "decision"), name="ข", key="approver")
    )
    assert again.path == draft
    assert "รหัสนี้มีผู้ใช้แล้ว" in again.text
    assert "approver.dmn" in again.text
    assert admin.open(f"{draft}/decisions/other.dmn").status == 404
    got = admin.open(f"{draft}/files/get?name=approver.dmn").response
    assert b"decisionTable" in got.data


def test_nobody_else_comes_in(page, enter):
    assert enter("thotsop").open(page.path).status == 403


def test_how_often_tests_use_each_rule_is_said_beside_it(page):
    _save(page, **{"0.in.0": "< 5000", "0.out.0": '"a"', "1.in.0": ">= 5000", "1.out.0": '"b"'})
    tests = page.browser.open(f"{page.path.partition('/decisions')[0]}/tests")
    told = tests.form(tests.path).send(
        **{"0.name": "มาก", "0.decision": "approver", "0.start": "amount = 7000"}
    )
    counted = [("1", "ข้อ 1: 0 ครั้ง"), ("2", "ข้อ 2: 1 ครั้ง")]
    for there, expected in (
        (told, counted),
        (page.browser.open(page.path), [("1", "ยังไม่ใช้"), ("2", "1 ครั้ง")]),
    ):
        found = there.tree.xpath("//*[@data-hits]")
        assert [(one.get("data-hits"), "".join(one.itertext())) for one in found] == expected
