"""reportlab draws the pages: with our fonts, in our codes, and nothing that is not embedded."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from signing.fonts import built_in
from signing.pdf.content import Piece
from signing.pdf.document import Document
from signing.pdf.font import font_of, no_font
from signing.pdf.structure import Mark
from signing.preview import page_text

HARD = "ป้ำ ญี่ปุ่น ฎุฏุ ศิษย์ (กุ้ง) fi\\"


def canvas() -> Canvas:
    return Canvas(io.BytesIO(), invariant=1, pageCompression=0, initialFontName=no_font())


def written(text: str) -> Canvas:
    page = canvas()
    page.setFont(font_of(built_in().regular).fontName, 16)
    page.drawString(100, 700, text)
    return page


def fonts(pdf: bytes) -> Iterator[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            yield from dict(page.obj.Resources.get("/Font", {})).values()


def file_of(document: Document) -> bytes:
    out = io.BytesIO()
    document.build().save(out, deterministic_id=True)
    return out.getvalue()


def test_any_canvas_can_write_with_a_face() -> None:
    pdf = written(HARD).getpdfdata()
    assert page_text(pdf).strip() == HARD
    embedded = ["/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts(pdf)]
    assert embedded == [True]


def test_a_canvas_measures_as_the_face_does() -> None:
    face = built_in().bold
    assert canvas().stringWidth(HARD, font_of(face).fontName, 16) == face.width(HARD, 16)


def test_documents_written_at_once_keep_their_own_codes() -> None:
    one, other = written("กขค"), written("คงจ")
    one.drawString(100, 600, "ฉ")
    assert page_text(other.getpdfdata()).strip() == "คงจ"
    assert page_text(one.getpdfdata()).split() == ["กขค", "ฉ"]
    assert written("กขค").getpdfdata() == written("กขค").getpdfdata()


def test_faces_of_one_name_are_different_fonts() -> None:
    assert font_of(built_in().regular) is font_of(built_in().regular)
    page = canvas()
    for face in (built_in().regular, built_in().bold):
        page.setFont(font_of(face).fontName, 16)
        page.drawString(100, 700, "ก")
    names = {str(font.BaseFont) for font in fonts(page.getpdfdata())}
    assert {name.partition("+")[2] for name in names} == {"Sarabun-Regular", "Sarabun-Bold"}


def test_a_page_without_text_has_no_font() -> None:
    document = Document()
    document.add_page().line((0, 0), (9, 9), 1)
    assert list(fonts(file_of(document))) == []


def test_room_behind_pieces_moves_what_follows() -> None:
    face = built_in().regular
    document = Document()
    document.add_page().text(100, 700, [Piece("กก", face, 16, after=30), Piece("ข", face, 16)])
    with pypdfium2.PdfDocument(file_of(document)) as pdf:
        left = pdf[0].get_textpage().get_charbox(2, loose=True)[0]
    assert left == pytest.approx(100 + face.width("กก", 16) + 30, abs=0.01)


def test_an_element_that_goes_on_stays_one_mark() -> None:
    document = Document()
    page, element = document.add_page(), document.root.add("P")
    piece = Piece("ก", built_in().regular, 16)
    for y in (700, 680):
        with page.tagged(element):
            page.text(100, y, [piece])
    with page.artifact():
        page.line((0, 0), (9, 9), 1)
    with page.tagged(element):
        page.text(100, 660, [piece])
    assert element.kids == [Mark(0, 0), Mark(0, 1)]
    pdf = document.build()
    operators = [str(operator) for _, operator in pikepdf.parse_content_stream(pdf.pages[0])]
    marks = [operator for operator in operators if operator in ("BDC", "BMC", "EMC")]
    assert marks == ["BDC", "EMC", "BMC", "EMC", "BDC", "EMC"]


def test_each_page_is_its_own() -> None:
    document = Document()
    for text in ("หนึ่ง", "สอง"):
        document.add_page().text(100, 700, [Piece(text, built_in().regular, 16)])
    pdf = file_of(document)
    assert [page_text(pdf, n).strip() for n in (0, 1)] == ["หนึ่ง", "สอง"]
