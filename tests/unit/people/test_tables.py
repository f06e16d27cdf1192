"""Tables of people and structure: read within caps, every mistake located, no formula let out."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from dataclasses import replace

import pytest

from engine.errors import Invalid, TooLarge
from office.people.transfer import tables, xlsx

HEADER = "code,name,kind\r\n"


def mistakes(content: bytes, name: str = "x.csv", table: str = "units") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as found:
        tables.read(table, name, content)
    return [(error.path, error.code) for error in found.value.errors]


def book(sheet: str, **parts: str) -> bytes:
    """A workbook of ours whose sheet is this XML; `parts` take the place of others."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx.write([["x"]]))) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in made.namelist():
            text = sheet if name.endswith("sheet1.xml") else made.read(name).decode()
            archive.writestr(name, parts.pop(name, text))
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def test_headers_are_keys_thai_or_english_in_any_order() -> None:
    for header in ("ชื่อ,รหัสหน่วย,ชนิด", "Name,Unit code,Kind", "name,code,kind", " NAME ,Code,kind"):
        content = f"\ufeff{header}\r\nกลุ่ม,a,group\r\n".encode()
        (row,) = tables.read("units", "x.csv", content)
        assert row == tables.Row(2, {"name": "กลุ่ม", "code": "a", "kind": "group"})


def test_empty_lines_are_skipped_and_numbers_are_the_files() -> None:
    rows = tables.read("units", "x.csv", f"{HEADER}\r\n,,\r\na,ก,group\r\nb,ข\r\n".encode())
    assert [(row.number, row.cells["code"], row.cells["kind"]) for row in rows] == [
        (4, "a", "group"), (5, "b", ""),
    ]  # fmt: skip


def test_what_goes_out_begins_no_formula_and_comes_in_again() -> None:
    nasty = ["=1+1", "+66 2", "-x", "@SUM(A1)", "\tx", "'=1", "ธรรมดา", "", 'a "b", c\nd', "<&>"]
    rows = [{"code": f"c{n}", "name": text or "x", "kind": "group"} for n, text in enumerate(nasty)]
    lines = tables.lines_of("units", rows, "th")
    assert not any(
        cell.startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines for cell in line
    )
    for name, content in (("x.csv", tables.write_csv(lines)), ("x.xlsx", xlsx.write(lines))):
        found = [row.cells["name"] for row in tables.read("units", name, content)]
        wanted = [(text or "x").strip() for text in nasty]
        # what a mark already stood before loses one of two
        assert [one.lstrip("'") for one in found] == [one.lstrip("'") for one in wanted], name


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", [("1.", "empty")]),
        ("รหัส".encode("cp874"), [("1.", "not_utf8")]),
        (b"name,kind\r\n", [("1.code", "no_column")]),
        (b"code,name,colour\r\n", [("1.colour", "unknown_column")]),
        (b"code,code\r\n", [("1.", "twice")]),
        (b'code,name\r\n"a"b,c\r\n', [("2.", "not_csv")]),
        (b"code,name\r\na,\x00\r\n", [("2.name", "unprintable")]),
        (b"code,name\r\n,x\r\na,y\r\na,z\r\n", [("2.code", "required"), ("4.code", "twice")]),
        (b"code,name\r\na,b,c\r\n", [("2.", "beyond")]),
        (f"code,name\r\na,{'x' * 1001}\r\n".encode(), [("2.name", "too_long")]),
    ],
)
def test_mistakes_have_a_row_and_a_column(content: bytes, found: list[tuple[str, str]]) -> None:
    assert mistakes(content) == found


def test_caps_hold_at_their_edges() -> None:
    for caps in (tables.SMALL, tables.Caps(10_000, 3_000, 0)):
        most = HEADER + "".join(f"c{n},x,group\r\n" for n in range(caps.rows))
        assert (
            len(tables.read("units", "x.csv", most.encode(), replace(caps, file_bytes=10**7)))
            == caps.rows
        )
        with pytest.raises(TooLarge):
            tables.read("units", "x.csv", f"{most}one-more,x,group\r\n".encode(), caps)
        with pytest.raises(TooLarge):
            tables.read("units", "x.csv", b"x" * (caps.file_bytes + 1), caps)


