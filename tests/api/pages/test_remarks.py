"""The page of a draft's remarks, without a script: words are chosen, proposed, used."""

from __future__ import annotations

import pytest
from support.letter_story import decide, document_id, draft

SUBJECT, PROPOSED = "หนังสือที่มีข้อสังเกต", "หนังสือที่ผู้ลงนามเสนอแก้"


@pytest.fixture
def editor(enter):
    return draft(enter("thotsop"), SUBJECT)


def remarks_of(editor, browser=None, **query):
    return (browser or editor.browser).open(f"/documents/{document_id(editor)}/remarks", query)


def settling(page, verdict):
    """The form of the one button that sends this verdict."""
    (form,) = [one for one in page.forms() if one.values().get("verdict") == [verdict]]
    return form


def test_a_paragraph_is_chosen_proposed_and_used(editor):
    chosen = remarks_of(editor, paragraph=0)
    form = chosen.form(chosen.path)
    (whole,) = form.values()["quote"]
    assert whole
    assert form.values()["replacement"] == [whole]
    said = form.send(propose="1", replacement="ถ้อยคำใหม่ <b>", text="ให้ชัด")
    assert "ถ้อยคำใหม่ <b>" in said.text
    used = settling(said, "accept").send()
    assert "ใช้ถ้อยคำที่เสนอในร่างแล้ว" in used.text
    (now,) = editor.browser.open(editor.path).form(editor.path).values()["paragraphs"]
    assert "ถ้อยคำใหม่ <b>" in now


def test_a_remark_is_answered_settled_and_opened_again(editor):
    page = remarks_of(editor)
    said = page.form(page.path).send(text="ขอทั้งฉบับสั้นลง")
    (answer,) = [one for one in said.forms() if "/answer" in one.element.get("action")]
    answered = answer.send(text="ตัดแล้ว")
    assert "ตัดแล้ว" in answered.text
    settled = settling(answered, "resolve").send()
    assert settling(settled, "reopen").send().status == 200


def test_what_is_wrong_keeps_what_was_typed(editor):
    page = remarks_of(editor)
    refused = page.form(page.path).send(quote="ไม่มีคำนี้", paragraph="0", text="เขียนไว้แล้ว")
    assert refused.status == 422
    assert refused.error("quote")
    assert refused.form(page.path).values()["text"] == ["เขียนไว้แล้ว"]


def test_the_editor_shows_what_waits_and_comes_back(editor):
    page = remarks_of(editor, paragraph=1)
    page.form(page.path).send(propose="1", replacement="จึงเรียนมาเพื่อทราบ")
    shown = editor.browser.open(editor.path)
    assert shown.tree.xpath("//*[@data-marked][@data-paragraph='1']")
    back = settling(shown, "accept").send()
    assert back.path == editor.path
    assert "จึงเรียนมาเพื่อทราบ" in back.form(back.path).values()["paragraphs"][0]


def test_who_only_stands_by_sees_nothing(editor, enter):
    assert remarks_of(editor, enter("wikhro")).status == 403


def test_who_has_a_step_that_changes_no_words_proposes_in_the_editor(enter):
    """What they post outright changes nothing, and comes back as what they would propose."""
    editor = draft(enter("thotsop"), PROPOSED)
    decide(editor.browser, PROPOSED, "submit")
    for name in ("sommut", "tuayang", "phatsadu", "wichan"):
        decide(enter(name), PROPOSED, "pass")
    signer, letter = enter("somying"), f"/documents/{document_id(editor)}"
    assert f"{letter}/propose" in signer.open(letter).links(letter)
    page = signer.open(f"{letter}/edit")
    assert page.path == f"{letter}/propose"
    assert "ท่านกำลังเสนอแก้" in page.text
    (words,) = page.form(f"{letter}/remarks").values()["paragraphs"]
    own = page.form(f"{letter}/remarks").values()
    outright = {**own, "kind": "EXT", "subject": "เรื่องอื่น", "paragraphs": "คำอื่น"}
    refused = signer.post(f"{letter}/edit", {**outright, "base_revision": "1"})
    assert refused.status == 403
    assert "ยังไม่มีสิ่งใดในร่างเปลี่ยน" in refused.text
    assert refused.tree.xpath("string(//*[@data-proposing])").strip() == "คำอื่น"
    (still,) = signer.open(f"{letter}/propose").form(f"{letter}/remarks").values()["paragraphs"]
    assert still == words
    drafter = editor.browser.open(f"{letter}/propose")
    assert drafter.path == letter  # nothing of it is theirs to do now
