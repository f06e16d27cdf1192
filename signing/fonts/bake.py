"""Derives a font with pre-positioned Thai marks from one that positions them while shaping.

HarfBuzz is asked once, at set-up, where each mark goes; its answers become composite glyphs at
the code points of `glyphs`. The result is also scaled, so that 16 points of it measure as 16
points of TH Sarabun: line breaks and page counts then equal the agencies' own.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

import uharfbuzz as hb
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from signing.fonts import glyphs

#: Raise it when the derived files change: kept ones are then made anew.
VERSION = 1
_UNITS_PER_EM = 1000
#: Their work is done by the composites; hints do not survive scaling.
_DROPPED = ("GPOS", "GSUB", "GDEF", "fpgm", "prep", "cvt ", "gasp", "DSIG", "hdmx", "VDMX", "LTSH")


@dataclass(frozen=True, slots=True)
class _Part:
    """A glyph and where it is drawn, from the pen's place after the base consonant."""

    glyph: str
    x: int
    y: int
    advance: int


def bake(source: bytes, scale: float) -> bytes:
    """The derived font file: the same input gives the same bytes."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    recipe = _Recipe(font, hb.Font(hb.Face(source)))
    recipe.tones()
    recipe.vowels()
    recipe.sara_am()
    recipe.install()
    _strip(font)
    _rescale(font, scale)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


class _Recipe:
    """Collects composite glyphs while asking the shaper about small clusters."""

    def __init__(self, font: TTFont, shaper: hb.Font) -> None:
        self._font = font
        self._shaper = shaper
        self._cmap: dict[int, str] = font.getBestCmap()
        self._made: dict[str, tuple[list[_Part], int]] = {}

    def tones(self) -> None:
        plain, tall = glyphs.PLAIN, glyphs.TALL_TAIL
        for tone in glyphs.TONES:
            self._mark(tone, plain, "\u0e35", tone)
            self._mark(glyphs.LOW_TONE[tone], plain, "", tone)
            self._mark(glyphs.LOW_TONE_LEFT[tone], tall, "", tone)
            self._mark(glyphs.HIGH_TONE_LEFT[tone], tall, "\u0e35", tone)
        for (vowel, tone), code in glyphs.TONE_OVER.items():
            self._mark(code, plain, vowel, tone)
            self._mark(glyphs.TONE_OVER_LEFT[vowel, tone], tall, vowel, tone)

    def vowels(self) -> None:
        for vowel, code in glyphs.VOWEL_LEFT.items():
            self._mark(vowel, glyphs.PLAIN, "", vowel)
            self._mark(code, glyphs.TALL_TAIL, "", vowel)
        for vowel, code in glyphs.VOWEL_UNDER_FOOT.items():
            self._mark(code, glyphs.LONG_FOOT, "", vowel)
        for consonant, code in glyphs.FOOTLESS.items():
            base = self._shape(consonant + "\u0e38")[0]
            self._made[code] = ([_Part(base.glyph, 0, 0, 0)], base.advance)

    def sara_am(self) -> None:
        aa = self._cmap[ord(glyphs.SARA_AA)]
        advance = self._font["hmtx"][aa][0]
        for tone in glyphs.AM_TONE:
            for table, base in ((glyphs.AM_TONE, "น"), (glyphs.AM_TONE_LEFT, "ป")):
                shaped = self._shape(base + tone + glyphs.SARA_AM)[1:]
                self._made[table[tone]] = ([part for part in shaped if part.glyph != aa], 0)
        self._made[glyphs.AM_AA] = ([_Part(aa, 0, 0, 0)], advance)
        self._made[glyphs.AM_LEFT] = (self._shape("ป" + glyphs.SARA_AM)[1:], advance)

    def install(self) -> None:
        order = list(self._font.getGlyphOrder())
        names = {code: f"thai{ord(code):04X}" for code in self._made}
        for code, (parts, advance) in self._made.items():
            order.append(names[code])
            self._font.setGlyphOrder(order)
            self._add(names[code], parts, advance)
        for table in self._font["cmap"].tables:
            if table.isUnicode():
                table.cmap.update({ord(code): name for code, name in names.items()})
        self._font["maxp"].numGlyphs = len(order)

    def _mark(self, code: str, bases: str, before: str, mark: str) -> None:
        """One drawing for all `bases`: halfway between the extremes that the shaper gives them."""
        wanted = self._cmap[ord(mark)].split(".")[0]
        found = [
            part
            for base in bases
            for part in self._shape(base + before + mark)[1:]
            if part.glyph.split(".")[0] == wanted
        ]
        usual = Counter(part.glyph for part in found).most_common(1)[0][0]
        x = [part.x for part in found if part.glyph == usual]
        y = [part.y for part in found if part.glyph == usual]
        place = _Part(usual, (min(x) + max(x)) // 2, (min(y) + max(y)) // 2, 0)
        self._made[code] = ([place], 0)

    def _shape(self, cluster: str) -> list[_Part]:
        buffer = hb.Buffer()
        buffer.add_str(cluster)
        buffer.guess_segment_properties()
        hb.shape(self._shaper, buffer, {})
        pairs = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        return [
            _Part(self._shaper.glyph_to_string(i.codepoint), p.x_offset, p.y_offset, p.x_advance)
            for i, p in pairs
        ]

    def _add(self, name: str, parts: list[_Part], advance: int) -> None:
        outlines = self._font["glyf"]
        glyph = Glyph()
        glyph.numberOfContours = -1
        glyph.components = [_component(part) for part in parts]
        outlines[name] = glyph
        glyph.recalcBounds(outlines)
        self._font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))


def _component(part: _Part) -> GlyphComponent:
    component = GlyphComponent()
    component.glyphName = part.glyph
    component.x, component.y = part.x, part.y
    component.flags = 0x4  # round to grid
    return component


def _strip(font: TTFont) -> None:
    for tag in _DROPPED:
        if tag in font:
            del font[tag]
    for name in font["glyf"].keys():  # noqa: SIM118 - the table is no mapping
        font["glyf"][name].removeHinting()


def _rescale(font: TTFont, scale: float) -> None:
    font["head"].unitsPerEm = round(font["head"].unitsPerEm / scale)
    scale_upem(font, _UNITS_PER_EM)
