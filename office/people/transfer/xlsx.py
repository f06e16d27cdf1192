"""The first sheet of a workbook as lines of text, and lines as a workbook (ECMA-376).

Only texts, numbers and truth values are read, never a formula: what a formula last showed is read
as text. Nothing is unpacked beyond the caps, whatever the archive says of itself.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from lxml import etree

from engine.errors import FieldError, Invalid, TooLarge

#: of one part, unpacked; and of the number of parts
MOST_PART = 16_000_000
MOST_PARTS = 500
MOST_ROWS = 2_001
MOST_COLUMNS = 40

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA = f"{_TYPE}.sheet"


def read(content: bytes) -> list[list[str]]:
    """The lines of the first sheet, each as long as its last cell."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise TooLarge(f"Expected at most {MOST_PARTS} parts in the workbook.")
            texts = _shared_texts(archive)
            return list(_lines(_part(archive, _first_sheet(archive)), texts))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError,
            zlib.error, ValueError, etree.XMLSyntaxError):  # fmt: skip
        raise _not_xlsx() from None


def _not_xlsx() -> Invalid:
    message = "Expected an XLSX workbook, but the file cannot be read as one."
    return Invalid(message, [FieldError("1.", message, "not_xlsx")])


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    with archive.open(name) as part:
        source = part.read(MOST_PART + 1)
    if len(source) > MOST_PART:
        raise TooLarge(f"Expected at most {MOST_PART:,} bytes in a sheet, but there are more.")
    if b"\x00" in source or _DOCTYPE.search(source):
        raise _not_xlsx()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(source, parser)


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Where the workbook says its first sheet is; the usual place where it does not say."""
    book = _part(archive, "xl/workbook.xml")
    sheet = next(iter(_all(book, "sheet")), None)
    relation = None if sheet is None else next(
        (value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None
    )  # fmt: skip
    for one in _part(archive, "xl/_rels/workbook.xml.rels"):
        if relation is not None and one.get("Id") == relation:
            target = str(one.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise _not_xlsx()


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from root.iter(f"{_MAIN}{name}", f"{_STRICT}{name}")


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(one) for one in _all(_part(archive, "xl/sharedStrings.xml"), "si")]


def _text(element: etree._Element) -> str:
    """All runs of a text, without how they are read aloud (rPh)."""
    parts = []
    for one in _all(element, "t"):
        above = one.getparent()
        if above is None or not str(above.tag).endswith("}rPh"):
            parts.append(one.text or "")
    return "".join(parts)


def _lines(sheet: etree._Element, texts: Sequence[str]) -> Iterator[list[str]]:
    """Rows and cells may be left out: each says where it is."""
    expected = 1
    for row in _all(sheet, "row"):
        number = _number(row.get("r"), expected)
        if number < expected or number > MOST_ROWS:
            raise TooLarge(f"Expected at most {MOST_ROWS - 1:,} rows in order; split the file.")
        for _ in range(number - expected):
            yield []
        yield _cells(row, texts)
        expected = number + 1


def _number(text: str | None, other: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else other


def _cells(row: etree._Element, texts: Sequence[str]) -> list[str]:
    line: list[str] = []
    for cell in _all(row, "c"):
        found = _REFERENCE.fullmatch(cell.get("r") or "")
        place = _place(found[1]) if found else len(line)
        if place < len(line) or place >= MOST_COLUMNS:
            raise TooLarge(f"Expected at most {MOST_COLUMNS} columns in order.")
        line += [""] * (place - len(line))
        line.append(_value(cell, texts))
    return line


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _value(cell: etree._Element, texts: Sequence[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = next((one.text or "" for one in _all(cell, "v")), "")
    if kind == "s":
        index = int(value) if value.isascii() and value.isdigit() and len(value) < 8 else len(texts)
        if index >= len(texts):
            raise _not_xlsx()
        return texts[index]
    # a whole number is kept as "12.0" by some programs: codes have no such end
    return re.sub(r"\.0+$", "", value) if kind == "n" else value


def write(lines: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose cells are all texts: none is ever computed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _parts(lines):
            place = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            place.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(
                place, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}'
            )
    return out.getvalue()


def _parts(lines: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
    main = _MAIN.strip("{}")
    overrides = "".join(
        f'<Override PartName="/xl/{place}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for place, kind in (("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"))
    )
    defaults = (
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    yield (
        "[Content_Types].xml",
        (f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{overrides}</Types>'),
    )
    yield "_rels/.rels", _relation("officeDocument", "xl/workbook.xml")
    yield (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{main}" xmlns:r="{_RELATION}"><sheets>'
            '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
    )
    yield "xl/_rels/workbook.xml.rels", _relation("worksheet", "worksheets/sheet1.xml")
    rows = "".join(f"<row>{''.join(map(_cell, line))}</row>" for line in lines)
    yield (
        "xl/worksheets/sheet1.xml",
        (f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'),
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_RELATION}/{kind}" Target="{target}"/></Relationships>'
    )


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
