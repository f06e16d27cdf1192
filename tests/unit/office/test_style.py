"""Each rule of official style: what it finds, what it makes of it, and what it leaves alone."""

from __future__ import annotations

import pytest
from support.samples import samples
from support.work import work

from office.documents.style import check, mend_all, mend_one
from office.documents.style.baht import in_words

LETTER = {"kind": "EXT", "subject": "เรื่อง", "to": "ปลัดกระทรวง", "refs": ["หนังสือ"],
          "attachments": [{"name": "กำหนดการ", "qty": "จำนวน ๑ ฉบับ"}]}  # fmt: skip


def text_of(words: str) -> str:
    return str(mend_all({**LETTER, "paragraphs": [words]})["paragraphs"][0])


def rules(words: str, **fields) -> list[str]:
    return [one.rule for one in check({**LETTER, "paragraphs": [words], **fields})]


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        ("digits", "ที่ ตย 0201/123", "ที่ ตย ๐๒๐๑/๑๒๓"),
        ("digits", "ร้อยละ 12.5 ของ 1,250 ราย", "ร้อยละ ๑๒.๕ ของ ๑,๒๕๐ ราย"),
        ("date", "ภายในวันที่ 12/9/2567", "ภายในวันที่ ๑๒ กันยายน ๒๕๖๗"),
        ("date", "เมื่อ ๓ ก.ย. ๖๗", "เมื่อ ๓ กันยายน ๒๕๖๗"),
        ("date", "เมื่อ 2024-09-12", "เมื่อ ๑๒ กันยายน ๒๕๖๗"),
        ("year", "๑๒ กันยายน 2024", "๑๒ กันยายน ๒๕๖๗"),
        ("time", "เวลา 9:30 น.", "เวลา ๐๙.๓๐ น."),
        ("time", "เวลา 8:30-16:30 น.", "เวลา ๐๘.๓๐-๑๖.๓๐ น."),
        ("time", "เวลา 8:30 – 16.30 น.", "เวลา ๐๘.๓๐ – ๑๖.๓๐ น."),
        ("digits", "2024-09-12,12", "๑๒ กันยายน ๒๕๖๗,๑๒"),
        ("time", "เวลา ๘:๓๐ ถึง ๑๖:๓๐", "เวลา ๐๘.๓๐ ถึง ๑๖.๓๐"),
        ("time", "เวลา 8:30 น.-16:30 น.", "เวลา ๐๘.๓๐ น.-๑๖.๓๐ น."),
        ("number_space", "พ.ศ.๒๕๖๗ ครั้งที่๒", "พ.ศ. ๒๕๖๗ ครั้งที่ ๒"),
        ("number_space", "จำนวน ๑๒คน", "จำนวน ๑๒ คน"),
        ("sum", "วงเงิน ๑๘๕๐๐๐ บาท", "วงเงิน ๑๘๕,๐๐๐ บาท"),
        ("repeat", "เรื่องอื่นๆที่เกี่ยวข้อง", "เรื่องอื่น ๆ ที่เกี่ยวข้อง"),
        ("etc", "โต๊ะ เก้าอี้ฯลฯ", "โต๊ะ เก้าอี้ ฯลฯ"),
        ("cut", "ระเบียบ ฯกำหนด", "ระเบียบฯ กำหนด"),
        ("wide", "ด้วย    กองกลาง", "ด้วย กองกลาง"),
        ("letters", "เเจ้งให้ทราบ", "แจ้งให้ทราบ"),
        ("letters", "ส\u0e4d\u0e32นักงาน", "สำนักงาน"),
        ("name", "รอง ผอ. กองคลัง", "รองผู้อำนวยการกองคลัง"),
        ("name", "พ.ร.บ.ระเบียบ", "พระราชบัญญัติระเบียบ"),
        ("name", "รมว.กระทรวงการคลัง", "รัฐมนตรีว่าการกระทรวงการคลัง"),
        ("name", "รมช. มหาดไทย", "รัฐมนตรีช่วยว่าการกระทรวงมหาดไทย"),
        ("name", "รอง ผวจ.จังหวัดน่าน", "รองผู้ว่าราชการจังหวัดน่าน"),
        ("name", "ผวจ.น่าน", "ผู้ว่าราชการจังหวัดน่าน"),
        ("name", "จนท. กทม.", "เจ้าหน้าที่ กรุงเทพมหานคร"),
        ("spelling", "ตามกฏหมายที่ปรากฎ", "ตามกฎหมายที่ปรากฏ"),
        ("that", "ตามที่แจ้งมาแล้วนั้น", "ตามที่แจ้งมาแล้ว นั้น"),
        ("purpose", "จึงกราบเรียนมาเพื่อโปรดทราบ", "จึงเรียนมาเพื่อโปรดทราบ"),
    ],
)
def test_a_rule_finds_and_mends(rule: str, wrong: str, right: str) -> None:
    assert rule in rules(wrong)
    assert text_of(wrong) == right
    assert rules(right) == []


