"""What of a process is told in words: headings, facts and tables, from the top of a sheet down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from signing.fonts import Typeface
from signing.pdf.content import Content, Piece
from signing.pdf.document import Document
from signing.pdf.structure import Element
from signing.render.lines import Line, Run, lines, tokens

PAGE = (841.89, 595.276)
EDGE, TEXT = 42.0, 13.0
_LEADING, _HEADING = 16.0, 16.0
#: the share of a table's width that each column has
_COLUMNS = (0.26, 0.28, 0.2, 0.26)
_PAD = 4.0
#: lines that stay with a heading, and rows on one sheet at most
_TOGETHER = 3
_MOST_LINES = int((PAGE[1] - 2 * EDGE - 3 * _LEADING - 4 * _PAD) / _LEADING)

_Row = Sequence[Sequence[Line]]


class Sheets:
    """Begins a sheet with the first thing that is told, and another wherever one is full."""

    def __init__(self, document: Document, face: Typeface) -> None:
        self.document, self._face = document, face
        self._page: Content | None = None
        self._down = 0.0

    def end(self) -> None:
        if self._page is not None:
            self._page.end_mark()

    # -- headings and facts

    def heading(self, text: str, tag: Literal["H2", "H3"]) -> None:
        """With room behind it for some of what it is over."""
        space = _LEADING if tag == "H2" else _LEADING / 2
        page = self._room(space + (_TOGETHER + 1) * _LEADING, space)
        size = _HEADING if tag == "H2" else TEXT
        self._lines(page, self.document.root.add(tag), [Run(text, self._face.bold, size)], EDGE)
        self._down -= _PAD

    def fact(self, what: str, text: str) -> None:
        """`text` in paragraphs, one for each of its lines; the first says before it what it is."""
        for number, part in enumerate(filter(str.strip, text.splitlines())):
            told = [Run(part, self._face.regular, TEXT)]
            if what and number == 0:
                told.insert(0, Run(f"{what}: ", self._face.bold, TEXT))
            page = self._room(_LEADING)
            self._lines(page, self.document.root.add("P"), told, EDGE + 2 * _PAD)

    def _lines(self, page: Content, element: Element, runs: Sequence[Run], left: float) -> None:
        cleaned = [Run(self._printable(one.text), one.face, one.size) for one in runs]
        for line in lines(tokens(cleaned), PAGE[0] - EDGE - left, spread=False):
            page = self._room(_LEADING)
            self._down -= _LEADING
            with page.tagged(element):
                page.text(left, self._down, _pieces(line))

    def _printable(self, text: str) -> str:
        return "".join(one for one in text if one in self._face.printable or one == " ")

    def _room(self, height: float, space: float = 0.0) -> Content:
        """The sheet with so much room left; `space` is left free where something stands above."""
        if self._page is None or self._down - height < EDGE:
            self._page, self._down = self.document.add_page(), PAGE[1] - EDGE
        elif self._down < PAGE[1] - EDGE:
            self._down -= space
        return self._page

    # -- tables

    def table(self, said: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """Its heads stand again on each further sheet."""
        heads = self._cells(said, bold=True)
        first = self._cells(rows[0]) if rows else heads
        needed = _height(heads) + min(_height(first), _TOGETHER * _LEADING)
        if title:
            self._room(needed + 3 * _LEADING)
            self.heading(title, "H2")
        else:
            self._room(needed, _LEADING)
        table = self.document.root.add("Table")
        self._row(self._room(0.0), table.add("TR"), heads, "TH")
        for row in rows:
            for cells in _fitting(self._cells(row)):
                page = self._page
                if self._room(_height(cells)) is not page:
                    self._again(heads)
                self._row(self._room(0.0), table.add("TR"), cells, "TD")

    def _again(self, heads: _Row) -> None:
        page = self._room(0.0)
        with page.furniture():
            self._row(page, Element("TR"), heads, "TH")

    def _row(self, page: Content, row: Element, cells: _Row, tag: Literal["TH", "TD"]) -> None:
        left, top = EDGE, self._down
        self._down -= _height(cells)
        for number, found in enumerate(cells):
            element = row.add("TH" if number == 0 else tag)
            for place, line in enumerate(found, 1):
                with page.tagged(element):
                    page.text(left + _PAD, top - place * _LEADING, _pieces(line))
            left += _width(number)
        with page.artifact():
            page.line((EDGE, self._down), (PAGE[0] - EDGE, self._down), 0.5)

    def _cells(self, texts: Sequence[str], *, bold: bool = False) -> list[list[Line]]:
        face = self._face.bold if bold else self._face.regular
        runs = [Run(clean(text, self._face) or "–", face, TEXT) for text in texts]
        return [
            lines(tokens([run]), _width(number) - 2 * _PAD, spread=False)
            for number, run in enumerate(runs)
        ]


def clean(text: str, face: Typeface) -> str:
    """What the typeface cannot print is left out: names of elements are anybody's."""
    return "".join(one for one in text if one in face.printable or one == " ").strip()


def _fitting(cells: _Row) -> list[_Row]:
    """A row higher than a sheet goes on in rows of its own."""
    most = max(map(len, cells))
    return [[found[at : at + _MOST_LINES] for found in cells] for at in range(0, most, _MOST_LINES)]


def _width(number: int) -> float:
    return (PAGE[0] - 2 * EDGE) * _COLUMNS[number]


def _height(cells: _Row) -> float:
    return max(len(found) for found in cells) * _LEADING + 2 * _PAD


def _pieces(line: Line) -> list[Piece]:
    return [Piece(token.text, token.run.face, token.run.size) for token in line.tokens]
