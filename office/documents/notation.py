"""The body of a letter as one text, and back: what a text area shows and an editor writes. Pure.

A line is a paragraph; empty lines are only air. `**bold**`, `__underlined__`. A backslash before
`*`, `_`, `|` or a backslash takes that letter as it is; at the end of a line it keeps the next line
in the same paragraph. Numbers of lists (๑. ๑.๑ (๑)) are words like others.

Lines that begin with `|` in a row are a table, after the paragraph above it:

    |# caption
    | column | column |
    |: left | right |
    | cell | cell |
    |= foot | foot |

Caption, sides (left, center, right) and foot may be missing. The content keeps a paragraph as a
plain string, or as {runs: [{text, bold, underline}]} where it has marks, and tables in
extra.tables: the shapes that are printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

#: a string, or {"runs": [...]}
Paragraph = str | Mapping[str, Any]
Table = Mapping[str, Any]

_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
#: an escaped letter, or letters that may be a mark: two of a kind are one
_SIGN = re.compile(r"\\([*_|\\\n])|(\*+|_+)")
_MARKS = {"**": "bold", "__": "underline"}
_CELL_END = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ALIGNS = ("left", "center", "right")


@dataclass(slots=True)
class Body:
    """Paragraphs, and tables with `after_paragraph` (counted from 0)."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


# -- from text ------------------------------------------------------------------------------------


def read(text: str) -> Body:
    """The body that a text says. Any text says one."""
    body = Body()
    for is_table, lines in groupby(_lines(text), key=lambda line: line[:1] == "|"):
        if is_table:
            body.tables += _tables(list(lines), max(len(body.paragraphs) - 1, 0))
        else:
            body.paragraphs += [p for line in lines for p in _paragraphs(line)]
    return body


def _lines(text: str) -> Iterator[str]:
    """Lines without the spaces around them; one that ends with a backslash takes in the next."""
    held = ""
    for line in _LINE_END.split(text):
        whole = held + line.strip()
        if len(whole) - len(whole.rstrip("\\")) & 1:
            held = f"{whole}\n"
            continue
        held = ""
        yield whole.strip()
    if held:
        yield held[:-2].strip()


def _paragraphs(line: str) -> Iterator[Paragraph]:
    """The paragraph of a line. Marks and kept lines do not go together: such lines part."""
    runs = _runs(line)
    if all(not bold and not underline for _, bold, underline in runs):
        if plain_text := "".join(text for text, _, _ in runs).strip():
            yield plain_text
        return
    for part in line.split("\\\n"):
        if part.strip():
            yield _marked(_runs(part.strip()))


Run = tuple[str, bool, bool]


def _runs(line: str) -> list[Run]:
    """Text with its marks; a mark that is never closed is letters."""
    pieces = _pieces(line)
    for mark in _MARKS:
        places = [n for n, (piece, is_mark) in enumerate(pieces) if is_mark and piece == mark]
        if len(places) % 2:
            pieces[places[-1]] = (mark, False)
    state = {"bold": False, "underline": False}
    found: list[Run] = []
    for piece, is_mark in pieces:
        if is_mark:
            state[_MARKS[piece]] = not state[_MARKS[piece]]
        else:
            found.append((piece, state["bold"], state["underline"]))
    return _joined(found)


def _pieces(line: str) -> list[tuple[str, bool]]:
    """The line cut at its marks: text, and whether it is one."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for sign in _SIGN.finditer(line):
        pieces.append((line[last : sign.start()], False))
        pieces.append((sign[1], False) if sign[1] else (sign[2], sign[2] in _MARKS))
        last = sign.end()
    return [*pieces, (line[last:], False)]


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Neighbours with the same marks as one; no spaces at either end."""
    full = [run for run in runs if run[0]]
    found = [
        ("".join(text for text, _, _ in same), *marks)
        for marks, same in groupby(full, key=lambda run: run[1:])
    ]
    if found:
        found[0] = (found[0][0].lstrip(), *found[0][1:])
        found[-1] = (found[-1][0].rstrip(), *found[-1][1:])
    return found if all(run[0] for run in found) else _joined(found)


def _marked(runs: Sequence[Run]) -> Paragraph:
    if all(not bold and not underline for _, bold, underline in runs):
        return "".join(text for text, _, _ in runs)
    return {
        "runs": [
            {"text": text, "bold": bold, "underline": underline} for text, bold, underline in runs
        ]
    }


def _tables(lines: Sequence[str], after: int) -> Iterator[Table]:
    """The table of lines in a row; another caption begins another table."""
    starts = [n for n, line in enumerate(lines) if line[:2] == "|#" and n]
    for start, end in zip([0, *starts], [*starts, len(lines)], strict=True):
        if table := _table(lines[start:end], after):
            yield table


def _table(lines: Sequence[str], after: int) -> Table | None:
    rows = [_cells(line[1:]) for line in lines if line[1:2] not in {"#", ":", "="}]
    if not rows:
        return None
    said = {line[1]: line[2:] for line in lines if line[1:2] in {"#", ":", "="}}
    width = max(map(len, rows))
    aligns = [cell if cell in _ALIGNS else "left" for cell in _cells(said.get(":", ""))]
    whole = [row + [""] * (width - len(row)) for row in rows]
    table: dict[str, Any] = {"after_paragraph": after, "columns": whole[0], "rows": whole[1:]}
    if caption := _unescaped(said.get("#", "")).strip():
        table["caption"] = caption
    if any(align != "left" for align in aligns):
        table["align"] = (aligns + ["left"] * width)[:width]
    if any(foot := _cells(said.get("=", ""))[:width]):
        table["footer"] = foot + [""] * (width - len(foot))
    return table


