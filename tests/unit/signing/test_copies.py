"""Copies say that they are copies; their source stays as it is, or is refused in words."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas
from support import pki
from support.samples import every_kind

from signing.copies.making import About, Certificate, Receipt, certified, stamped
from signing.copies.measures import FIELD, STAMP
from signing.errors import Uncopyable, Unrenderable
from signing.preview import page_count, page_text
from signing.render import render
from signing.sign import sign_letter
from signing.verify import verify

RECEIPT = Receipt("กลุ่มคลังและพัสดุ", "๑๒๓", "๓๐ พฤศจิกายน ๒๕๖๙", "๑๐.๓๕ น.")
CERTIFICATE = Certificate(
    "นางสาวแฟ้ม เรียงงาม", ("เจ้าพนักงานธุรการชำนาญงาน",), "๓๐ พฤศจิกายน ๒๕๖๙", ("สำเนาที่ ๑",)
)
A4 = (595.276, 841.89)
Make = Callable[..., bytes]


def stamp(pdf: bytes, *, own: bool = False) -> bytes:
    return stamped(pdf, RECEIPT, about(pdf, own=own))


def certify(pdf: bytes, *, own: bool = False) -> bytes:
    return certified(pdf, CERTIFICATE, about(pdf, own=own))


def about(pdf: bytes, *, own: bool) -> About:
    note = ("เป็นสำเนา ไม่ใช่ไฟล์ที่ลงลายมือชื่อ", "SHA-256", sha256(pdf).hexdigest())
    return About("สำเนา ตย ๐๒๐๑/๑", "สำนักงาน", "เรื่อง", note, own)


@cache
def letter(name: str = "S01") -> bytes:
    """Signed."""
    return signed(render(every_kind()[name]).pdf, "sig_0001")


def signed(pdf: bytes, field: str) -> bytes:
    key, times = pki.unlocked(), pki.timestamps()
    made = sign_letter(pdf, field=field, key=key, signer=pki.SIGNER, at=pki.AT, timestamps=times)
    return made.pdf


def strangers(
    size: tuple[float, float] = A4, *, pages: int = 1, full: bool = False, **on_page: Any
) -> bytes:
    """Lines of words, with margins or from edge to edge; `on_page` are entries of each page."""
    out, margin = io.BytesIO(), 5 if full else 90
    canvas = Canvas(out, pagesize=size, invariant=True)
    for _ in range(pages):
        for y in range(margin, int(size[1]) - margin, 12):
            canvas.drawString(margin, y, "words " * int((size[0] - 2 * margin) / 34))
        canvas.showPage()
    canvas.save()
    with pikepdf.open(out) as pdf:
        for page in pdf.pages:
            for name, value in on_page.items():
                page.obj[f"/{name}"] = value
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [tuple(round(edge) for edge in page.get_size()) for page in document]


def picture(pdf: bytes, page: int = 0) -> Image.Image:
    """Black where anything is drawn."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        grey = document[page].render(scale=1, may_draw_forms=True).to_pil().convert("L")
    return grey.point([0 if value < 200 else 255 for value in range(256)])


def corner(image: Image.Image) -> Image.Image:
    """Where the stamp is looked for."""
    wide, high = round(STAMP[0]) + 20, round(STAMP[1]) + 20
    return image.crop((image.width - wide, 0, image.width, high))


# -- ours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [stamp, certify])
@pytest.mark.parametrize("name", ["S01", "S03", "S05", "S10", "other"])
def test_a_copy_of_ours_has_all_words_and_no_signature(make: Make, name: str) -> None:
    original = letter(name)
    before = sha256(original).hexdigest()
    copy = make(original, own=True)
    assert sha256(original).hexdigest() == before
    assert copy == make(original, own=True)
    assert PdfFileReader(io.BytesIO(copy)).embedded_signatures == []
    assert page_count(copy) == page_count(original)
    words = _words(page_text(copy))
    for word in _words(page_text(original)):
        assert word in words, word
    # who signed is seen, as a drawing; the file that proves it is named by its hash
    assert any("สมหญิง" in word for word in words)
    assert before in words