@pytest.mark.parametrize(
    "words",
    [
        "ติดต่อ saraban1@example.go.th หรือ https://example.go.th/เรื่อง/2567?a=1",
        "ใช้ Windows 11 ตามมาตรฐาน ISO 9001:2015 และ PDF/A-3 ขนาด 25 MB",
        "เครื่องที่ 10.0.0.12 รหัส AB-2567/09 รุ่น v2.1",
        "รถทะเบียน กข ๑๒๓๔ ทะเบียนเลขที่ ๑๒/๓/๒๕๖๗",
        "หมายเลข ๗๔๔๐-๐๐๑-๐๐๑๕/๖๐ คำสั่งที่ ๙๕/๒๕๖๗",
        "เรื่องอื่น ๆ (ไม่มี) “ต่าง ๆ” ฯพณฯ ระเบียบฯ",
        "วันพฤหัสบดีที่ ๓ ตุลาคม ๒๕๖๗ เวลา ๐๙.๐๐ - ๑๖.๓๐ น.",
        "ตาม ค.ศ. ๒๐๒๔ ตามกฎหมายที่ปรากฏ และปรากฏกระทรวง",
        "๑๘๕,๐๐๐ บาท (หนึ่งแสนแปดหมื่นห้าพันบาทถ้วน) ๐.๕๐ บาท (ห้าสิบสตางค์)",
        "อัตราส่วน ๑:๓๐ และปี ๒๕๖๗",
    ],
)
def test_what_is_no_fault_is_left_alone(words: str) -> None:
    assert check({**LETTER, "paragraphs": [words]}) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("รพ.สต.บางรัก", "รพ.สต."),
        ("ผอ.รพ.น่าน", "ผอ.รพ."),
        ("ผอ. กทม.", "ผอ. กทม."),
        ("รมว.คลัง", "รมว."),
        ("รมว. มอบหมาย", "รมว."),
    ],
)
def test_a_short_name_that_may_mean_another_is_told_without_a_mend(words: str, found: str) -> None:
    told = check({**LETTER, "paragraphs": [words]})
    assert [(one.rule, one.found, one.mend) for one in told] == [("name", found, None)]
    assert text_of(words) == words


@pytest.mark.parametrize("last", ["เช่นนั้น", "ในวันนั้น", "ดังนั้น", "ในครั้งนั้น", "เพราะฉะนั้น", "เท่านั้น"])
def test_a_word_that_ends_like_the_close_of_a_cause_stays_whole(last: str) -> None:
    assert rules(f"ด้วยกองกลางขอให้ดำเนินการ{last}") == []


def test_what_only_people_can_mend_is_told_without_a_mend() -> None:
    asked = "ในวันพุธที่ ๓ ตุลาคม ๒๕๖๗ เป็นเงิน ๒๐๐ บาท (หนึ่งร้อยบาทถ้วน)"
    found = check({**LETTER, "paragraphs": [asked]})
    assert [(one.rule, one.mend) for one in found] == [("weekday", None), ("sum_words", None)]
    assert text_of(asked) == asked


def test_what_the_text_speaks_of_must_be_there() -> None:
    words = "ตามหนังสือที่อ้างถึง ดังสิ่งที่ส่งมาด้วย"
    assert rules(words, refs=[], attachments=[]) == ["no_reference", "no_enclosure"]
    assert rules(words) == []
    assert rules(words, kind="INT", refs=[], attachments=[]) == []


