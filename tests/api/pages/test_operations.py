"""Processes and incidents: seen by operators, deployed whole or not at all, started by a form."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from support import troubles
from support.builders import assigned, bpmn, user

REVIEW = Path(__file__).parents[1] / "review"


def _upload(browser, files):
    page = browser.open("/definitions")
    values = {name: found[0] for name, found in page.form("/definitions").values().items()}
    from io import BytesIO

    data = {**values, "files": [(BytesIO(content), name) for name, content in files.items()]}
    return browser.post("/definitions", data)


@pytest.fixture(scope="module")
def review(office):
    from support.browsing import signed_in

    admin = signed_in(office.client.application, "admin")
    files = {file.name: file.read_bytes() for file in REVIEW.iterdir()}
    page = _upload(admin, files)
    assert "เผยแพร่แล้ว" in page.text, page.text
    (link,) = page.tree.xpath("//tr[td/code='review']//a[contains(@href, '#start')]/@href")
    return link.removesuffix("#start")


def test_a_broken_deployment_says_where_and_changes_nothing(enter, review):
    admin = enter("admin")
    before = admin.open("/definitions").text
    page = _upload(admin, {"broken.bpmn": b"<definitions><process></definitions>"})
    assert page.status == 422
    assert "broken.bpmn:1" in page.text
    assert admin.open("/definitions").text == before


def test_a_step_that_nobody_would_get_is_told_at_once(enter):
    key = f"lost{uuid4().hex[:6]}"
    files = {f"{key}.bpmn": bpmn(key, user("do", assigned("role", "nobody-here")),
                                 flows="start>do do>end")}  # fmt: skip
    page = _upload(enter("admin"), files)
    assert (page.status, f"เผยแพร่แล้ว: {key} 1" in page.text) == (200, True)
    assert "เผยแพร่แล้ว แต่มีข้อสังเกต" in page.text
    assert "ไม่มีบทบาทรหัส “nobody-here”" in page.text
    fine = {f"{key}.bpmn": bpmn(key, user("do", assigned("starter")), flows="start>do do>end")}
    assert "ข้อสังเกต" not in _upload(enter("admin"), fine).text


def test_deploying_needs_the_right(enter):
    clerk = enter("faem")
    assert "เผยแพร่" not in [f.element.get("action") for f in clerk.open("/definitions").forms()]
    token = clerk.open("/account").form("/account/keys").values()["csrf_token"][0]
    assert clerk.post("/definitions", {"csrf_token": token}).status == 403


def test_a_process_is_started_and_its_form_judged(enter, review):
    admin = enter("admin")
    page = admin.open(review)
    assert page.tree.xpath("//table//code")
    started = page.form(f"{review}/start").send()
    assert started.status in {200, 422}


def test_the_diagram_is_served_as_it_was_deployed(enter, review):
    data = enter("faem").open(f"{review}/xml").response.data
    assert data == (REVIEW / "review.bpmn").read_bytes()


def test_incidents_are_for_operators(enter):
    assert enter("admin").open("/incidents").status == 200
    assert enter("admin").open("/incidents", query={"state": "resolved"}).status == 200


def test_cases_are_listed_by_state_and_word(enter):
    admin = enter("admin")
    for status in ("active", "completed", "cancelled", "incident", "all", "no-such"):
        assert admin.open("/instances", query={"status": status, "q": "ขอ"}).status == 200


def _withdrawable(enter):
    """A process of two versions, by the pages: the newest version's and the older one's."""
    admin = enter("admin")
    name, pages = f"gone-{uuid4().hex[:8]}", []
    for note in (b"<!-- one -->", b"<!-- two -->"):
        files = {file.name: file.read_bytes() for file in REVIEW.iterdir()}
        source = files["review.bpmn"].replace(b'id="review"', f'id="{name}"'.encode())
        files["review.bpmn"] = source.replace(b"<bpmn:process ", note + b"<bpmn:process ")
        page = _upload(admin, files)
        pages += page.tree.xpath(f"//tr[td/code='{name}']/th/a/@href")
    older, newest = pages
    return admin, older, newest


def test_an_old_version_is_withdrawn_and_restored_with_a_reason(enter):
    admin, older, newest = _withdrawable(enter)
    assert older in admin.open(newest).links()
    page = admin.open(older).form(f"{older}/withdraw").send(reason=" ")
    assert (page.status, bool(page.error("reason"))) == (422, True)
    page = admin.open(older).form(f"{older}/withdraw").send(reason="ผิดระเบียบ")
    assert page.status == 200
    assert "รุ่นนี้เลิกใช้แล้ว" in page.text
    assert "ผิดระเบียบ" in page.text
    assert not [f for f in page.forms() if f.element.get("action") == f"{older}/start"]
    assert page.tree.xpath(f"//table//a[@href='{newest}']")
    assert older in admin.open("/definitions").links(), "listed as withdrawn"
    page = admin.open(older).form(f"{older}/restore").send(reason="กลับมาใช้ก่อน")
    assert "รุ่นนี้เลิกใช้แล้ว" not in page.text
    assert page.form(f"{older}/start") is not None
    assert older not in admin.open("/definitions").links()


def test_the_newest_version_takes_all_along_and_says_so(enter):
    admin, older, newest = _withdrawable(enter)
    page = admin.open(newest)
    assert "ทุกรุ่นจะเลิกใช้พร้อมกัน" in page.text
    late = admin.open(older).form(f"{older}/withdraw")
    assert page.form(f"{newest}/withdraw").send(reason="เลิก").status == 200
    assert {older, newest} <= set(admin.open("/definitions").links())
    refused = late.send(reason="เลิก")
    assert refused.status == 409
    assert "รุ่นนี้เลิกใช้ไปแล้ว" in refused.text
    listed = admin.open(older).form(f"{older}/delete").send(delete_reason="ไม่เคยใช้")
    assert "ลบรุ่นนี้แล้ว" in listed.text
    assert older not in listed.links()
    assert "ไม่เคยใช้" in admin.open(newest).text


def test_withdrawing_is_for_those_who_deploy(enter):
    _, older, _ = _withdrawable(enter)
    clerk = enter("faem")
    page = clerk.open(older)
    assert not [f for f in page.forms() if f.element.get("action", "").endswith("/withdraw")]
    token = clerk.open("/account").form("/account/keys").values()["csrf_token"][0]
    sent = {"csrf_token": token, "reason": "x"}
    assert clerk.post(f"{older}/withdraw", sent).status == 403


def test_who_settled_a_job_of_no_case_and_why_is_kept_and_shown(office, enter):
    """The case's history tells of every other job; of these, the agency's."""
    admin, why = enter("admin"), f"ส่งทางอื่นแล้ว {uuid4().hex[:6]}"
    skipped, retried = troubles.free_job(office), troubles.free_job(office)
    assert office.post(f"/jobs/{skipped}/skip", {"reason": why}, as_="admin").status_code == 200
    assert office.post(f"/jobs/{retried}/retry", as_="admin").status_code == 200
    shown = admin.open("/incidents", query={"state": "resolved"})
    (row,) = [one for one in shown.tree.xpath("//tbody/tr") if why in one.text_content()]
    assert "ระบบดี" in row.text_content()
    told = admin.open("/admin/history").text
    assert why in told
    assert "ข้ามงานของระบบที่ไม่สำเร็จ" in told
    assert "ลองงานของระบบที่ไม่สำเร็จใหม่" in told
