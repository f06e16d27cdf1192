"""A process on paper: its picture, its steps in words, in the archive form and tagged."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from pypdfium2 import PdfDocument
from support.matrices import FIELDS, KIT

from api.pages.view import LANGUAGE_COOKIE
from engine.actor import system_actor
from engine.commands.deployments import Deploy
from office.chains.compose import compose
from office.chains.model import Ask, Chain, Field, How, Who
from office.chains.words import outcomes_of
from signing.render.process import Before, Printed, Section, Told, print_process
from signing.render.process_picture import Shape, Way


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
    # what its elements say of themselves, whose posts a letter brings, and where a formula decides
    for said in (
        "ตรวจทานภาษาและรูปแบบ",
        "ผู้ที่ระบุใน“หัวหน้าฝ่าย”",
        "ผู้ที่สูตรFEEL“ifdivision_head",
        "ส่งคืนได้ถึงขั้น",
    ):
        assert said in text, said
    reader = enter("thotsop")
    reader.client.set_cookie(LANGUAGE_COOKIE, "en")
    english = _text(reader.open(f"{address}/print").response.data)
    reader.client.delete_cookie(LANGUAGE_COOKIE)
    assert "Languageandform." in english
    assert "ตรวจทานภาษาและรูปแบบ" not in english


@pytest.mark.parametrize("drawn", [False, True], ids=["cards", "drawn further"])
def test_who_is_said_as_on_the_card(enter, office, drawn: bool):
    """Also where a designer has drawn something that no card says."""
    steps = (
        replace(KIT, note="ตามคำสั่ง 12/2569"),
        _ask("led", Who("head", ("unit:finance",))),
        _ask("each", Who("members", ("unit:legal",)), "in_order"),
        _ask("above", Who("ladder", rank="head", if_nobody="pass"), "all"),
        _ask("chosen", Who("field", ("who",)), "all"),
        _ask("worked_out", Who("formula", ('if amount > 5 then "somsri" else "malee"',))),
    )
    fields = (*FIELDS, Field("who", "ผู้ตรวจรับ", "person"))
    key = f"paper-{drawn}".lower()
    chain = Chain(key, "ขออนุมัติ", steps, fields, note="ซื้อทุกวงเงิน")
    files = dict(compose(chain))
    if drawn:
        note = b"<textAnnotation id='drawn'><text>x</text></textAnnotation></process>"
        files = {name: one.replace(b"</process>", note) for name, one in files.items()}
    made = office.system.bus.execute(Deploy(files), system_actor(office.home.id))
    at = f"/definitions/{made['definitions'][0]['id']}/print"
    text = _text(enter("thotsop").open(at).response.data)
    for said in (
        "ซื้อทุกวงเงิน", "ตามคำสั่ง12/2569", "หัวหน้าของกลุ่มคลังและพัสดุ", "สมาชิกของกลุ่มนิติการทุกคนตามลำดับ",
        "ผู้บังคับบัญชาของผู้เริ่มเรื่องทุกระดับจนถึงหัวหน้าส่วนราชการทุกคนพร้อมกัน", "ผู้ที่ระบุใน“ผู้ตรวจรับ”",
        "ผู้ที่สูตรFEEL“ifamount>5then\"somsri\"else\"malee\"”ระบุ", "ผู้ตรวจรับ(บุคคล,ต้องกรอก)",
        "วงเงิน(บาท)(100000..500000]ตอบ",
    ):  # fmt: skip
        assert said in text, said
    assert "_asked.people”ระบุ" not in text
    assert "asked_one" not in text
    assert ("ความหมาย" in text) is not drawn


def _ask(name: str, who: Who, how: How = "one") -> Ask:
    return Ask(name, "approve", name, who, outcomes_of("approve", refusal=False), how)


def _some(rows: int = 1, name: str = "ตรวจ \U0001f600") -> Printed:
    shapes = [
        Shape("circle", "เริ่ม", 30, 40, 36, 36),
        Shape("task", name, 120, 20, 110, 80),
        Shape("diamond", "", 300, 35, 50, 50, mark="×"),
        Shape("pool", "กอง", 10, 0, 400, 120),
    ]
    ways = [Way([(66, 58), (120, 58)]), Way([(230, 58), (300, 58)], dashed=True, name="เห็นชอบ")]
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
    assert "เห็นชอบ" in _text(made)


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


def test_what_is_told_goes_on_from_sheet_to_sheet_and_loses_nothing():
    """A cell and a fact that are each longer than a sheet."""
    words = [f"คำ{n}" for n in range(1000)]
    long = Section("รายละเอียด", [Told("ขั้นแรก", [("คำอธิบาย", " ".join(words) + "\nบรรทัดใหม่")])])
    rows = [["ขั้น", " ".join(words), "", ""]]
    made = print_process(replace(_some(), about=long, rows=rows, details=long, steps="ขั้นตอน"))
    text = _text(made)
    assert [text.count(one) for one in ("คำ0", "คำ999", "บรรทัดใหม่", "ขั้นตอน")] == [3, 3, 2, 1]
    for page in PdfDocument(made):
        found = page.get_textpage()
        assert (
            found.count_rects() == 0
            or min(found.get_rect(at)[1] for at in range(found.count_rects())) > 30
        ), "nothing stands below the sheet's edge"
    with pikepdf.open(io.BytesIO(made)) as pdf:
        kids = pdf.Root.StructTreeRoot.K
        root = kids[0] if isinstance(kids, pikepdf.Array) else kids
        told = ["/H2", "/H3", "/P", "/P"]
        assert [str(one.S) for one in root.K][3:] == [*told, "/H2", "/Table", *told]


@pytest.mark.parametrize(("rows", "pages"), [(1, 2), (80, 5)])
def test_a_long_table_goes_on_with_its_heads(rows: int, pages: int):
    made = print_process(_some(rows))
    found = PdfDocument(made)
    assert len(found) == pages
    assert all("กำหนด" in page.get_textpage().get_text_bounded() for page in list(found)[1:])