def _words(text: str) -> list[str]:
    return text.split()


def test_the_stamp_says_its_four_lines_at_the_top_right() -> None:
    copy = stamp(letter(), own=True)
    text = page_text(copy, 0)
    for said in ("กลุ่มคลังและพัสดุ", "เลขที่รับ", "๑๒๓", "๓๐ พฤศจิกายน ๒๕๖๙", "๑๐.๓๕ น."):
        assert said in text, said
    original, made = picture(letter()), picture(copy)
    assert ImageChops.invert(corner(original)).getbbox() is None
    assert ImageChops.invert(corner(made)).getbbox() is not None


def test_nothing_is_drawn_over_what_stood_there() -> None:
    """The letter is as dark as before, and what came to it lies where it was white."""
    unsigned = render(every_kind()["S01"]).pdf
    original, made = picture(unsigned), picture(stamp(unsigned, own=True))
    assert ImageChops.subtract(made, original).getbbox() is None
    new = ImageChops.subtract(original, made)
    assert new.getbbox() is not None
    around = ImageChops.invert(original).filter(ImageFilter.MaxFilter(5))
    assert ImageChops.multiply(new, around).getbbox() is None


def test_each_page_is_certified_and_the_first_is_signed() -> None:
    copy = certify(letter("S10"), own=True)
    for page in range(page_count(copy)):
        text = page_text(copy, page)
        for said in ("สำเนา", "สำเนาถูกต้อง", "(นางสาวแฟ้ม เรียงงาม)", "สำเนาที่ ๑"):
            assert said in text, (page, said)
    done = signed(copy, FIELD)
    verdict = verify(done, pki.authority().anchors, pki.AT)
    assert verdict.good
    assert [one.field for one in verdict.signatures] == [FIELD]
    changed = done.replace(b"/Copy1", b"/Copy9", 1) if b"/Copy1" in done else _flipped(done)
    assert not verify(changed, pki.authority().anchors, pki.AT).good


def _flipped(pdf: bytes) -> bytes:
    at = pdf.index(b"stream") + 40
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


# -- strangers' -------------------------------------------------------------------------------

SHAPES: dict[str, tuple[bytes, tuple[int, int]]] = {
    "landscape": (strangers((842, 595)), (842, 595)),
    "turned": (strangers(Rotate=90), (842, 595)),
    "upside down": (strangers(Rotate=180), (595, 842)),
    "turned back": (strangers(Rotate=-90), (842, 595)),
    "cut": (strangers(CropBox=pikepdf.Array([50, 100, 500, 700])), (450, 600)),
    "cut and turned": (strangers(CropBox=[50, 100, 500, 700], Rotate=270), (600, 450)),
    "in other units": (strangers((298, 421), UserUnit=2), (596, 842)),
    "not from the corner": (strangers(MediaBox=[-100, -100, 500, 700]), (600, 800)),
    "edges the wrong way": (strangers(MediaBox=[595, 842, 0, 0]), (595, 842)),
    "cut to nothing": (strangers(CropBox=[9, 9, 9, 9]), (595, 842)),
    "A5": (strangers((420, 595)), (420, 595)),
    "A3": (strangers((842, 1191)), (842, 1191)),
    "full": (strangers(full=True), (595, 842)),
}


@pytest.mark.parametrize(
    ("shape", "make"),
    [*((shape, stamp) for shape in SHAPES), ("cut and turned", certify), ("A5", certify)],
)
def test_pages_of_every_shape_are_upright_and_as_large_as_they_were_seen(
    shape: str, make: Make
) -> None:
    original, size = SHAPES[shape]
    copy = make(original)
    assert sizes(copy) == [size]
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert not pdf.pages[0].obj.get("/Rotate")
    assert page_text(original).split()[:1] == ["words"]
    assert "words" in page_text(copy)


