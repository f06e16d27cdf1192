"""Each level sees what changed since it last passed a letter on."""

from __future__ import annotations

import pytest
from support.letter_story import decide, draft, open_task

from api.pages.words import FIELDS
from office.documents.kinds import KINDS
from office.documents.queries import compared

SUBJECT = "ดูสิ่งที่เปลี่ยนตั้งแต่ครั้งก่อน"
SAYS = "ตั้งแต่ท่านผ่านเรื่องครั้งก่อน"


def test_a_level_that_passed_it_on_sees_what_changed_since(enter):
    drafter, proofreader, checker = enter("thotsop"), enter("sommut"), enter("tuayang")
    page = draft(drafter, SUBJECT, paragraphs="หนึ่ง\nสอง")
    decide(drafter, SUBJECT, "submit")
    assert SAYS not in open_task(proofreader, SUBJECT).text
    decide(proofreader, SUBJECT, "pass")
    decide(checker, SUBJECT, "return", to="draft", comment="ขอให้แก้วันที่", resume="rerun")
    assert SAYS not in open_task(drafter, SUBJECT).text  # nobody changed a word
    edit = drafter.open(page.path)
    edit.form(edit.path).send(paragraphs="หนึ่ง\nสองที่แก้แล้ว")
    decide(drafter, SUBJECT, "submit")
    task = open_task(proofreader, SUBJECT)
    assert f"เปลี่ยน 1 แห่ง {SAYS}" in task.text
    assert "ที่แก้แล้ว" in task.tree.xpath("string(//ins)")
    (address,) = [link for link in task.links("/documents/") if "/compare?old=" in link]
    assert "ที่แก้แล้ว" in proofreader.open(address.partition("?")[0], query={"old": "1"}).text


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_is_compared_has_a_name_on_the_page(kind: str) -> None:
    assert set(compared(kind)) <= FIELDS.keys()
