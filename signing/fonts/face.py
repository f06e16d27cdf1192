"""One font file: what its characters measure, how text in it is drawn, and its part for a PDF."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import lru_cache

from fontTools.ttLib import TTFont, TTLibError

from signing.errors import UnusableFont
from signing.fonts import glyphs
from signing.fonts.subset import Outlines

#: What official Thai needs besides its marks; a font without them is refused.
_NEEDED = frozenset(
    "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮฯะาำิีึืุูเแโใไๅๆ็่้๊๋์๐๑๒๓๔๕๖๗๘๙"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ()/-.,:@"
)
_MANY_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text as it is drawn: its drawings, its width in thousandths of the size, and
    how many letters it has (marks not counted).
    """

    drawn: str
    width: int
    letters: int


@dataclass(frozen=True, slots=True)
class Metrics:
    """In thousandths of the size, as PDF's font descriptors want them."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    stem: int


class Face:
    """A TrueType file that holds the pre-positioned drawings of `glyphs`.

    Faces are shared between documents and threads: nothing in them changes after loading.
    """

    def __init__(self, data: bytes) -> None:
        font = _open(data)
        self._unit = 1000 / font["head"].unitsPerEm
        cmap: dict[int, str] = font.getBestCmap() or {}
        self.glyph_ids = {chr(code): font.getGlyphID(name) for code, name in cmap.items()}
        self.characters = frozenset(self.glyph_ids)
        _require(self.characters)
        self._advances = {
            chr(code): round(font["hmtx"][name][0] * self._unit) for code, name in cmap.items()
        }
        self.name = _postscript_name(font)
        self.metrics = _metrics(font, self._unit)
        self.outlines = Outlines.of(font)
        self.word = lru_cache(_MANY_WORDS)(self._word)

    def _word(self, text: str) -> Word:
        """`text` ready to draw; every character must be one of `characters`."""
        drawn = glyphs.placed(text, self.characters)
        advances = [self._advances[character] for character in drawn]
        return Word(drawn, sum(advances), sum(map(bool, advances)))

    def advance(self, character: str) -> int:
        return int(self._advances[character])

    def width(self, text: str, size: float) -> float:
        return self.word(text).width * size / 1000


def _open(data: bytes) -> TTFont:
    try:
        font = TTFont(io.BytesIO(data), lazy=True)
    except (TTLibError, struct.error, OSError, ValueError) as error:
        raise UnusableFont(f"Expected a TrueType font, but the file is not one: {error}") from error
    if "glyf" not in font:
        raise UnusableFont("Expected TrueType outlines (.ttf), but this font has others.")
    return font


def _require(characters: frozenset[str]) -> None:
    missing = sorted((_NEEDED | glyphs.ESSENTIAL) - characters)
    if missing:
        shown = " ".join(
            f"U+{ord(c):04X}" if c in glyphs.READS_AS else f"{c} (U+{ord(c):04X})"
            for c in missing[:12]
        )
        raise UnusableFont(
            f"Expected a font for Thai official documents, but it lacks {len(missing)} "
            f"characters: {shown}. Use TH Sarabun New, TH SarabunPSK or TH SarabunIT๙."
        )


def _postscript_name(font: TTFont) -> str:
    name = font["name"].getDebugName(6) or "Thai"
    return "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_")) or "Thai"


def _metrics(font: TTFont, unit: float) -> Metrics:
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    edges = (head.xMin, head.yMin, head.xMax, head.yMax)
    left, bottom, right, top = (round(edge * unit) for edge in edges)
    cap_height = getattr(os2, "sCapHeight", 0) or hhea.ascent * 0.7
    return Metrics(
        ascent=round(hhea.ascent * unit),
        descent=round(hhea.descent * unit),
        cap_height=round(cap_height * unit),
        box=(left, bottom, right, top),
        stem=120 if os2.usWeightClass >= 600 else 80,
    )
