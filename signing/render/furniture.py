"""What stands on pages besides the text: numbers, catch-words, the marks of a secret document.

ระเบียบว่าด้วยการรักษาความลับของทางราชการ พ.ศ. 2544: the class on top and at the foot of each page, and
which page of how many, which set of how many.
"""

from __future__ import annotations

from collections.abc import Sequence

from signing.fonts import Typeface
from signing.pdf.content import Piece
from signing.pdf.structure import Element
from signing.render.blocks.head import RED, URGENCY_SIZE
from signing.render.pagination import Placed
from signing.render.sheet import CM, SIZE
from signing.render.strips import Stage
from signing.thai import between_words, thai_digits

_NUMBER_DOWN = 1.7 * CM
_CATCHWORDS_UP = 1.3 * CM
_SECRECY_DOWN = 1.2 * CM
_SECRECY_UP = 0.8 * CM
_COUNT_DOWN = 1.0 * CM
_COUNT_SIZE = 12.0
_FOOT_UP = 0.9 * CM
_FOOT_WIDEST = 6.2 * CM
_FOOT_SIZE, _FOOT_SMALLEST = 10.0, 6.0
#: A signed file is one set, whoever reads it.
_SETS = "ชุดที่ ๑ ของ ๑ ชุด"
_CATCHWORDS = 14


class Furniture:
    """Drawn before each page's text.

    `secrecy` is the class ("" for what is open), `sets` which set the paper is of how many, `foot`
    what each page says at its foot of what it belongs to, before its own count.
    """

    def __init__(
        self,
        root: Element,
        typeface: Typeface,
        secrecy: str = "",
        *,
        sets: str = _SETS,
        foot: str = "",
    ) -> None:
        self._typeface = typeface
        self._secrecy, self._sets, self._foot = secrecy, sets, foot
        self._element = root.add("P") if secrecy else None

    def draw(
        self,
        stage: Stage,
        size: tuple[float, float],
        following: Sequence[Placed] | None,
        *,
        pages: int,
    ) -> None:
        """The furniture of this page of `pages`; `following` is what stands on the next."""
        height = size[1]
        if self._secrecy:
            self._draw_secrecy(stage, height)
            with stage.content.artifact():
                self._draw_count(stage, height, pages)
        with stage.content.artifact():
            if stage.number:
                self._centred(stage, f"- {thai_digits(stage.number + 1)} -", height)
            if self._foot:
                self._draw_foot(stage, pages)
            if following:
                self._draw_catchwords(stage, following)

    def _centred(self, stage: Stage, text: str, height: float) -> None:
        piece = Piece(text, self._typeface.regular, SIZE)
        x = stage.left + (stage.width - piece.width) / 2
        stage.content.text(x, height - _NUMBER_DOWN, [piece])

    def _draw_catchwords(self, stage: Stage, following: Sequence[Placed]) -> None:
        text = next(
            (item.strip.text for item in following if item.strip.text and not item.again), ""
        )
        piece = Piece(f"/{catchwords(text)}...", self._typeface.regular, SIZE)
        x = stage.left + stage.width - piece.width
        stage.content.text(x, _CATCHWORDS_UP, [piece])

    def _draw_foot(self, stage: Stage, pages: int) -> None:
        """At the left, where neither a class of secrecy nor catch-words come."""
        page, of = thai_digits(stage.number + 1), thai_digits(pages)
        text = f"{self._foot} หน้า {page} ของ {of} หน้า"
        piece = Piece(text, self._typeface.regular, _FOOT_SIZE)
        if piece.width > _FOOT_WIDEST:
            smaller = max(_FOOT_SIZE * _FOOT_WIDEST / piece.width, _FOOT_SMALLEST)
            piece = Piece(text, self._typeface.regular, smaller)
        stage.content.text(stage.left, _FOOT_UP, [piece])

    def _draw_count(self, stage: Stage, height: float, pages: int) -> None:
        """At the right, level with the mark, so that a page or set that is missing is missed."""
        page, of = thai_digits(stage.number + 1), thai_digits(pages)
        text = f"{self._sets}  หน้า {page} ของ {of} หน้า"
        piece = Piece(text, self._typeface.regular, _COUNT_SIZE)
        x = stage.left + stage.width - piece.width
        stage.content.text(x, height - _COUNT_DOWN, [piece])

    def _draw_secrecy(self, stage: Stage, height: float) -> None:
        """In red on top and at the foot of every page; read out once."""
        piece = Piece(self._secrecy, self._typeface.bold, URGENCY_SIZE)
        x = stage.left + (stage.width - piece.width) / 2
        if stage.content.index == 0 and self._element is not None:
            with stage.content.tagged(self._element):
                stage.content.text(x, height - _SECRECY_DOWN, [piece], RED)
        else:
            with stage.content.artifact():
                stage.content.text(x, height - _SECRECY_DOWN, [piece], RED)
        with stage.content.artifact():
            stage.content.text(x, _SECRECY_UP, [piece], RED)


def catchwords(text: str) -> str:
    """The first words of the next page."""
    ends = sorted(between_words(text)) or [len(text)]
    end = next((at for at in ends if at >= _CATCHWORDS), len(text))
    return text[:end].strip()
