"""Mends settle what they were offered for, and come to an end."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from office.documents.style import check, mend_all, mend_one

PIECES = [
    "ตามที่", "เรื่องอื่น", "ๆ", "ฯ", "ฯลฯ", "ฯพณฯ", " ", "  ", "    ", "\t", "12", "๑๒", "2567", "67",
    "ก.ย.", "กันยายน", "พ.ศ.", "ค.ศ.", "วันที่", "วันพุธที่", "เวลา ", "9:30", "น.", "/", "-", ".", ":",
    "บาท", "คน", "(หนึ่งบาทถ้วน)", "สนง.", "รอง", "ผอ.", "กทม.", "พรบ.", "ปรากฎ", "เเ", "\u0e4d", "า",
    "\u0e48", "ISO", "Windows", "a@b.go.th", "https://a.go.th/1", "10.0.0.1", "กข", "นั้น", "ๆๆ",
    "จึงเรียนมาเพื่อ", "จึงกราบเรียนมาเพื่อ", "ที่อ้างถึง", "สิ่งที่ส่งมาด้วย", "(", ")", "“", "”", ",", "ก", "ที่",
    "2024", "1250.50", "2024-09-12", "12/9/2567", "มาตรา", "จำนวน", "ครั้งที่", "กฏหมาย", "อีเมล์",
    "รมว.", "กระทรวง", "คลัง", "มหาดไทย", "ผวจ.", "รพ.", "สต.", "–", "8:30-16:30", "16:30 น.",
    "วันนั้น",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)
ANY_TEXT = TEXT | st.text(st.characters(codec="utf-8"), max_size=30)
TO = st.sampled_from(["นายกรัฐมนตรี", "เรียน นายกรัฐมนตรี", "ผอ.กองคลัง", "พระครูตัวอย่าง", "ปลัดกระทรวง"])


@st.composite
def letters(draw):
    return {
        "kind": draw(st.sampled_from(["EXT", "INT", "ORDER"])),
        "subject": draw(ANY_TEXT),
        "to": draw(TO | ANY_TEXT),
        "salutation": draw(st.sampled_from([None, "เรียน", "กราบเรียน", "นมัสการ"])),
        "closing": draw(st.sampled_from([None, "ขอแสดงความนับถือ", "ขอแสดงความนับถืออย่างยิ่ง"])),
        "refs": draw(st.lists(ANY_TEXT, max_size=1)),
        "paragraphs": draw(st.lists(ANY_TEXT, min_size=1, max_size=2)),
    }


def kinds(findings):
    """The mends offered, by rule, field and words: places move when words before them change."""
    offered = [one for one in findings if one.mend is not None]
    return Counter((one.rule, one.path, one.found, one.mend) for one in offered)


@settings(max_examples=400, deadline=None)
@given(letters())
def test_a_mend_removes_its_finding(letter):
    """It may bring up another that it hid: the figures of a date that turn out to be a sum."""
    before = check(letter)
    for one in before:
        if one.mend is not None:
            of_it = (one.rule, one.path, one.found, one.mend)
            assert kinds(check(mend_one(letter, one)))[of_it] < kinds(before)[of_it], one


@settings(max_examples=400, deadline=None)
@given(letters())
def test_mending_all_leaves_nothing_to_mend(letter):
    mended = mend_all(letter)
    assert [one for one in check(mended) if one.mend is not None] == []
    assert mend_all(mended) == mended
