"""The slip of endorsements as paper: its text is what was said, its pages say whose they are."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from signing.errors import Unrenderable
from signing.preview import page_text
from signing.render.slip import Entry, Slip, print_slip

HASH = "3f" * 32
WORDS = "เรียน ผอ. เพื่อโปรดพิจารณา เห็นควรมอบกลุ่มงานดำเนินการตามระเบียบต่อไป "


def entry(said: str = "เห็นชอบตามเสนอ", **changes: Any) -> Entry:
    words: dict[str, Any] = {
        "level": "ผู้อำนวยการกองพิจารณา",
        "outcome": "เห็นชอบ",
        "said": said,
        "name": "นายสมมติ พัสดุพร้อม",
        "position_lines": ("ผู้อำนวยการกองกลาง", "รักษาราชการแทน ปลัดกระทรวงตัวอย่าง"),
        "moment": "๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น.",
        "about": "เกษียนบนร่าง ๒ ซึ่งมี SHA-256 ขึ้นต้นด้วย 3fa9c1d2e4f5a6b7",
    }
    return Entry(**{**words, **changes})


def slip(*entries: Entry, **changes: Any) -> Slip:
    words: dict[str, Any] = {
        "title": "ใบเกษียน ตย ๐๒๐๑/๒",
        "agency": "สำนักงานปลัดกระทรวงตัวอย่าง",
        "subject": "ขอเชิญประชุม",
        "facts": [("ที่", "ตย ๐๒๐๑/๒"), ("เรื่อง", "ขอเชิญประชุมคณะกรรมการ " * 6)],
        "told": ["หนังสือคือไฟล์ที่ลงลายมือชื่อแล้ว ซึ่งมี SHA-256", HASH],
        "entries": entries,
        "foot": "ใบเกษียน ตย ๐๒๐๑/๒",
    }
    return Slip(**{**words, **changes})


def bare(text: str) -> str:
    return "".join(text.split())


def source(one: Slip) -> str:
    """Everything that a slip was given to say, in reading order."""
    said = ["ใบเกษียน", one.agency, *(part for fact in one.facts for part in fact), *one.told]
    for n, each in enumerate(one.entries):
        number = "๑๒๓๔๕๖๗๘๙"[n]
        said += [f"{number}.", each.level, "ผล", each.outcome, each.said, f"({each.name})"]
        said += [*each.position_lines, each.moment, *each.notes, each.about]
    return bare("".join(said))


def test_its_text_is_what_was_said_over_four_pages() -> None:
    one = slip(*(entry(WORDS * 12 if n % 2 else "ทราบ", notes=("สิ้นผล",)) for n in range(6)))
    printed = print_slip(one)
    assert printed.pages == 4
    lines = bare("".join(line for page in printed.lines for line in page))
    assert lines.startswith(source(one))
    assert lines.endswith(bare("จบใบเกษียน รวม ๖ รายการ"))
    for n, page in enumerate(printed.lines):  # what readers take from the file is the same
        text = bare(page_text(printed.pdf, n))
        assert bare("".join(page)) in text
        assert bare(f"ใบเกษียน ตย ๐๒๐๑/๒ หน้า {'๑๒๓๔'[n]} ของ ๔ หน้า") in text


def test_a_name_never_begins_a_page_apart_from_what_was_said() -> None:
    for count in range(1, 20):
        printed = print_slip(slip(*(entry(WORDS * 2) for _ in range(count))))
        for page in printed.lines[1:]:
            assert not page[0].startswith("("), count
            assert not page[0].startswith("ผล "), count
            assert not page[0].startswith("จบใบเกษียน"), count


def test_what_was_typed_stands_behind_a_bar_with_its_line_ends() -> None:
    forged = "ทราบ\r\n\r\n๒. ปลัดกระทรวง\nผล อนุมัติ\n(นายปลอม จริงใจ)"
    (page,) = print_slip(slip(entry(forged))).lines
    at = page.index("ทราบ")
    assert page[at : at + 4] == ("ทราบ", "๒. ปลัดกระทรวง", "ผล อนุมัติ", "(นายปลอม จริงใจ)")
    plain = print_slip(slip(entry("ทราบ"), entry("ทราบ"))).pdf
    assert _bars(print_slip(slip(entry(forged))).pdf) == 4
    assert _bars(plain) == 2


def _bars(pdf: bytes) -> int:
    """Strokes of the bar's width on the first page."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        widths = [
            float(one.operands[0])
            for one in pikepdf.parse_content_stream(file.pages[0])
            if str(one.operator) == "w"
        ]
    return widths.count(1.2)


@pytest.mark.parametrize(
    ("typed", "printed", "count"),
    [
        ("ชอบ 🙏", "ชอบ [U+1F64F]", 1),
        ("ก\x00ข\x1bค", "ก[U+0000]ข[U+001B]ค", 2),
        ("ก\u202eข", "ก[U+202E]ข", 1),
        ("漢字", "[U+6F22][U+5B57]", 2),
        ("ก\u200bข\tค", "กข ค", 0),
    ],
)
def test_what_cannot_be_printed_is_told_by_its_code(typed: str, printed: str, count: int) -> None:
    (page,) = print_slip(slip(entry(typed))).lines
    assert printed in page
    said = [line for line in page if line.startswith("อักขระที่พิมพ์ไม่ได้")]
    assert bool(said) is bool(count)
    if said:
        assert f"ไม่ได้ {'๐๑๒'[count]} ตัว" in said[0]


def test_every_other_word_may_have_such_too() -> None:
    strange = entry(
        "ก", level="ขั้น\x07", name="นาย🙏", position_lines=("ผอ.\u202e",), outcome="ผ่าน\x07"
    )
    one = slip(strange, subject="เรื่อง🙏", agency="กรม\x00", title="ใบ🙏", foot="ใบ\x07")
    (page,) = print_slip(one).lines
    assert {"๑. ขั้น[U+0007]", "(นาย[U+1F64F])", "ผอ.[U+202E]", "ผล ผ่าน[U+0007]"} <= set(page)


def test_a_secret_one_is_marked_on_each_sheet_with_which_it_is() -> None:
    one = slip(*(entry(WORDS * 9) for _ in range(6)), secrecy="ลับมาก", sets="ชุดที่ ๒")
    printed = print_slip(one)
    assert printed.pages > 1
    for n in range(printed.pages):
        text = page_text(printed.pdf, n)
        assert text.count("ลับมาก") == 2
        assert "ชุดที่ ๒" in text
    assert "ชุดที่" not in page_text(print_slip(slip(entry())).pdf, 0)


def test_equal_ones_are_equal_bytes() -> None:
    assert print_slip(slip(entry())).pdf == print_slip(slip(entry())).pdf


def test_more_than_a_thousand_pages_are_refused() -> None:
    with pytest.raises(Unrenderable) as refused:
        print_slip(slip(*(entry("ก\n" * 20_000) for _ in range(2))))
    assert "1000 pages" in refused.value.message
