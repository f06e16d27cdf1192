"""Every kind of the regulation has its template, its parts in order and its field to sign."""

from __future__ import annotations

import pytest
from support.samples import every_kind, sample

from signing.errors import Unrenderable
from signing.preview import page_text
from signing.render import render, templates

#: The kinds of the regulation that are written, not received.
KINDS = {*"EXT INT STAMP ORDER REG BYLAW ANN STMT NEWS CERT MIN NOTE OTHER".split()}  # noqa: SIM905 - one line

ORDERS = {
    "S05": ["ที่ ตย ๐๒๐๑.๑/๑๐๒๔", "ถึง", "ตามที่กรมสาธิต", "๑๑ พฤศจิกายน", "กองกลาง กลุ่มสารบรรณ"],
    "S06": ["คำสั่งสำนักงานปลัด", "ที่ ๙๕/๒๕๖๗", "เรื่อง แต่งตั้ง", "สั่ง ณ วันที่ ๒๘ ตุลาคม", "(นายสมชาย"],
    "S07": ["ระเบียบสำนักงาน", "ว่าด้วยการใช้", "(ฉบับที่ ๒)", "พ.ศ. ๒๕๖๗", "ข้อ ๑", "ประกาศ ณ วันที่"],
    "S08": ["ประกาศสำนักงานปลัด", "เรื่อง กำหนดช่องทาง", "ประกาศ ณ วันที่ ๑๖ ธันวาคม", "(นายสมชาย"],
    "S09": ["เลขที่ ๕๘/๒๕๖๗", "หนังสือฉบับนี้ให้ไว้", "ให้ไว้ ณ วันที่ ๒๐ ธันวาคม", "(นางสาวสมหญิง"],
    "S10": ["รายงานการประชุม", "ครั้งที่ ๑/๒๕๖๘", "เวลา ๐๙.๓๐ น.", "ผู้มาประชุม", "๔."],
    "minutes": ["ผู้ไม่มาประชุม", "ผู้เข้าร่วมประชุม", "เริ่มประชุมเวลา", "เลิกประชุมเวลา", "ผู้จด", "ผู้ตรวจ"],
    "bylaw": ["ข้อบังคับสำนักงานปลัด", "(ฉบับที่ ๒)", "ประกาศ ณ วันที่", "(นายสมชาย"],
    "statement": ["แถลงการณ์สำนักงานปลัด", "เรื่อง", "ฉบับที่ ๑", "สำนักงานปลัด", "๑๖ ธันวาคม"],
    "news": ["ข่าวสำนักงานปลัด", "เรื่อง", "ไปรษณีย์อิเล็กทรอนิกส์กลาง", "๑๖ ธันวาคม"],
    "note": ["บันทึกข้อความ", "ส่วนราชการ", "วันที่", "เรียน", "(นายสมมติ"],
}


def test_every_kind_has_its_template() -> None:
    assert set(templates()) == KINDS
    assert {document["kind"] for document in every_kind().values()} == KINDS


@pytest.mark.parametrize("name", ORDERS)
def test_the_parts_follow_each_other(name: str) -> None:
    text, at = page_text(render(every_kind()[{"minutes": "S10"}.get(name, name)]).pdf), 0
    for part in ORDERS[name]:
        found = text.find(part, at)
        assert found >= 0, f"{part} is not after {text[:at][-30:]!r}"
        at = found


@pytest.mark.parametrize("name", every_kind())
def test_every_kind_can_be_signed(name: str) -> None:
    fields = [field.name for field in render(every_kind()[name]).fields]
    assert fields == (["sig_0001", "sig_0002"] if name == "S10" else ["sig_0001"])


@pytest.mark.parametrize("name", every_kind())
def test_what_a_kind_requires_is_named_when_missing(name: str) -> None:
    document = every_kind()[name]
    for path in templates()[document["kind"]].required:
        with pytest.raises(Unrenderable) as caught:
            render({**document, path: None})
        assert caught.value.path == path


@pytest.mark.parametrize("name", every_kind())
def test_drafts_of_every_kind(name: str) -> None:
    document = every_kind()[name]
    blank = templates()[document["kind"]].blank_in_draft
    draft, final = (page_text(render(document, draft=how).pdf) for how in (True, False))
    for path in blank:
        if document[path]:
            assert draft.count(document[path]) < final.count(document[path])


def test_a_draft_order_shows_its_year() -> None:
    assert "/๒๕๖๗" in page_text(render(sample("S06"), draft=True).pdf)


def test_a_meeting_without_absentees_says_nothing_of_them() -> None:
    extra = {**sample("S10")["extra"], "absent": [], "attendees": []}
    text = page_text(render(sample("S10", extra=extra)).pdf)
    assert "ผู้ไม่มาประชุม" not in text
    assert "(แทน ผู้อำนวยการกองยุทธศาสตร์และแผนงาน)" in text.replace("\n", "")


def test_a_person_without_a_name_is_named() -> None:
    extra = {**sample("S10")["extra"], "present": [{"position": "กรรมการ"}]}
    with pytest.raises(Unrenderable) as caught:
        render(sample("S10", extra=extra))
    assert caught.value.path == "extra.present.0.name"


def test_a_regulation_may_be_the_first_of_its_subject() -> None:
    text = page_text(render(sample("S07", number="พ.ศ. ๒๕๖๗")).pdf)
    assert "ว่าด้วยการใช้ห้องประชุมและรถส่วนกลาง\nพ.ศ. ๒๕๖๗\n" in text


def test_whoever_gets_a_copy_of_a_letter_under_seal_stands_on_it() -> None:
    text = page_text(render({**every_kind()["S05"], "cc": ["กรมสมมติ", "กองคลัง"]}).pdf)
    assert "สำเนาส่ง" in text
    assert text.index("สำเนาส่ง") < text.index("กรมสมมติ") < text.index("กองคลัง")
