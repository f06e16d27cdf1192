"""A letter kept as a pattern begins new ones: its words, and nothing that is its own."""

from __future__ import annotations

from support.letter_story import draft


def test_a_letter_becomes_a_pattern_and_begins_another(enter):
    drafter = enter("thotsop")
    editor = draft(drafter, "ขอเชิญประชุมประจำเดือน", paragraphs="ถ้อยคำของแม่แบบ")
    letter = drafter.open(editor.path.removesuffix("/edit"))
    page = letter.follow("/template")
    assert page.form(page.path).values()["name"] == ["ขอเชิญประชุมประจำเดือน"]
    listed = page.form(page.path).send(name="เชิญประชุม <ประจำ>")
    assert listed.path == "/documents/new"
    assert "เชิญประชุม <ประจำ>" in listed.text
    begun = enter("sommut").open("/documents/new").follow("?template=")
    values = begun.form("/documents").values()
    assert values["paragraphs"] == ["ถ้อยคำของแม่แบบ"]
    assert values["subject"] == ["ขอเชิญประชุมประจำเดือน"]
    (away,) = [one for one in listed.forms() if "/away" in one.element.get("action")]
    assert "เชิญประชุม <ประจำ>" not in away.send().text


def test_a_name_is_needed_and_strangers_get_nothing(enter):
    editor = draft(enter("thotsop"), "แม่แบบที่ไม่มีชื่อ")
    page = editor.browser.open(editor.path.replace("/edit", "/template"))
    refused = page.form(page.path).send(name=" ")
    assert refused.status == 422
    assert refused.error("name")
    assert enter("wikhro").open(page.path).status == 403
