"""A line of text on the canvas, its letters and words set apart to fill it."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.pdfgen.textobject import PDFTextObject

from signing.fonts.face import Face
from signing.pdf.font import FaceFont, font_of


class Line(PDFTextObject):  # type: ignore[misc] # reportlab has no types
    """reportlab's text object, and the one operator that it lacks: TJ, texts with room between.

    Its word space is for one-byte codes only, and PDFium loses a space that is drawn by itself.
    Its shaped texts can set glyphs apart, but go from byte to byte: a page then takes twice the
    time and a sixth more room.
    """

    def write(self, face: Face, size: float, texts: Sequence[tuple[str, float]]) -> None:
        """Texts one after the other, each with room behind it (in points)."""
        font = font_of(face)
        self.setFont(font.fontName, round(size, 3))
        if len(texts) == 1 and not texts[0][1]:
            self.textOut(texts[0][0])
        else:
            self._spread(font, size, texts)

    def _spread(self, font: FaceFont, size: float, texts: Sequence[tuple[str, float]]) -> None:
        doc = self._canvas._doc  # noqa: SLF001 - as in the class that this one extends
        write, room = font.writer(doc), {0.0: ""}  # letters of one line lie as far apart
        shown: list[str] = []
        for text, after in texts:
            if after not in room:
                room[after] = _number(-1000 * after / size)
            shown.append(f"<{write(text).hex()}>{room[after]}")
        name = font.getSubsetInternalName(0, doc)
        self._code.append(f"{name} {_number(size)} Tf [{''.join(shown)}] TJ")


def _number(value: float) -> str:
    """`value` as PDF wants it: plain, at most three places."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