@pytest.mark.parametrize(
    ("to", "salutation", "closing", "right"),
    [
        ("นายกรัฐมนตรี", "เรียน", "ขอแสดงความนับถือ", ("กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง")),
        ("ปลัดกระทรวง", "กราบเรียน", "ขอแสดงความนับถืออย่างยิ่ง", ("เรียน", "ขอแสดงความนับถือ")),
        ("เจ้าอาวาสวัดตัวอย่าง", "เรียน", "ขอแสดงความนับถือ", ("นมัสการ", "ขอนมัสการด้วยความเคารพ")),
    ],
)
def test_greeting_and_closing_go_by_the_recipient(to, salutation, closing, right) -> None:
    letter = {**LETTER, "to": to, "salutation": salutation, "closing": closing, "paragraphs": ["ก"]}
    assert [one.rule for one in check(letter)] == ["salutation", "closing"]
    mended = mend_all(letter)
    assert (mended["salutation"], mended["closing"]) == right


def test_the_table_decides_nothing_for_royalty_and_high_monks() -> None:
    for to in ("สมเด็จพระสังฆราช", "พระราชวชิราลงกรณ", "พระธรรมตัวอย่าง"):
        assert rules("ก", to=to, salutation="กราบทูล", closing="ควรมิควรแล้วแต่จะโปรด") == []


def test_a_greeting_typed_before_the_name_goes() -> None:
    letter = {**LETTER, "to": "เรียน นายกรัฐมนตรี", "salutation": "เรียน", "paragraphs": ["ก"]}
    assert [one.rule for one in check(letter)] == ["salutation", "greeting_twice"]
    assert mend_all(letter)["to"] == "นายกรัฐมนตรี"


def test_a_memo_has_no_closing() -> None:
    memo = {**LETTER, "kind": "INT", "closing": "ขอแสดงความนับถือ", "paragraphs": ["ก"]}
    assert [one.rule for one in check(memo)] == ["closing_in_memo"]
    assert mend_all(memo)["closing"] is None


def test_what_stands_around_is_cut_through_no_letter() -> None:
    (found,) = check({**LETTER, "paragraphs": ["กที่ ตยตยตยตยตยก12กกกกกกกกกกกกกที่ก"]})
    assert (found.before, found.after) == ("…ที่ ตยตยตยตยตยก", "กกกกกกกกกกกกกที่…")


def test_one_mend_changes_nothing_else() -> None:
    letter = {**LETTER, "subject": "ครั้งที่ 2", "paragraphs": ["อื่นๆ 12", "ข้อ 3"]}
    found = next(one for one in check(letter) if one.found == "12")
    assert mend_one(letter, found)["paragraphs"] == ["อื่นๆ ๑๒", "ข้อ 3"]
    assert mend_one(letter, found)["subject"] == "ครั้งที่ 2"
    assert letter["paragraphs"] == ["อื่นๆ 12", "ข้อ 3"]


@pytest.mark.parametrize("letter", samples(), ids=lambda letter: letter["id"])
def test_the_sample_letters_are_good_style(letter) -> None:
    assert check(letter) == []


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ("185,000", "หนึ่งแสนแปดหมื่นห้าพันบาทถ้วน"),
        ("24500", "สองหมื่นสี่พันห้าร้อยบาทถ้วน"),
        ("21.25", "ยี่สิบเอ็ดบาทยี่สิบห้าสตางค์"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("0", "ศูนย์บาทถ้วน"),
        ("0.50", "ห้าสิบสตางค์"),
    ],
)
def test_sums_in_words(figures: str, words: str) -> None:
    assert in_words(figures) == words


@pytest.mark.parametrize("piece", ["1", "ก", " ", "a", "@", "1 ", "ๆ", "เลข", "12/9/2567 ", "\t"])
def test_the_time_it_takes_grows_with_the_text_and_no_faster(piece: str) -> None:
    letter = {**LETTER, "paragraphs": ["ก" + piece * (20_000 // len(piece)) + "ก"]}
    with work() as done:
        check(letter)
    assert done.seconds < 2


def test_words_with_marks_are_judged_and_keep_them() -> None:
    runs = [{"text": "ครั้งที่ 2 ", "bold": False, "underline": False},
            {"text": "ภายใน 5 วัน", "bold": True, "underline": False}]  # fmt: skip
    (mended,) = mend_all({**LETTER, "paragraphs": [{"runs": runs}]})["paragraphs"]
    assert [run["text"] for run in mended["runs"]] == ["ครั้งที่ ๒ ", "ภายใน ๕ วัน"]
    assert [run["bold"] for run in mended["runs"]] == [False, True]