def test_a_page_without_room_is_made_smaller_and_nothing_is_covered() -> None:
    copy = stamp(strangers(full=True))
    inked = ImageChops.invert(picture(copy))
    # under the stamp, above the text: a band right across the page that is white
    under = round(STAMP[1] + 18)
    assert inked.crop((0, under, inked.width, under + 8)).getbbox() is None
    assert inked.crop((0, under + 20, inked.width, under + 60)).getbbox() is not None


def test_what_a_crop_hides_stays_hidden() -> None:
    cut = strangers(CropBox=pikepdf.Array([50, 400, 500, 800]))
    inked = ImageChops.invert(picture(certify(cut)))
    # the foot of the copy shows the certification alone, at the right
    assert inked.crop((0, 320, 60, 355)).getbbox() is None


def test_what_viewers_show_is_copied_whatever_a_printer_would_cut() -> None:
    """A trim box is for the press; on screen the whole page was seen."""
    whole, trimmed = (
        picture(stamp(strangers(**boxes))).crop((0, 100, 595, 780))
        for boxes in ({}, {"TrimBox": pikepdf.Array([200, 300, 300, 400])})
    )
    assert ImageChops.difference(whole, trimmed).getbbox() is None


def test_what_a_file_can_do_is_left_behind() -> None:
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.Root.OpenAction = script
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        pdf.attachments["a.txt"] = b"enclosed"
        out = io.BytesIO()
        pdf.save(out)
    for copy in (stamp(out.getvalue()), stamp(out.getvalue(), own=True)):
        with pikepdf.open(io.BytesIO(copy)) as pdf:
            assert not {"/OpenAction", "/AcroForm", "/Names", "/AF"} & set(pdf.Root.keys())
            assert not {"/AA", "/Annots"} & set(pdf.pages[0].obj.keys())


def test_five_hundred_pages() -> None:
    copy = certify(strangers(pages=500))
    assert page_count(copy) == 500
    assert "สำเนาถูกต้อง" in page_text(copy, 499)


# -- refused ----------------------------------------------------------------------------------


def _encrypted(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(strangers())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=user))
    return out.getvalue()


REFUSED: Sequence[tuple[str, bytes]] = (
    ("encrypted", _encrypted("")),
    ("encrypted", _encrypted("secret")),
    ("not_pdf", b"PK\3\4 a workbook"),
    ("broken", strangers()[:300]),
    ("broken", b"%PDF-1.7 and nothing else"),
    ("page_size", strangers((100, 100))),
    ("page_size", strangers(UserUnit=1000)),
)


@pytest.mark.parametrize("make", [stamp, certify])
@pytest.mark.parametrize(("reason", "pdf"), REFUSED)
def test_what_cannot_be_copied_is_refused_for_a_reason(make: Make, reason: str, pdf: bytes) -> None:
    with pytest.raises(Uncopyable) as refused:
        make(pdf)
    assert refused.value.reason == reason, str(refused.value)
    assert str(refused.value).startswith("Expected ")


def test_too_many_pages_and_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Uncopyable) as many:
        stamp(strangers((300, 300), pages=2_001, full=False))
    assert many.value.reason == "pages"
    monkeypatch.setattr("signing.copies.making.MOST_BYTES", 10)
    with pytest.raises(Uncopyable) as large:
        stamp(strangers())
    assert large.value.reason == "too_large"


def test_words_that_cannot_be_printed_are_refused() -> None:
    with pytest.raises(Unrenderable):
        stamped(letter(), Receipt("กอง 😀", "๑", "๑", "๑"), about(letter(), own=True))


# -- what tags say of places ------------------------------------------------------------------


def _figures(pdf: bytes) -> list[tuple[int, list[float]]]:
    """The page and the box of each figure, by its tag."""
    found: list[tuple[int, list[float]]] = []
    with pikepdf.open(io.BytesIO(pdf)) as read:
        pages = {page.obj.objgen: page.index for page in read.pages}

        def look(node: Any) -> None:
            if node.get("/S") == "/Figure":
                found.append((pages[node.Pg.objgen], [float(edge) for edge in node.A.BBox]))
            kids = node.get("/K")
            for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    look(kid)

        look(read.Root.StructTreeRoot.K)
    return found


