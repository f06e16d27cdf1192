"""What the blocks of a template work with: the content, the typeface, the measures of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signing.fonts import Typeface
from signing.pdf.structure import Element, Tag
from signing.render.emblem import Emblem
from signing.render.fields import Fields
from signing.render.lines import Run, Seen
from signing.render.paragraph import Number, Shape, paragraph
from signing.render.strips import Strip

CM = 72 / 2.54
SIZE = 16.0
LEADING = 21.0
#: Before each part of a letter's head and each paragraph of its body.
BEFORE = 6.0
#: The text area: A4 less 3 cm on the left and 2 cm on the right.
LEFT = 3 * CM
WIDTH = 16 * CM


#: Of drafts alone: a final document is printed once. About 20 MB in a process where it is full.
_DRAFTED = Seen(500_000)


@dataclass(frozen=True, slots=True)
class Window:
    """Of a draft's pages those that are drawn: at most `most`, from page `first` (from 0)."""

    first: int
    most: int

    def of(self, pages: int) -> range:
        """Which of so many pages they are; beyond the end it is moved back onto the last ones."""
        first = max(min(self.first, pages - self.most), 0)
        return range(first, min(first + self.most, pages))


@dataclass(frozen=True, slots=True)
class Options:
    """How the caller wants it printed."""

    draft: bool
    preparers: bool
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document being laid out."""

    fields: Fields
    typeface: Typeface
    emblem: Emblem
    root: Element
    options: Options

    def run(self, text: str, size: float = SIZE, *, bold: bool = False) -> Run:
        return Run(text, self.typeface.bold if bold else self.typeface.regular, size)

    def width(self, text: str, size: float = SIZE, *, bold: bool = False) -> float:
        return (self.typeface.bold if bold else self.typeface.regular).width(text, size)

    def text(
        self,
        text: str | Sequence[Run],
        shape: Shape,
        tag: Tag = "P",
        element: Element | None = None,
        number: Number | None = None,
    ) -> list[Strip]:
        """A paragraph; a new part of the document unless `element` is given."""
        runs = [self.run(text)] if isinstance(text, str) else text
        seen = _DRAFTED if self.options.draft else None
        return paragraph(runs, shape, element or self.root.add(tag), WIDTH, number, seen)
