"""The first sheet of a workbook as lines of text, and lines as a workbook (ECMA-376).

Only texts, numbers and truth values are read, never a formula: what a formula last showed is read
as text. Sheets are read as they are unpacked, row by row, and nothing beyond the caps, whatever the
archive says of itself.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from lxml import etree

from engine.errors import FieldError, Invalid, TooLarge

#: of a part that is read whole, unpacked; of one that is read as it comes; and of their number
MOST_PART = 4_000_000
MOST_STREAMED = 400_000_000
MOST_PARTS = 500
#: of lines, the first included
MOST_ROWS = 200_001
MOST_COLUMNS = 40
#: of a part that is read as it comes: a sheet of all rows has five million
MOST_ELEMENTS = 12_000_000
#: of the workbook's list of texts: how many, and of one (as many characters as a cell may have)
MOST_TEXTS = 2_000_000
LONGEST_TEXT = 32_767

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
MEDIA = f"{_TYPE}.sheet"
_TEXTS = "xl/sharedStrings.xml"
#: bytes that are unpacked at once
_CHUNK = 1 << 16


def read(
    content: bytes, most_rows: int = MOST_ROWS, most_bytes: int = MOST_STREAMED
) -> Iterator[list[str]]:
    """The lines of the first sheet, each as long as its last cell. `most_bytes`: of one part,
    unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise TooLarge(f"Expected at most {MOST_PARTS} parts in the workbook.")
            texts = _shared_texts(archive, most_bytes)
            sheet = _Sheet(texts, most_rows)
            yield from _parsed(archive, _first_sheet(archive), sheet, most_bytes)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, OSError,
            zlib.error, ValueError, etree.XMLSyntaxError):  # fmt: skip
        raise _not_xlsx() from None


def _not_xlsx() -> Invalid:
    message = "Expected an XLSX workbook, but the file cannot be read as one."
    return Invalid(message, [FieldError("1.", message, "not_xlsx")])