def test_cells_of_every_kind_are_read() -> None:
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>code</t></si><si><r><t>na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si></sst>"
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="4"><c r="A4"><v>12.0</v></c><c r="C4" t="str"><f>1+1</f><v>สอง</v></c></row>'
    )
    content = book(sheet(rows), **{"xl/sharedStrings.xml": texts})
    (row,) = tables.read("units", "x.xlsx", content)
    assert row == tables.Row(4, {"code": "12", "name": "สอง"})


BOMB = " " * 20_000_000
HOSTILE = {
    "no archive": b"PK\x03\x04 but nothing more",
    "another archive": (lambda: book(sheet(""), **{"xl/workbook.xml": "<a/>"}))(),
    "doctype": book('<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'),
    "not well formed": book("<worksheet><row>"),
    "unknown text": book(sheet('<row r="1"><c t="s"><v>7</v></c></row>')),
    "digits": book(sheet(f'<row r="1"><c t="s"><v>{"9" * 5000}</v></c></row>')),
    "deep": book("<a>" * 5000 + "</a>" * 5000),
}
LARGE = {
    "bomb": book(sheet("") + BOMB),
    "far row": book(sheet('<row r="9999999"><c><v>1</v></c></row>')),
    "rows backwards": book(sheet('<row r="3"/><row r="2"/>')),
    "far column": book(sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')),
    "parts": book(sheet(""), **{f"x{n}": "" for n in range(xlsx.MOST_PARTS)}),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_workbook_is_refused_where_it_is(content: bytes) -> None:
    assert mistakes(content, "x.xlsx") in (
        [("1.", "not_xlsx")], [("1.", "empty")], [("1.code", "no_column")],
    )  # fmt: skip


@pytest.mark.parametrize("content", LARGE.values(), ids=LARGE.keys())
def test_a_workbook_is_unpacked_within_caps(content: bytes) -> None:
    assert len(content) < tables.SMALL.file_bytes
    with pytest.raises(TooLarge):
        tables.read("units", "x.xlsx", content, tables.SMALL)


UNPACKED = 600_000
ROW = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">'.encode()
BOMBS = {
    "cells of one row": ("sheet1", ROW, b"<c><v>1</v></c>"),
    "elements that say nothing": ("sheet1", ROW, b"<junk/>"),
    "one text": ("sheet1", ROW + b"<c><v>", b"x" * 1_000),
}


@pytest.mark.parametrize(("name", "before", "again"), BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_in_little_memory(name: str, before: bytes, again: bytes) -> None:
    """Nothing is kept of what is unpacked but lines and texts, whatever it unpacks to."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx.write([["x"]]))) as made,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        parts = {one: made.read(one) for one in made.namelist()}
        [place] = [one for one in parts if name in one]
        for one, content in {**parts, place: before + again * (UNPACKED // len(again) + 1)}.items():
            archive.writestr(one, content)
    tracemalloc.start()
    try:
        with pytest.raises((TooLarge, Invalid)):
            list(xlsx.read(out.getvalue(), most_bytes=UNPACKED))
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


def test_elements_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ELEMENTS", 100)
    with pytest.raises(TooLarge):
        list(xlsx.read(book(sheet("<row/>" * 101))))


def test_rows_come_as_they_are_read() -> None:
    """A workbook in which the last row is broken: those before it were there already."""
    lines = [["code", "name"], *([f"c{n}", "ชื่อ"] for n in range(5_000))]
    found = xlsx.read(xlsx.write(lines))
    assert next(found) == ["code", "name"]
    assert list(found) == lines[1:]
    broken = book(sheet(f"{'<row><c><v>1</v></c></row>' * 9_000}<row>"))
    reading = xlsx.read(broken)
    assert next(reading) == ["1"]
    with pytest.raises(Invalid):
        list(reading)
