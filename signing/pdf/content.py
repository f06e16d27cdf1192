"""One page's drawing, written as it happens: text, lines, figures, each marked with its tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from signing.fonts.face import Face
from signing.pdf.structure import Element, Mark
from signing.pdf.text import UsedFace

Colour = tuple[float, float, float]
BLACK: Colour = (0.0, 0.0, 0.0)
_UNDERLINE_DROP = 0.12
_UNDERLINE_WIDTH = 0.05


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one face and size; `after` widens the place behind it (in points)."""

    text: str
    face: Face
    size: float
    after: float = 0.0
    underlined: bool = False

    @property
    def width(self) -> float:
        return self.face.width(self.text, self.size) + self.after


def number(value: float) -> str:
    """`value` as PDF wants it: plain, at most three places."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


class Content:
    """The drawing of page `index`. Coordinates are PDF's own: points from the bottom left."""

    def __init__(self, index: int, fonts: Fonts) -> None:
        self.index = index
        self._fonts = fonts
        self._out: list[str] = []
        self._marks = 0
        self._last: Element | None = None
        self._repeating = False
        self.marked: list[Element] = []
        """The element of each mark, by the mark's number."""

    def data(self) -> bytes:
        return "\n".join(self._out).encode("ascii")

    @contextmanager
    def tagged(self, element: Element) -> Iterator[None]:
        """What is drawn inside is this element's content."""
        if self._repeating:
            yield
            return
        if self._last is element:
            self._out.pop()  # go on with the stretch that has just ended
        else:
            self._out.append(f"/{element.tag} <</MCID {self._marks}>> BDC")
            element.kids.append(Mark(self.index, self._marks))
            self.marked.append(element)
            self._marks += 1
        yield
        self._out.append("EMC")
        self._last = element

    @contextmanager
    def furniture(self) -> Iterator[None]:
        """What is drawn inside is a repetition: its tags are left out."""
        with self.artifact():
            self._repeating = True
            yield
            self._repeating = False

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is furniture: readers pass over it."""
        if self._repeating:
            yield
            return
        self._out.append("/Artifact BMC")
        yield
        self._out.append("EMC")
        self._last = None

    def text(self, x: float, y: float, pieces: Sequence[Piece], colour: Colour = BLACK) -> None:
        """One line of text, its baseline at `y`."""
        coloured = colour != BLACK
        out = self._out
        if coloured:
            out.append(f"q {' '.join(map(number, colour))} rg")
        out.append(f"BT 1 0 0 1 {number(x)} {number(y)} Tm")
        for face, size, shown in self._runs(pieces):
            out.append(f"/{face.name} {number(size)} Tf [{shown}] TJ")
        out.append("ET")
        self._underline(x, y, pieces)
        if coloured:
            out.append("Q")

    def _runs(self, pieces: Sequence[Piece]) -> Iterator[tuple[UsedFace, float, str]]:
        """Pieces that share a face and size, together."""
        shown: list[str] = []
        for n, piece in enumerate(pieces):
            used = self._fonts.used(piece.face)
            shown.append(f"<{used.write(piece.text)}>")
            if piece.after:
                shown.append(number(-1000 * piece.after / piece.size))
            following = pieces[n + 1] if n + 1 < len(pieces) else None
            if following is None or not _same(piece, following):
                yield used, piece.size, "".join(shown)
                shown = []

    def _underline(self, x: float, y: float, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if piece.underlined:
                down = y - piece.size * _UNDERLINE_DROP
                self.line((x, down), (x + piece.width, down), piece.size * _UNDERLINE_WIDTH)
            x += piece.width

    def line(
        self, start: tuple[float, float], end: tuple[float, float], width: float, dash: str = ""
    ) -> None:
        """A straight stroke; `dash` is PDF's dash pattern, as in "[0.6 2.2] 0"."""
        (x0, y0), (x1, y1) = start, end
        pattern = f"{dash} d " if dash else ""
        self._out.append(
            f"q {number(width)} w {pattern}{number(x0)} {number(y0)} m "
            f"{number(x1)} {number(y1)} l S Q"
        )

    def draw(self, operators: str) -> None:
        """Plain operators, kept apart from what follows."""
        self._out.append(f"q {operators} Q")


def _same(one: Piece, other: Piece) -> bool:
    return one.face is other.face and one.size == other.size


class Fonts:
    """The faces of a document, each embedded once."""

    def __init__(self) -> None:
        self._used: dict[int, UsedFace] = {}

    def used(self, face: Face) -> UsedFace:
        used = self._used.get(id(face))
        if used is None:
            used = self._used[id(face)] = UsedFace(face, f"F{len(self._used)}")
        return used

    def __iter__(self) -> Iterator[UsedFace]:
        return iter(self._used.values())
