"""What may be enclosed, what is refused and where, and that a refused file leaves nothing."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from uuid import UUID

import pikepdf
import pytest
from PIL import Image
from support.samples import sample

from engine.errors import Invalid, TooLarge
from forms.files import KINDS
from office.files import checks
from office.files.storage import MemoryStorage
from office.files.uploads import MOST, clean_name, receive
from signing.archive.enclosures import Enclosure
from signing.render import render

OURS = UUID(int=1)


def a_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if change:
        change(pdf)
    out = io.BytesIO()
    pdf.save(out, **save)
    return out.getvalue()


def a_zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def a_picture(kind: str, size: tuple[int, int] = (4, 4)) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind)
    return out.getvalue()


WORD = a_zip(word__document_dot_xml=b"<w/>")
SHEET = a_zip(xl__workbook_dot_xml=b"<w/>")
SLIDES = a_zip(ppt__presentation_dot_xml=b"<w/>")
ODT = a_zip(mimetype=b"application/vnd.oasis.opendocument.text", content_dot_xml=b"<w/>")
ODS = a_zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<w/>")

GOOD = {
    "pdf": a_pdf(),
    "docx": WORD,
    "xlsx": SHEET,
    "pptx": SLIDES,
    "odt": ODT,
    "ods": ODS,
    "png": a_picture("PNG"),
    "jpg": a_picture("JPEG"),
    "jpeg": a_picture("JPEG"),
    "tif": a_picture("TIFF"),
    "tiff": a_picture("TIFF"),
    "txt": "ข้อความ".encode(),
    "csv": "ก,ข\n1,2\n".encode("utf-8-sig"),
}


def refusal(data: bytes, name: str) -> Invalid:
    storage = MemoryStorage()
    with pytest.raises(Invalid) as refused:
        receive(storage, OURS, data, name)
    assert list(storage.listing()) == [], "a refused upload leaves nothing behind"
    return refused.value


def test_every_allowed_kind_has_a_sample() -> None:
    assert GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize("extension", GOOD)
def test_good_files_are_kept(extension: str) -> None:
    storage = MemoryStorage()
    stored = receive(storage, OURS, GOOD[extension], f"แผนงาน.{extension.upper()}")
    assert stored.media_type == KINDS[extension]
    assert storage.size(OURS, stored.sha256) == len(GOOD[extension]) == stored.size


MIXED_UP = [
    (extension, other)
    for extension in GOOD
    for other in ("pdf", "docx", "ods", "png", "tiff")
    if KINDS[extension] != KINDS[other]
]


@pytest.mark.parametrize(("extension", "other"), MIXED_UP)
def test_content_must_be_what_the_name_says(extension: str, other: str) -> None:
    assert refusal(GOOD[extension], f"file.{other}").code == "content_differs_from_name"


@pytest.mark.parametrize("name", ["run.exe", "page.html", "script.js", "no-extension", "a.pdf.exe"])
def test_other_kinds_are_refused(name: str) -> None:
    assert refusal(b"MZ", name).code in {"type_not_allowed"}


def test_the_cap_holds() -> None:
    storage = MemoryStorage()
    with pytest.raises(TooLarge) as refused:
        receive(storage, OURS, b"a" * (MOST + 1), "a.txt")
    assert refused.value.code == "too_large"
    assert list(storage.listing()) == []


def test_empty_files_are_refused() -> None:
    assert refusal(b"", "a.pdf").code == "empty"


# -- PDF ------------------------------------------------------------------------------------------


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _on_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.AA = pikepdf.Dictionary()


def _launch(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(link)]))


def _embedded(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["evil.exe"] = b"MZ"


def _untyped(pdf: pikepdf.Pdf) -> None:
    """Hung on a page, and called no embedded file."""
    stream = pdf.make_stream(b"MZ")
    spec = pikepdf.Dictionary(F="evil.exe", EF=pikepdf.Dictionary(F=stream))
    note = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=pdf.make_indirect(spec))
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


def _data_of_no_letter(pdf: pikepdf.Pdf) -> None:
    _carry(pdf, b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>")


def _data_with_entities(pdf: pikepdf.Pdf) -> None:
    _carry(pdf, b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + LETTER_DATA)


def _data_that_is_a_bomb(pdf: pikepdf.Pdf) -> None:
    _carry(pdf, LETTER_DATA.replace(b"><", b">" + b" " * 20_000_000 + b"<"))


def _carry(pdf: pikepdf.Pdf, data: bytes) -> None:
    embedded = pikepdf.AttachedFileSpec(pdf, data, filename="a.xml", mime_type="text/xml")
    pdf.attachments["a.xml"] = embedded


LETTER_DATA = (
    b'<rsm:GovernmentDocument xmlns:rsm="urn:th:gov:egif:data:standard:GovernmentDocument:1.0">'
    b"<a/></rsm:GovernmentDocument>"
)


def test_a_letter_may_carry_its_own_data() -> None:
    """Signed letters, ours and those of others, are enclosed with letters."""
    receive(MemoryStorage(), OURS, a_pdf(lambda pdf: _carry(pdf, LETTER_DATA)), "a.pdf")
    receive(MemoryStorage(), OURS, render(sample("S01")).pdf, "a.pdf")


def _carrying(data: bytes, media_type: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["a"] = pikepdf.AttachedFileSpec(pdf, data, mime_type=media_type)

    return change


def _carried_script(pdf: pikepdf.Pdf) -> None:
    _carrying(a_pdf(_script), KINDS["pdf"])(pdf)


def _carried_under_another_name(pdf: pikepdf.Pdf) -> None:
    _carrying(b"MZ", KINDS["docx"])(pdf)


def _carried_bomb(pdf: pikepdf.Pdf) -> None:
    _carrying(b"a" * (checks.MOST_INSIDE + 1), KINDS["txt"])(pdf)


def _carried_one_in_another(pdf: pikepdf.Pdf) -> None:
    within = a_pdf()
    for _ in range(checks.DEEPEST + 1):
        _carrying(within, KINDS["pdf"])(pdf)
        within = a_pdf(_carrying(within, KINDS["pdf"]))


def test_a_letter_may_carry_what_may_be_enclosed() -> None:
    """And be enclosed with another that carries it."""
    files = [
        Enclosure("แนบ", f"{n}.{ending}", KINDS[ending], 1, "0" * 64, GOOD[ending])
        for n, ending in enumerate(GOOD)
    ]
    letter = render(sample("S01"), enclosed=files).pdf
    receive(MemoryStorage(), OURS, letter, "a.pdf")
    again = Enclosure("ต้นเรื่อง", "1.pdf", KINDS["pdf"], 1, "0" * 64, letter)
    receive(MemoryStorage(), OURS, render(sample("S01"), enclosed=[again]).pdf, "a.pdf")


def _dynamic_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<x/>"))


@pytest.mark.parametrize(
    "change",
    [_script, _on_page, _launch, _embedded, _untyped, _data_of_no_letter, _data_with_entities,
     _data_that_is_a_bomb, _dynamic_form, _carried_script, _carried_under_another_name,
     _carried_bomb, _carried_one_in_another],
)  # fmt: skip
def test_a_pdf_that_acts_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    found = refusal(a_pdf(change), "a.pdf")
    assert found.code == "pdf_active"
    assert found.errors[0].path.startswith("file/")


def test_the_page_that_acts_is_named() -> None:
    assert refusal(a_pdf(_on_page), "a.pdf").errors[0].path == "file/page 1"


def test_where_to_begin_reading_is_no_action() -> None:
    def begin(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.GoTo, D=pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
        )

    receive(MemoryStorage(), OURS, a_pdf(begin), "a.pdf")


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    locked = a_pdf(encryption=pikepdf.Encryption(owner="owner", user=password))
    assert refusal(locked, "a.pdf").code == "pdf_encrypted"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 500, a_pdf()[:200]])
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    assert refusal(data, "a.pdf").code in {"pdf_damaged", "pdf_pages"}


# -- archives, pictures, text ---------------------------------------------------------------------


def test_a_bomb_is_known_by_its_directory() -> None:
    bomb = a_zip(word__document_dot_xml=b"\x00" * 40_000_000)
    assert refusal(bomb, "a.docx").code == "unpacks_too_large"


def test_a_bomb_in_the_part_that_names_the_kind_is_not_unpacked() -> None:
    bomb = a_zip(mimetype=b"\0" * (checks.UNPACKED + 1), content_dot_xml=b"<w/>")
    tracemalloc.start()
    try:
        assert refusal(bomb, "a.odt").code == "unpacks_too_large"
        assert tracemalloc.get_traced_memory()[1] < checks.UNPACKED / 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("part", [None, b"damaged"])
def test_a_paper_that_does_not_say_its_kind_is_refused(part: bytes | None) -> None:
    data = a_zip(content_dot_xml=b"<w/>")
    if part:
        whole = a_zip(mimetype=b"application/vnd.oasis.opendocument.text" * 9, content_dot_xml=b"")
        data = whole.replace(whole[38:44], b"\xff" * 6, 1)  # behind the entry's header and name
    assert refusal(data, "a.odt").code == "content_differs_from_name"


def test_too_many_parts_are_refused() -> None:
    parts = {f"p{n}": b"" for n in range(checks.ENTRIES + 1)}
    many = a_zip(word__document_dot_xml=b"<w/>", **parts)
    assert refusal(many, "a.docx").code == "unpacks_too_large"


def test_macros_are_refused_by_their_part() -> None:
    found = refusal(a_zip(word__document_dot_xml=b"<w/>", word__vbaProject_dot_bin=b"x"), "a.docx")
    assert (found.code, found.errors[0].path) == ("macro", "file/word/vbaProject.bin")


def test_a_part_outside_its_archive_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"<w/>")
        archive.writestr("../../outside.xml", b"<w/>")
    assert refusal(out.getvalue(), "a.docx").code == "zip_path"


def test_a_flood_of_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PIXELS", 100)
    assert refusal(a_picture("PNG", (20, 20)), "a.png").code == "too_many_pixels"


def test_text_must_be_utf8_without_control_characters() -> None:
    assert refusal("ไทย".encode("tis-620"), "a.txt").code == "not_utf8"
    assert refusal(b"a\x00b", "a.txt").code == "content_differs_from_name"


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("C:\\งาน\\แผน.pdf", "แผน.pdf"),
        ("../../etc/แผน.pdf", "แผน.pdf"),
        ("แผน\x00\n.pdf", "แผน.pdf"),
        (f"{'ก' * 300}.pdf", f"{'ก' * 150}.pdf"),
        (".pdf", "pdf"),
    ],
)
def test_names_are_bare_and_printable(given: str, clean: str) -> None:
    assert clean_name(given) == clean


@pytest.mark.parametrize("name", ["", "...", "\x00", "a/"])
def test_a_file_needs_a_name(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)
