"""Letters and memos look as the regulation says: measured on the page, not in the code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache

import pikepdf
import pypdfium2
import pytest
import segno
from PIL import Image, ImageChops
from support.samples import sample, samples

from signing.preview import page_png, page_text
from signing.render import Rendered, Window, render

THAI = "๐๑๒๓๔๕๖๗๘๙"
CM = 72 / 2.54
TALL, WIDE = 841.89, 595.276


@cache
def rendered(name: str, **how: bool) -> Rendered:
    return render(sample(name), **how)


def places(made: Rendered, page: int, text: str) -> list[tuple[float, float, float, float]]:
    """Where `text` stands on a page: left, bottom, right, top in points."""
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        searched = pdf[page].get_textpage()
        found = searched.search(text)
        boxes = []
        while (hit := found.get_next()) is not None:
            at, count = hit
            rects = [searched.get_charbox(at + n, loose=True) for n in range(count)]
            left, bottom, right, top = zip(*(r for r in rects if r[2] > r[0]), strict=True)
            boxes.append((min(left), min(bottom), max(right), max(top)))
        return boxes


def place(made: Rendered, text: str, page: int = 0) -> tuple[float, float, float, float]:
    found = places(made, page, text)
    assert found, f"{text} is not on page {page}"
    return found[0]


def long_letter(paragraphs: int, name: str = "S01", **changes: object) -> Rendered:
    text = sample(name)["paragraphs"][1]
    last = "จึงเรียนมาเพื่อโปรดพิจารณา"
    return render(sample(name, paragraphs=[text] * paragraphs + [last], **changes))


def test_the_pages_in_a_window_are_those_of_the_whole() -> None:
    letter = sample("S01", paragraphs=sample("S01")["paragraphs"] * 12)
    whole = render(letter, draft=True)
    assert whole.pages > 3
    every = page_text(whole.pdf).split("\f")
    for first, most, shown in ((0, 2, every[:2]), (2, 1, every[2:3]), (99, 2, every[-2:])):
        some = render(letter, draft=True, window=Window(first, most))
        assert (some.pages, some.lines) == (whole.pages, whole.lines)
        assert page_text(some.pdf).split("\f") == shown
    final = render(letter, window=Window(1, 2))
    assert final.pages == len(page_text(final.pdf).split("\f")), "no draft: it has all its pages"


@pytest.mark.parametrize("name", [d["id"] for d in samples("EXT", "INT")])
def test_all_text_stays_inside_the_margins(name: str) -> None:
    """3 cm at the left, 2 cm at the right; secrecy marks stand in the margins above and below."""
    made = rendered(name)
    with pypdfium2.PdfDocument(made.pdf) as pdf:
        for page in pdf:
            text = page.get_textpage()
            boxes = [text.get_charbox(n) for n in range(text.count_chars())]
            drawn = [box for box in boxes if box[2] > box[0]]
            assert min(box[0] for box in drawn) >= 3 * CM - 2
            assert max(box[2] for box in drawn) <= WIDE - 2 * CM + 2
            assert min(box[1] for box in drawn) >= 0.5 * CM


def test_the_head_of_an_external_letter() -> None:
    made = rendered("S01")
    number, agency = place(made, "ที่ ตย ๐๒๐๑/๑๒๓"), place(made, "สำนักงานปลัดกระทรวงตัวอย่าง")
    assert number[0] == pytest.approx(3 * CM, abs=2)
    assert agency[0] == pytest.approx(13 * CM, abs=2)
    assert number[1] == pytest.approx(agency[1], abs=1), "level with each other"
    assert number[1] == pytest.approx(TALL - 4.5 * CM, abs=8), "level with the emblem's feet"
    assert place(made, "๑๒ กันยายน ๒๕๖๗")[0] == pytest.approx(11 * CM, abs=2), "from the middle"
    assert place(made, "ขอแสดงความนับถือ")[0] == pytest.approx(11 * CM, abs=0.3 * CM)


def test_body_paragraphs_are_indented() -> None:
    made = rendered("S01")
    for begins in ("ตามหนังสือที่อ้างถึง", "จึงเรียนมาเพื่อ"):
        assert place(made, begins)[0] == pytest.approx((3 + 2.5) * CM, abs=2)


def test_the_parts_follow_each_other_in_the_prescribed_order() -> None:
    text = page_text(rendered("S02").pdf)
    order = [
        "ด่วนที่สุด",
        "ที่ ตย ๐๒๐๒/ว ๔๕",
        "๑ ตุลาคม ๒๕๖๗",
        "เรื่อง",
        "เรียน",
        "อ้างถึง",
        "สิ่งที่ส่งมาด้วย",
        "ด้วยสำนักงานปลัด",
        "ขอแสดงความนับถือ",
        "(นางสาวสมหญิง รักงานดี)",
        "รองปลัดกระทรวงตัวอย่าง",
        "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง",
        "กองยุทธศาสตร์และแผนงาน",
        "โทร.",
        "ไปรษณีย์อิเล็กทรอนิกส์",
        "สำเนาส่ง",
    ]
    at = 0
    for part in order:
        at = text.index(part, at)


def test_the_signature_block_is_centred_on_one_line() -> None:
    made = rendered("S02")
    lines = ["(นางสาวสมหญิง รักงานดี)", "รองปลัดกระทรวงตัวอย่าง", "ปฏิบัติราชการแทน ปลัดกระทรวงตัวอย่าง"]
    middles = [(box[0] + box[2]) / 2 for box in (places(made, 0, line)[-1] for line in lines)]
    assert max(middles) - min(middles) < 2
    (field,) = made.fields
    assert (field.box[0] + field.box[2]) / 2 == pytest.approx(middles[0], abs=2)
    assert field.box[1] >= place(made, lines[0])[3] - 5, "the field ends above the name"
    assert field.box[3] <= place(made, "ขอแสดงความนับถือ")[1] + 5, "and begins below the closing"


def test_the_head_of_a_memo() -> None:
    made = rendered("S03")
    title = place(made, "บันทึกข้อความ")
    assert (title[0] + title[2]) / 2 == pytest.approx(11 * CM, abs=2)
    labels = [place(made, label) for label in ("ส่วนราชการ", "ที่", "วันที่", "เรื่อง")]
    assert labels[0][0] == pytest.approx(3 * CM, abs=2)
    assert labels[1][1] == pytest.approx(labels[2][1], abs=1), "number and date on one line"
    assert "ขอแสดงความนับถือ" not in page_text(made.pdf), "a memo has no closing words"


def colours(made: Rendered) -> Iterator[tuple[float, ...]]:
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "rg":
                yield tuple(float(value) for value in operands)


def test_urgency_is_red_and_large_between_emblem_and_title() -> None:
    made = rendered("S04")
    mark, title = place(made, "ด่วนมาก"), place(made, "บันทึกข้อความ")
    assert mark[0] > 4.5 * CM
    assert mark[2] < title[0]
    assert any(red > 0.6 and green < 0.1 for red, green, _ in colours(made))
    assert "ปกติ" not in page_text(rendered("S01").pdf)


def test_secrecy_stands_on_top_and_at_the_foot() -> None:
    made = rendered("S04")
    marks = sorted((box[1], box) for box in places(made, 0, "ลับ") if box[3] - box[1] > 25)
    assert len(marks) == 2
    for _, box in marks:
        assert (box[0] + box[2]) / 2 == pytest.approx(11 * CM, abs=2)
    assert marks[0][0] < 2 * CM
    assert marks[1][0] > TALL - 2.5 * CM


def test_a_secret_document_says_on_each_page_which_of_how_many_it_is() -> None:
    made = render(sample("S04", paragraphs=sample("S04")["paragraphs"] * 8))
    assert made.pages > 1
    for page in range(made.pages):
        said = f"ชุดที่ ๑ ของ ๑ ชุด  หน้า {THAI[page + 1]} ของ {THAI[made.pages]} หน้า"
        box = place(made, said, page)
        assert box[2] == pytest.approx(WIDE - 2 * CM, abs=2)
        assert box[1] > TALL - 1.5 * CM
        marks = [box for box in places(made, page, "ลับ") if box[3] - box[1] > 25]
        assert len(marks) == 2, "on every page"
        others = [line for line in made.lines[page] if "ของ ๑ ชุด" in line]
        assert others == [], "furniture is none of its text"
    assert "ชุดที่" not in page_text(rendered("S01").pdf)


def test_attachments_have_their_quantities_in_a_column() -> None:
    made = rendered("S01")
    name, quantity = place(made, "กำหนดการสัมมนา"), place(made, "จำนวน ๑ ฉบับ")
    assert name[1] == pytest.approx(quantity[1], abs=1)
    assert place(made, "๑. กำหนดการสัมมนา")
    assert quantity[0] == pytest.approx(place(made, "จำนวน ๑ แผ่น")[0], abs=1)


def test_forty_attachments_go_over_the_page_in_their_columns() -> None:
    listed = [
        {"name": f"เอกสารประกอบการพิจารณาเรื่องที่ {n} พร้อมบันทึกความเห็นของหน่วยงานที่เกี่ยวข้อง",
         "qty": f"จำนวน {n} ฉบับ"}
        for n in range(1, 41)
    ]  # fmt: skip
    made = render(sample("S01", attachments=listed))
    assert made.pages > 1
    at, left = 0, set()
    text = "".join(page_text(made.pdf).split())
    for one in listed:
        at = text.index("".join(one["name"].split()), at)
    for page in range(made.pages):
        found = [place(made, one["qty"], page) for one in listed if places(made, page, one["qty"])]
        left |= {round(box[0]) for box in found}
        assert all(box[2] <= WIDE - 2 * CM + 2 for box in found)
    assert len(left) == 1
    label = "สิ่งที่ส่งมาด้วย"
    assert label in page_text(made.pdf, 0)
    assert page_text(made.pdf).count(label) == page_text(rendered("S01").pdf).count(label)


def test_the_code_that_is_printed_opens_the_verdict() -> None:
    """Square by square as segno lays it out, each black or white, none mirrored or turned."""
    url = "https://saraban.example.go.th/v/7KQ4M2XD7KQ4M2XD"
    verification = {"url": url, "place": "saraban.example.go.th/v", "code": "7KQ4-M2XD"}
    made = render(sample("S01", paragraphs=["ข้อความ"] * 40, verification=verification))
    cells = [list(map(bool, row)) for row in segno.make(url, error="m", micro=False).matrix]
    fine = 6
    seen = Image.open(io.BytesIO(page_png(made.pdf, made.pages - 1, round(WIDE * fine))))
    right, bottom, side = WIDE - 2 * CM, TALL - 0.4 * CM, 1.5 * CM
    box = (right - side, bottom - side, right, bottom)
    code = seen.convert("L").crop(tuple(round(one * fine) for one in box))
    step = code.width / (len(cells) + 2)
    for y, row in enumerate(cells):
        for x, dark in enumerate(row):
            shade = code.getpixel((round((x + 1.5) * step), round((y + 1.5) * step)))
            assert (shade < 128) == dark, (x, y)


def test_preparers_can_be_left_out() -> None:
    assert "ร่าง นางสาวทดสอบ ร่างดี" in page_text(rendered("S01").pdf)
    assert "ร่าง นางสาวทดสอบ" not in page_text(rendered("S01", preparers=False).pdf)


def test_pages_are_numbered_from_the_second_and_announce_the_next() -> None:
    made = long_letter(12)
    assert made.pages == 3
    assert "- ๑ -" not in page_text(made.pdf, 0)
    for number, thai in ((1, "- ๒ -"), (2, "- ๓ -")):
        box = place(made, thai, number)
        assert (box[0] + box[2]) / 2 == pytest.approx(11 * CM, abs=2)
        assert box[1] > TALL - 2.5 * CM
    for number in (0, 1):
        begins = made.lines[number + 1][0][:8]
        words = place(made, f"/{begins}", number)
        assert words[1] < 2 * CM
        assert place(made, "...", number)[2] == pytest.approx(WIDE - 2 * CM, abs=2)
    assert "/" not in made.lines[-1][-1]


@pytest.mark.parametrize("count", range(1, 12))
def test_the_signature_never_stands_alone(count: int) -> None:
    """At least two lines of the body stand above the closing words, on its page."""
    made = long_letter(count)
    lines = made.lines[-1]
    closing = lines.index("ขอแสดงความนับถือ")
    if made.pages > 1:
        assert closing >= 2
    assert made.fields[0].page == made.pages - 1
    assert any(line.startswith("(นายสมชาย") for line in lines[closing:])
    assert any(line.startswith("โทร.") for line in lines[closing:])


def test_no_paragraph_leaves_a_single_line_behind() -> None:
    made = long_letter(12)
    paragraph = sample("S01")["paragraphs"][1]
    for page in made.lines[:-1]:
        last, before = page[-1], page[-2]
        assert not paragraph.startswith(last.strip()[:20]), "a first line alone at the foot"
        assert before


def test_a_draft_has_its_number_and_date_blank() -> None:
    text = page_text(rendered("S02", draft=True).pdf)
    assert "ที่ ตย ๐๒๐๒/ว" in text
    assert "๔๕" not in text
    assert "๑ ตุลาคม ๒๕๖๗\n" not in text.split("เรื่อง")[0]
    draft = render(sample("S01", number=None, date=None), draft=True)
    assert page_text(draft.pdf).startswith("ที่")
    memo = page_text(rendered("S03", draft=True).pdf)
    assert "ตย ๐๒๐๑.๓/" in memo
    assert "๗๘๙" not in memo


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render(sample("S01")).pdf == render(sample("S01")).pdf
    assert render(sample("S01")).pdf != render(sample("S01", subject="อื่น")).pdf


def test_bold_and_underlined_runs() -> None:
    """Heavier letters, and a line below just as wide as what it is for; the text stays whole."""
    words = "เน้น"

    def drawn(**marks: bool) -> tuple[Image.Image, Rendered]:
        runs = [{"text": "ข้อความ "}, {"text": words, **marks}, {"text": " ต่อ"}]
        made = render(sample("S01", paragraphs=[{"runs": runs}, "จึงเรียนมา"]))
        assert "ข้อความ เน้น ต่อ" in page_text(made.pdf)
        left, bottom, right, top = place(made, words)
        seen = Image.open(io.BytesIO(page_png(made.pdf, 0, round(WIDE * 4)))).convert("L")
        box = (left - 2, TALL - top, right + 2, TALL - bottom + 4)
        return ImageChops.invert(seen.crop(tuple(round(one * 4) for one in box))), made

    def ink(picture: Image.Image) -> int:
        return sum(value * count for value, count in enumerate(picture.histogram()))

    def longest_line(picture: Image.Image) -> int:
        rows = (picture.crop((0, y, picture.width, y + 1)) for y in range(picture.height))
        return max(sum(row.point(lambda value: value > 120).histogram()[1:]) for row in rows)

    plain, made = drawn()
    bold, _ = drawn(bold=True)
    under, _ = drawn(underline=True)
    assert ink(bold) > 1.25 * ink(plain)
    left, _, right, _ = place(made, words)
    assert longest_line(under) == pytest.approx((right - left) * 4, abs=8)
    assert longest_line(plain) < (right - left) * 3


def test_lines_that_the_author_ended_stay_lines() -> None:
    made = render(sample("S01", paragraphs=["บรรทัดหนึ่ง\nบรรทัดสอง"]))
    assert {"บรรทัดหนึ่ง", "บรรทัดสอง"} <= set(made.lines[0])


NUMBERED = {
    "ดังนี้": (2.5, "P"),
    "๑. องค์ประกอบ": (2.5, "L/LI/LBody"),
    "๑.๑ ประธาน": (3.25, "L/LI/LBody/L/LI/LBody"),
    "(๑) กำกับดูแล": (4.0, "L/LI/LBody/L/LI/LBody/L/LI/LBody"),
    "๑.๒ กรรมการ": (3.25, "L/LI/LBody/L/LI/LBody"),
    "๒. หน้าที่": (2.5, "L/LI/LBody"),
    "๙.๓๐ น. เริ่ม": (2.5, "P"),
    "ข้อ ๕ ของระเบียบ": (2.5, "P"),
    "ข้อ ๑ ความหมาย": (2.5, "L/LI/LBody"),
    "ข้อ ๒ ข้อยกเว้น": (2.5, "L/LI/LBody"),
    "(๑) คู่สัญญา": (3.25, "L/LI/LBody/L/LI/LBody"),
    "ทั้งนี้": (2.5, "P"),
    "๔.๑ แผนงาน": (3.25, "L/LI/LBody"),
}


def test_numbered_paragraphs_are_lists_each_level_further_in() -> None:
    """A time or a clause that a sentence begins with is neither."""
    made = render(sample("S08", paragraphs=list(NUMBERED)))
    texts = page_text(made.pdf)
    for text, (indent, _) in NUMBERED.items():
        assert text in texts
        assert place(made, text)[0] == pytest.approx((3 + indent) * CM, abs=2), text
    marks: list[str] = []
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        gather(pdf.Root.StructTreeRoot.K, "", marks)
    wanted: list[str] = []
    for _, tags in NUMBERED.values():
        wanted += [tags] if tags == "P" else [f"{tags.removesuffix('LBody')}Lbl", f"{tags}/P"]
    start = marks.index(wanted[1]) - 1
    assert marks[start : start + len(wanted)] == wanted


def gather(element: pikepdf.Object, above: str, marks: list[str]) -> None:
    """Where each stretch of content hangs, in reading order; a list must say how it counts."""
    for kid in element.K if isinstance(element.K, pikepdf.Array) else [element.K]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            gather(kid, f"{above}/{str(kid.S)[1:]}", marks)
            assert str(kid.S) != "/L" or kid.A.ListNumbering == "/Decimal"
        else:
            marks.append(above.removeprefix("/"))


def test_a_table_keeps_its_rows_and_repeats_its_head() -> None:
    table = {
        "after_paragraph": 0,
        "caption": "ตารางที่ ๑ ครุภัณฑ์",
        "columns": ["ลำดับ", "รายการ", "จำนวน"],
        "align": ["center", "left", "right"],
        "rows": [[str(n), f"เครื่องคอมพิวเตอร์ {n}", "๑,๐๐๐"] for n in range(60)],
        "footer": ["", "รวม", "๖๐,๐๐๐"],
    }
    made = render(sample("S11", extra={"tables": [table]}))
    assert made.pages == 4
    for number in range(3):
        assert "ลำดับ" in page_text(made.pdf, number)
    text = page_text(made.pdf)
    assert all(f"เครื่องคอมพิวเตอร์ {n}" in text for n in range(60))
    assert "รวม" in text


def test_a_rank_stands_before_the_signature() -> None:
    made = render(sample("S01", signer="พลตำรวจโท สมชาย ตัวอย่างดี"))
    assert "(สมชาย ตัวอย่างดี)" in page_text(made.pdf)
    rank, name = place(made, "พลตำรวจโท"), place(made, "(สมชาย")
    assert rank[2] < made.fields[0].box[0] + 5
    assert rank[1] > name[1]


def test_many_pages() -> None:
    made = long_letter(280)
    assert made.pages > 30
    assert sum(len(page) for page in made.lines) > 1000
