"""A process on paper: its picture, its steps in words, in the archive form and tagged."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from pypdfium2 import PdfDocument

from signing.render.process import Before, Printed, Shape, Way, print_process


def _text(data: bytes) -> str:
    pages = PdfDocument(data)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)


def test_a_process_prints_with_its_steps_in_words(enter):
    page = enter("thotsop").open("/definitions")
    (link,) = page.tree.xpath("//tr//a[normalize-space()='หนังสือราชการ']/@href")
    address = str(link).partition("#")[0]
    answer = enter("thotsop").open(f"{address}/print").response
    assert answer.mimetype == "application/pdf"
    text = _text(answer.data)
    for said in ("ผู้เริ่มเรื่อง", "ตามสูตรของขั้น", "ผ่านโดยแก้ไข", "พิมพ์เมื่อ", "ประวัติรุ่น", "ผู้เผยแพร่"):
        assert said in text, said


def _some(rows: int = 1, name: str = "ตรวจ \U0001f600") -> Printed:
    shapes = [
        Shape("circle", "เริ่ม", 30, 40, 36, 36),
        Shape("task", name, 120, 20, 110, 80),
        Shape("diamond", "", 300, 35, 50, 50, mark="×"),
        Shape("pool", "กอง", 10, 0, 400, 120),
    ]
    ways = [Way([(66, 58), (120, 58)]), Way([(230, 58), (300, 58)], dashed=True)]
    heads = ["ขั้น", "ใคร", "กำหนด", "ผล"]
    table = [[f"ขั้น {n}", "หัวหน้า", "", "อนุมัติ"] for n in range(rows)]
    return Printed("ลาพักผ่อน", ["กรม"], "ผัง", 420, 130, shapes, ways, heads, table)


def test_it_is_tagged_and_in_the_archive_form():
    made = print_process(_some())
    assert print_process(_some()) == made, "the same content gives the same bytes"
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        kids = pdf.Root.StructTreeRoot.K
        root = kids[0] if isinstance(kids, pikepdf.Array) else kids
        tags = [str(one.S) for one in root.K]
        assert tags == ["/H1", "/P", "/Figure", "/Table"]
        with pdf.open_metadata() as about:
            assert about.pdfa_status == "3A"
    assert "ตรวจ" in _text(made)


def test_how_it_came_to_be_stands_under_a_heading_of_its_own():
    before = Before("ประวัติรุ่น", ["รุ่น", "เมื่อ", "ใคร", "บันทึก"], [["รุ่น 1", "", "", "รุ่นแรก"]])
    made = print_process(replace(_some(), before=before))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        kids = pdf.Root.StructTreeRoot.K
        root = kids[0] if isinstance(kids, pikepdf.Array) else kids
        assert [str(one.S) for one in root.K][3:] == ["/Table", "/H2", "/Table"]
    assert "ประวัติรุ่น" in _text(made)
    assert "รุ่นแรก" in _text(made)


def test_a_wide_picture_takes_sheets_side_by_side():
    """Drawn once each, but what stands on the edge: names keep their size."""
    shapes = [Shape("task", f"ก{n}ข", 40 + n * 200, 20, 110, 80) for n in range(10)]
    made = print_process(Printed("ก", [], "ผัง", 2050, 130, shapes, (), ["ก"] * 4, []))
    sheets = ["".join(p.get_textpage().get_text_bounded().split()) for p in PdfDocument(made)]
    assert len(sheets) == 3
    assert ("ก0ข" in sheets[0], "ก0ข" in sheets[1]) == (True, False)
    assert ("ก9ข" in sheets[0], "ก9ข" in sheets[1]) == (False, True)


@pytest.mark.parametrize(("rows", "pages"), [(1, 2), (80, 5)])
def test_a_long_table_goes_on_with_its_heads(rows: int, pages: int):
    made = print_process(_some(rows))
    found = PdfDocument(made)
    assert len(found) == pages
    assert all("กำหนด" in page.get_textpage().get_text_bounded() for page in list(found)[1:])
