"""A file to rows and back: what is foreign is bounded, what goes out begins no formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from engine.errors import FieldError, Invalid, TooLarge
from office.people.transfer import xlsx
from office.people.transfer.columns import NEEDED, TABLES, keys, named

MOST_BYTES = 50_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 40
LONGEST_CELL = 1_000
#: so many mistakes are told at once; the rest comes when these are mended
MOST_ERRORS = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: what a spreadsheet takes for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Caps:
    """Of the file, of its rows, and of a part of a workbook once it is unpacked."""

    file_bytes: int
    rows: int
    part_bytes: int


LARGE = Caps(MOST_BYTES, MOST_ROWS, xlsx.MOST_STREAMED)
#: what a request reads and carries out while somebody waits for its answer
SMALL = Caps(1_000_000, 2_000, 16_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number in the file, as a spreadsheet counts, and its cells."""

    number: int
    cells: Mapping[str, str]


def located(row: int, column: str, message: str, code: str = "invalid") -> FieldError:
    """A mistake in one cell: `path` is "5.parent"."""
    return FieldError(f"{row}.{column}", message, code)


def read(table: str, name: str, content: bytes, caps: Caps = LARGE) -> list[Row]:
    """The rows of a CSV or XLSX file with the columns of `table`, in any order.

    Invalid: every mistake with its row and column. TooLarge: over a cap.
    """
    if len(content) > caps.file_bytes:
        raise TooLarge(f"Expected at most {caps.file_bytes:,} bytes, but got {len(content):,}.")
    if _is_xlsx(name, content):
        return rows_of(table, xlsx.read(content, caps.rows + 1, caps.part_bytes), caps.rows)
    return rows_of(table, _read_csv(content), caps.rows)


def _is_xlsx(name: str, content: bytes) -> bool:
    return name.lower().endswith(".xlsx") or content[:4] == b"PK\x03\x04"


def _read_csv(content: bytes) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    number = 1
    try:
        for line in csv.reader(text, strict=True):
            yield line
            number += 1
    except UnicodeDecodeError:
        raise _whole("not_utf8", "Expected UTF-8, but the file is encoded otherwise.") from None
    except csv.Error as wrong:
        where = [located(number, "", f"Expected CSV, but {wrong}.", "not_csv")]
        raise Invalid(where[0].message, where) from None


def _too_many(most: int) -> TooLarge:
    return TooLarge(f"Expected at most {most:,} rows, but there are more; split the file.")


def _whole(code: str, message: str) -> Invalid:
    return Invalid(message, [located(1, "", message, code)])


def rows_of(table: str, lines: Iterable[Sequence[str]], most: int = MOST_ROWS) -> list[Row]:
    """The first line names the columns, in keys, Thai or English; empty lines are skipped."""
    following = iter(lines)
    header = next(following, None)
    if header is None:
        raise _whole("empty", "Expected a first line with the names of columns, but it is empty.")
    columns = _columns(table, header)
    errors: list[FieldError] = []
    rows = []
    for number, line in enumerate(following, 2):
        if number > most + 1:
            raise _too_many(most)
        if any(cell.strip() for cell in line):
            rows.append(Row(number, _cells(number, columns, line, errors)))
        if len(errors) >= MOST_ERRORS:
            break
    _refuse_doubles(table, rows, errors)
    if errors:
        raise Invalid(errors[0].message, errors[:MOST_ERRORS])
    return rows


def _columns(table: str, header: Sequence[str]) -> list[str]:
    known = {name.casefold(): key for key, names in TABLES[table].items() for name in (key, *names)}
    found = [known.get(cell.strip().casefold(), "") for cell in header[:MOST_COLUMNS]]
    errors = [
        located(
            1, cell.strip()[:60], f"Expected one of {', '.join(TABLES[table])}.", "unknown_column"
        )
        for cell, key in zip(header, found, strict=False)
        if cell.strip() and not key
    ]
    errors += [
        located(1, key, f"Expected a column {key}, but it is missing.", "no_column")
        for key in keys(table)
        if key not in found
    ]
    if len(header) > MOST_COLUMNS or len([one for one in found if one]) != len({*found} - {""}):
        errors.append(located(1, "", "Expected each column once.", "twice"))
    if errors:
        raise Invalid(errors[0].message, errors)
    return found


def _cells(
    number: int, columns: Sequence[str], line: Sequence[str], errors: list[FieldError]
) -> dict[str, str]:
    cells = {}
    for key, raw in zip(columns, [*line, *([""] * len(columns))], strict=False):
        text = plain(raw.strip()).strip()
        if len(text) > LONGEST_CELL:
            errors.append(located(number, key, "Expected a shorter text.", "too_long"))
        elif _CONTROL.search(text):
            errors.append(located(number, key, "Expected no control characters.", "unprintable"))
        elif key:
            cells[key] = text
    if any(cell.strip() for cell in line[len(columns) :]):
        errors.append(located(number, "", "Expected no cells beyond the header.", "beyond"))
    return cells


def _refuse_doubles(table: str, rows: Iterable[Row], errors: list[FieldError]) -> None:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        name = named(table, row.cells)
        missing = [key for key in keys(table) if not row.cells.get(key)]
        errors += [located(row.number, key, f"Expected a {key}.", "required") for key in missing]
        if not missing and name in seen:
            key, said = keys(table)[-1], " and ".join(name)
            errors.append(located(row.number, key, f"Expected {said} once.", "twice"))
        seen.add(name)


def needed(table: str, row: Row) -> list[FieldError]:
    """What a new row lacks."""
    return [
        located(row.number, column, f"Expected a {column} for a new row.", "required")
        for column in NEEDED.get(table, ())
        if not row.cells.get(column)
    ]


def safe(text: str) -> str:
    """The text with a mark before what a spreadsheet would compute."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(text: str) -> str:
    """The other way round: what `safe` made of it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def lines_of(
    table: str, rows: Iterable[Mapping[str, str | None]], language: str
) -> list[list[str]]:
    """`streamed`, as a list."""
    return list(streamed(table, rows, language))


def streamed(
    table: str, rows: Iterable[Mapping[str, str | None]], language: str
) -> Iterator[list[str]]:
    """A header in the reader's language ("key": as machines name columns), and the rows below."""
    columns = TABLES[table]
    words = {"th": 0, "en": 1}
    header = [
        names[words[language]] if language in words else key for key, names in columns.items()
    ]
    yield header
    for row in rows:
        yield [safe(row.get(key) or "") for key in columns]


def write_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    out = io.BytesIO()
    write_csv_into(out, lines)
    return out.getvalue()


def write_csv_into(out: BinaryIO, lines: Iterable[Sequence[str]]) -> None:
    """The same into a file, line by line."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    csv.writer(text).writerows(lines)
    text.flush()
    text.detach()
