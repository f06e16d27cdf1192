"""A task's page: forms, reasons, handing over, comments, and what whoever is not asked sees."""

from __future__ import annotations

from support.letter_story import decide, draft, open_task


def test_a_return_needs_a_reason_and_a_step(enter):
    drafter, subject = enter("thotsop"), "ส่งคืนโดยไม่มีเหตุผล"
    draft(drafter, subject)
    decide(drafter, subject, "submit")
    task = open_task(enter("sommut"), subject)
    form = task.form(f"{task.path}/decide")
    short = form.send(outcome="return", to="draft", comment="สั้นไป", resume="rerun")
    assert short.status == 422
    assert "ใส่เหตุผล อย่างน้อย 10 ตัวอักษร" in short.error("comment")
    kept = short.form(f"{task.path}/decide").values()
    assert kept["comment"] == ["สั้นไป"]
    assert kept["outcome"] == ["return"]
    nowhere = form.send(outcome="return", to=None, comment="ขอให้แก้ย่อหน้าที่สองด้วยครับ")
    assert nowhere.error("to") == "เลือกขั้นที่จะส่งคืน"


def test_a_return_to_a_step_without_a_path_is_refused(enter):
    drafter, subject = enter("thotsop"), "ส่งคืนไปขั้นที่ไม่มี"
    draft(drafter, subject)
    decide(drafter, subject, "submit")
    task = open_task(enter("sommut"), subject)
    sent = task.form(f"{task.path}/decide").values()
    page = task.browser.post(
        f"{task.path}/decide",
        {**sent, "outcome": "return", "to": "sign", "comment": "ส่งไปขั้นที่ไม่ควรไป"},
    )
    assert page.status == 409
    assert "เส้นทางนี้ส่งคืนไปขั้นนั้นไม่ได้" in page.text


def test_a_decision_sent_twice_counts_once(enter):
    drafter, subject = enter("thotsop"), "กดสองครั้ง"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    form = task.form(f"{task.path}/decide")
    assert form.send(outcome="submit").path == "/"
    assert form.send(outcome="submit").status == 200
    late = task.browser.open(task.path)
    assert "decide" not in [f.element.get("id") for f in late.forms()]


def test_a_task_is_claimed_released_and_delegated(enter):
    drafter, subject = enter("thotsop"), "มอบหมายต่อ"
    draft(drafter, subject)
    decide(drafter, subject, "submit")
    task = open_task(enter("sommut"), subject)
    claimed = task.form(f"{task.path}/claim").send()
    assert claimed.path == task.path
    unknown = claimed.form(f"{task.path}/delegate").send(delegate_to="ไม่มีคนนี้")
    assert unknown.status == 422
    assert "ไม่พบผู้ใช้" in unknown.error("delegate_to")
    claimed.form(f"{task.path}/delegate").send(delegate_to="faem", reason="ลาพักผ่อน")
    theirs = open_task(enter("faem"), subject)
    assert theirs.path == task.path
    assert decide(theirs.browser, subject, "pass").path == "/"


def test_comments_are_seen_by_all_on_the_route(enter):
    drafter, subject = enter("thotsop"), "แสดงความเห็น"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    assert task.form(f"{task.path}/comments").send(text=" ").error("text")
    task.form(f"{task.path}/comments").send(text="<b>หารือ</b> แล้ว & เห็นด้วย")
    page = drafter.open(task.path)
    assert "<b>หารือ</b> แล้ว & เห็นด้วย" in page.text  # as text, never as markup


def test_whoever_has_nothing_to_do_with_it_sees_nothing(enter):
    drafter, subject = enter("thotsop"), "ไม่เกี่ยวข้อง"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    assert enter("phuchuai").open(task.path).status == 403
    assert enter("muban").open(task.path).status == 404
    assert enter("thotsop").open("/tasks/not-an-id").status == 404


def test_levels_are_skipped_with_a_reason_and_told(enter):
    drafter, subject = enter("thotsop"), "ด่วนที่สุด ข้ามขั้น"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    form = task.form(f"{task.path}/bypass")
    assert form.send(bypass_reason="ด่วน").error("bypass_reason")
    assert form.send(bypass_reason="ต้องส่งถึงคณะรัฐมนตรีภายในเที่ยงวันนี้").path == "/"
    head = open_task(enter("phatsadu"), subject)
    assert "ยินยอมให้ข้ามขั้น" in head.title


def test_the_page_says_where_an_outcome_leads(enter):
    drafter, subject = enter("thotsop"), "ผลที่ตามมา"
    draft(drafter, subject)
    task = open_task(drafter, subject)
    assert "ส่งต่อไปขั้น “ทาน” ทันที" in task.text
    assert "เรื่องจะยุติ" in task.text