def _cells(text: str) -> list[str]:
    parts = _CELL_END.sub("\\1\0", text.replace("\\\n", " ")).split("\0")
    cells = [_unescaped(part).strip() for part in parts]
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _unescaped(text: str) -> str:
    return re.sub(r"\\([*_|\\])", r"\1", text)


# -- to text --------------------------------------------------------------------------------------


def write(paragraphs: Sequence[Paragraph], tables: Sequence[Table] = ()) -> str:
    """The text of a body: reading it gives the same body."""
    lines: list[str] = []
    for block in blocks(paragraphs, tables):
        lines += ["", block, ""] if block.startswith("|") else [block]
    return "\n".join(lines).strip("\n")


def blocks(paragraphs: Sequence[Paragraph], tables: Sequence[Table] = ()) -> list[str]:
    """The text of each paragraph and each table, in order; a table's begins with `|`."""
    found: list[str] = []
    for n, paragraph in enumerate(paragraphs):
        found.append(line_of(paragraph))
        found += ["\n".join(table_lines(t)) for t in tables if _place(t, len(paragraphs)) == n]
    return found


def _place(table: Table, count: int) -> int:
    return min(int(table["after_paragraph"]), count - 1)


def line_of(paragraph: Paragraph) -> str:
    """One paragraph as its line."""
    if isinstance(paragraph, str):
        text = re.sub(r"\\", r"\\\\", paragraph)
        text = re.sub(r"(?<!\*)\*\*(?!\*)|(?<!_)__(?!_)", lambda two: _escaped(two[0]), text)
        text = text.replace("\n", "\\\n")
    else:
        text = "".join(_signs(paragraph))
    return f"\\{text}" if text[:1] == "|" else text


def _escaped(letters: str) -> str:
    return re.sub(r"([*_|\\])", r"\\\1", letters)


def _signs(paragraph: Mapping[str, Any]) -> Iterator[str]:
    """The runs with a sign wherever a mark begins or ends."""
    open_marks: tuple[str, ...] = ()
    for run in [*paragraph["runs"], {"text": ""}]:
        marks = tuple(sign for sign, name in _MARKS.items() if run.get(name))
        yield from (sign for sign in _MARKS if (sign in open_marks) != (sign in marks))
        yield _escaped(str(run["text"]))
        open_marks = marks


def table_lines(table: Table) -> list[str]:
    """The lines of one table."""
    lines = [f"|# {_escaped(table['caption'])}"] if table.get("caption") else []
    lines.append(_row("| ", table["columns"]))
    if table.get("align"):
        lines.append(_row("|: ", table["align"]))
    lines += [_row("| ", row) for row in table["rows"]]
    return [*lines, _row("|= ", table["footer"])] if table.get("footer") else lines


def _row(begin: str, cells: Sequence[str]) -> str:
    return begin + " | ".join(map(_escaped, cells)) + " |"


# -- words ----------------------------------------------------------------------------------------


def tidy(paragraph: Paragraph) -> Paragraph:
    """The same words and marks in one shape only; a plain string where there are no marks."""
    if isinstance(paragraph, str):
        return paragraph
    runs = [
        (run["text"], bool(run.get("bold")), bool(run.get("underline")))
        for run in paragraph["runs"]
    ]
    return _marked(_joined(runs))


def plain(paragraph: Paragraph) -> str:
    """The words alone, without marks."""
    if isinstance(paragraph, str):
        return paragraph
    return "".join(str(run["text"]) for run in paragraph["runs"])


def spliced(paragraph: Paragraph, start: int, end: int, text: str) -> Paragraph:
    """The paragraph with `text` in the place of these letters of its words, marked as they were."""
    if isinstance(paragraph, str):
        return paragraph[:start] + text + paragraph[end:]
    letters = [
        (letter, bool(run.get("bold")), bool(run.get("underline")))
        for run in paragraph["runs"]
        for letter in run["text"]
    ]
    marks = letters[min(start, len(letters) - 1)][1:]
    return _marked(_joined([*letters[:start], (text, *marks), *letters[end:]]))


def is_table(value: Any) -> bool:
    """Whether it is a table that a text can say: not every JSON in extra.tables need be."""
    if not isinstance(value, Mapping) or value.keys() - _TABLE_KEYS:
        return False
    after, rows = value.get("after_paragraph"), value.get("rows")
    if type(after) is not int or after < 0 or not isinstance(rows, list):
        return False
    columns, lists = value.get("columns"), [value.get("footer"), value.get("align")]
    return (
        bool(columns)
        and all(_is_row(row, columns) for row in [columns, *rows])
        and all(not row or _is_row(row, columns) for row in lists)
        and isinstance(value.get("caption") or "", str)
    )


_TABLE_KEYS = frozenset({"after_paragraph", "caption", "columns", "align", "rows", "footer"})


def _is_row(row: Any, columns: Any) -> bool:
    """Cells of one line each, no more of them than there are columns."""
    return (
        isinstance(row, list)
        and len(row) <= len(columns)
        and all(isinstance(cell, str) and not _LINE_END.search(cell) for cell in row)
    )