def _chunks(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """What is unpacked, within the cap; a DTD is found wherever a chunk ends."""
    last, length = b"", 0
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            length += len(chunk)
            if length > most:
                raise TooLarge(f"Expected at most {most:,} bytes in a sheet, but there are more.")
            if b"\x00" in chunk or _DOCTYPE.search(last + chunk):
                raise _not_xlsx()
            yield chunk
            last = chunk[-100:]


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    source = b"".join(_chunks(archive, name, MOST_PART))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(source, parser)


def _parsed(
    archive: zipfile.ZipFile, name: str, target: _Sheet | _SharedTexts, most_bytes: int
) -> Iterator[list[str]]:
    """What the target has found, as it finds it: no tree is built."""
    hears: Any = target  # by names of methods, which lxml looks up itself
    parser = etree.XMLParser(target=hears, resolve_entities=False, no_network=True, load_dtd=False)
    for chunk in _chunks(archive, name, most_bytes):
        parser.feed(chunk)
        yield from target.found
        target.found.clear()
    parser.close()


def _first_sheet(archive: zipfile.ZipFile) -> str:
    """Where the workbook says its first sheet is; the usual place where it does not say."""
    book = _part(archive, "xl/workbook.xml")
    sheet = next(book.iter(f"{_MAIN}sheet", f"{_STRICT}sheet"), None)
    relation = None if sheet is None else next(
        (value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None
    )  # fmt: skip
    for one in _part(archive, "xl/_rels/workbook.xml.rels"):
        if relation is not None and one.get("Id") == relation:
            target = str(one.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise _not_xlsx()


def _shared_texts(archive: zipfile.ZipFile, most_bytes: int) -> list[str]:
    found: list[str] = []
    if _TEXTS in archive.namelist():
        for [text] in _parsed(archive, _TEXTS, _SharedTexts(), most_bytes):
            found.append(text)
            if len(found) > MOST_TEXTS:
                raise TooLarge(f"Expected at most {MOST_TEXTS:,} texts in the workbook.")
    return found


class _Words:
    """Hears a part of a workbook and gathers what stands in `t` and `v`, without how texts are
    read aloud (rPh). Characters beyond the longest text of a cell are let by.
    """

    def __init__(self) -> None:
        self.found: list[list[str]] = []
        self._text: list[str] = []
        self._value: list[str] | None = None
        self._into: list[str] | None = None
        self._aloud = self._length = self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise TooLarge(
                f"Expected at most {MOST_ELEMENTS:,} elements in a sheet; split the file."
            )
        name = _local(tag)
        if name == "rPh":
            self._aloud += 1
        elif name == "t" and not self._aloud:
            self._into = self._text
        elif name == "v" and self._value is None:
            self._into = self._value = []
        else:
            self.opened(name, attributes)

    def data(self, data: str) -> None:
        if self._into is not None and self._length < LONGEST_TEXT:
            self._into.append(data)
            self._length += len(data)

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name == "rPh":
            self._aloud -= 1
        elif name in {"t", "v"}:
            self._into = None
        else:
            self.closed(name)

    def close(self) -> None:
        """Nothing is left to tell."""

    def begin(self) -> None:
        """The next text or cell."""
        self._text, self._value, self._length = [], None, 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element other than those of texts and values begins."""

    def closed(self, name: str) -> None:
        """It ends."""


def _local(tag: str) -> str:
    space, _brace, name = tag.rpartition("}")
    return name if f"{space}}}" in {_MAIN, _STRICT} else ""


class _SharedTexts(_Words):
    """Finds each text of the workbook's list."""

    def opened(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - as declared
        if name == "si":
            self.begin()

    def closed(self, name: str) -> None:
        if name == "si":
            self.found.append(["".join(self._text)])


class _Sheet(_Words):
    """Finds each row. Rows and cells may be left out: each says where it is."""

    def __init__(self, texts: Sequence[str], most_rows: int) -> None:
        super().__init__()
        self._texts, self._most = texts, most_rows
        self._line, self._kind = list[str](), "n"
        self._expected = 1

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._begin_row(attributes)
        elif name == "c":
            self._begin_cell(attributes)

    def closed(self, name: str) -> None:
        if name == "row":
            self.found.append(self._line)
            self._line = []
        elif name == "c":
            self._line.append(self._cell())

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = _number(attributes.get("r"), self._expected)
        if number < self._expected or number > self._most:
            raise TooLarge(f"Expected at most {self._most - 1:,} rows in order; split the file.")
        self.found += [[] for _ in range(number - self._expected)]
        self._expected = number + 1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.begin()
        self._kind = attributes.get("t", "n")
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        place = _place(found[1]) if found else len(self._line)
        if place < len(self._line) or place >= MOST_COLUMNS:
            raise TooLarge(f"Expected at most {MOST_COLUMNS} columns in order.")
        self._line += [""] * (place - len(self._line))

    def _cell(self) -> str:
        if self._kind == "inlineStr":
            return "".join(self._text)
        value = "".join(self._value or ())
        if self._kind == "s":
            return self._shared(value)
        # a whole number is kept as "12.0" by some programs: codes have no such end
        return re.sub(r"\.0+$", "", value) if self._kind == "n" else value

    def _shared(self, value: str) -> str:
        known = value.isascii() and value.isdigit() and len(value) < 8
        index = int(value) if known else len(self._texts)
        if index >= len(self._texts):
            raise _not_xlsx()
        return self._texts[index]


def _number(text: str | None, other: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else other


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def write(lines: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet whose cells are all texts: none is ever computed."""
    out = io.BytesIO()
    write_into(out, lines)
    return out.getvalue()


def write_into(out: BinaryIO, lines: Iterable[Sequence[str]]) -> None:
    """The same into a file, line by line."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _parts():
            archive.writestr(_place_in(name), f"{_XML}{text}")
        with archive.open(_place_in("xl/worksheets/sheet1.xml"), "w") as sheet:
            main = _MAIN.strip("{}")
            sheet.write(f'{_XML}<worksheet xmlns="{main}"><sheetData>'.encode())
            for line in lines:
                sheet.write(f"<row>{''.join(map(_cell, line))}</row>".encode())
            sheet.write(b"</sheetData></worksheet>")


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def _place_in(name: str) -> zipfile.ZipInfo:
    place = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    place.compress_type = zipfile.ZIP_DEFLATED
    return place


def _parts() -> Iterator[tuple[str, str]]:
    """All but the sheet."""
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


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_RELATION}/{kind}" Target="{target}"/></Relationships>'
    )


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