def _inked(pdf: bytes, page: int, box: Sequence[float]) -> Image.Image:
    """What is drawn in a box, a little white around it included."""
    seen = ImageChops.invert(picture(pdf, page))
    left, bottom, right, top = box
    return seen.crop((round(left) - 3, round(A4[1] - top) - 3,
                      round(right) + 3, round(A4[1] - bottom) + 3))  # fmt: skip


@pytest.mark.parametrize("name", ["S01", "S04"])
def test_the_box_of_a_figure_is_where_the_figure_is(name: str) -> None:
    """A certified page is smaller: what its tags say of places has moved with it."""
    original = letter(name)
    copy = certify(original, own=True)
    before, after = _figures(original), _figures(copy)
    assert before
    assert len(after) == len(before)
    for (page, was), (same, now) in zip(before, after, strict=True):
        assert page == same
        assert now != was
        edge = (now[2] - now[0]) / (was[2] - was[0])
        assert edge < 0.95
        drawn = _inked(copy, page, now).getbbox()
        assert drawn is not None
        wide, high = now[2] - now[0], now[3] - now[1]
        # the emblem reaches from edge to edge of its box in one direction, and leaves it nowhere
        assert max((drawn[2] - drawn[0]) / wide, (drawn[3] - drawn[1]) / high) > 0.9
        assert drawn[0] >= 2
        assert drawn[1] >= 2
        assert drawn[2] <= wide + 5
        assert drawn[3] <= high + 5


# -- names of any length ----------------------------------------------------------------------

LONG = {
    "long": "กองบริหารทรัพยากรบุคคลและพัฒนาระบบราชการ",
    "very long": "สำนักงานคณะกรรมการพัฒนาระบบบริหารงานบุคคลและเทคโนโลยีสารสนเทศเพื่อการจัดการ"
    "ศึกษาในเขตพัฒนาพิเศษภาคตะวันออกเฉียงเหนือตอนล่าง กรมส่งเสริมตัวอย่างแห่งชาติ",
    "endless": "กลุ่มงานคลังและพัสดุ" * 40,
    "one word": "A" * 120,
}


@pytest.mark.parametrize("agency", LONG.values(), ids=LONG.keys())
def test_whoever_receives_it_the_stamp_keeps_to_its_frame(agency: str) -> None:
    """On a page that is blank all ink is the stamp's: none outside the frame, none on its lines."""
    receipt = Receipt(agency, "๑๒๓๔๕๖/๒๕๖๙" * 6, "๓๐ พฤศจิกายน ๒๕๖๙", "๑๐.๓๕ น.")
    blank = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=A4)
        pdf.save(blank)
    made = stamped(blank.getvalue(), receipt, about(blank.getvalue(), own=False))
    fine = 8
    with pypdfium2.PdfDocument(made) as document:
        grey = document[0].render(scale=fine).to_pil().convert("L")
    ink = grey.point([255 if value < 220 else 0 for value in range(256)])
    edge = 0.5 * 72 / 2.54
    frame = [A4[0] - edge - STAMP[0], edge, A4[0] - edge, edge + STAMP[1]]
    above_the_note = ink.crop((0, 0, ink.width, ink.height // 2))
    left, top, right, bottom = above_the_note.getbbox() or (0, 0, 0, 0)
    for found, wanted in zip((left, top, right, bottom), frame, strict=True):
        assert abs(found / fine - wanted) < 1, (found / fine, wanted)
    # between the frame's own lines and the words there is white all around
    inner = [frame[0] + 2, frame[1] + 1.6, frame[2] - 2, frame[3] - 1.6]
    words = ink.crop(tuple(round(one * fine) for one in inner)).getbbox()
    assert words is not None
    assert words[0] > 0
    assert words[1] > 0
    assert words[2] < round(inner[2] * fine) - round(inner[0] * fine)
    assert words[3] < round(inner[3] * fine) - round(inner[1] * fine)
    assert "".join(agency.split()) in "".join(page_text(made, 0).split())
