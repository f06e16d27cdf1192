"""Thai marks are drawn where a shaping engine would put them, and read back as themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
import uharfbuzz as hb
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from support import needs

from signing.fonts import glyphs
from signing.fonts.bake import bake

EVERYTHING = frozenset(glyphs.READS_AS)
FILES = resources.files("fontpkg_sarabun") / "files"
LAKSAMAN = Path("/usr/share/fonts/truetype/tlwg")
FACES = [
    pytest.param(FILES / "Sarabun-Regular.ttf", 0.68, id="Sarabun"),
    pytest.param(FILES / "Sarabun-Bold.ttf", 0.68, id="Sarabun-Bold"),
    pytest.param(LAKSAMAN / "Laksaman.ttf", 0.665, id="Laksaman"),
    pytest.param(LAKSAMAN / "Laksaman-Bold.ttf", 0.665, id="Laksaman-Bold"),
]


def clusters() -> Iterator[str]:
    """Every legal consonant with vowel and tone."""
    for consonant in map(chr, range(0x0E01, 0x0E2F)):
        if consonant in "ฤฦ":
            continue
        for vowel in ("", *"ัิีึื็ุูำ"):
            for tone in ("", *"่้๊๋์"):
                if (vowel == "็" and tone) or (tone == "์" and vowel not in ("", "ิ", "ุ")):
                    continue
                yield consonant + (tone + vowel if vowel == "ำ" else vowel + tone)


class Shaped:
    """A font as HarfBuzz draws it, in units of a thousandth of the target's em."""

    def __init__(self, data: bytes, scale: float) -> None:
        font = TTFont(io.BytesIO(data))
        self.outlines = font.getGlyphSet()
        self.unit = scale * 1000 / font["head"].unitsPerEm
        self.shaper = hb.Font(hb.Face(data))

    def box(self, text: str) -> tuple[float, ...]:
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self.shaper, buffer, {})
        at, placed = 0, []
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            name = self.shaper.glyph_to_string(info.codepoint)
            placed.append((name, at + position.x_offset, position.y_offset))
            at += position.x_advance
        return box(self.outlines, placed, self.unit)


class Drawn:
    """The derived font as we draw with it."""

    def __init__(self, data: bytes) -> None:
        font = TTFont(io.BytesIO(data))
        self.outlines = font.getGlyphSet()
        self.names = {chr(code): name for code, name in font.getBestCmap().items()}
        self.advances = font["hmtx"]

    def box(self, text: str) -> tuple[float, ...]:
        at, placed = 0, []
        for character in glyphs.placed(text, self.names):
            name = self.names[character]
            placed.append((name, at, 0))
            at += self.advances[name][0]
        return box(self.outlines, placed, 1)


def box(outlines, placed, unit: float) -> tuple[float, ...]:
    bounds = []
    for name, x, y in placed:
        pen = BoundsPen(outlines)
        outlines[name].draw(TransformPen(pen, (unit, 0, 0, unit, x * unit, y * unit)))
        if pen.bounds:
            bounds.append(pen.bounds)
    left, bottom, right, top = zip(*bounds, strict=True)
    return min(left), min(bottom), max(right), max(top)


@cache
def derived(path: Path, scale: float) -> tuple[bytes, bytes]:
    source = path.read_bytes()
    return source, bake(source, scale)


@pytest.mark.parametrize(("path", "scale"), FACES)
def test_every_cluster_is_drawn_as_a_shaping_engine_would(path: Path, scale: float) -> None:
    if not path.is_file():
        needs.lacking(f"Expected the typeface {path.name}, but it is not installed here.")
    source, made = derived(path, scale)
    shaped, drawn = Shaped(source, scale), Drawn(made)
    far = {}
    for cluster in clusters():
        pairs = zip(shaped.box(cluster), drawn.box(cluster), strict=True)
        distance = max(abs(one - other) for one, other in pairs)
        if distance > 25:
            far[cluster] = round(distance)
    assert far == {}


def test_the_same_font_is_derived_to_the_same_bytes() -> None:
    source, made = derived(FILES / "Sarabun-Regular.ttf", 0.68)
    assert bake(source, 0.68) == made


def test_text_reads_back_from_its_drawings() -> None:
    for cluster in clusters():
        drawn = glyphs.placed(cluster, EVERYTHING)
        back = "".join(glyphs.READS_AS.get(character, character) for character in drawn)
        assert back == cluster


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ที่", ["ท", "ี", glyphs.TONE_OVER["ี", "่"]]),
        ("ก่อ", ["ก", glyphs.LOW_TONE["่"], "อ"]),
        ("ป่า", ["ป", glyphs.LOW_TONE_LEFT["่"], "า"]),
        ("ปี", ["ป", glyphs.VOWEL_LEFT["ี"]]),
        ("ญุ", [glyphs.FOOTLESS["ญ"], "ุ"]),
        ("ฎุ", ["ฎ", glyphs.VOWEL_UNDER_FOOT["ุ"]]),
        ("น้ำ", ["น", glyphs.AM_TONE["้"], glyphs.AM_AA]),
        ("ปำ", ["ป", glyphs.AM_LEFT]),
        ("กำ", ["ก", "ำ"]),
        ("e-Office", list("e-Office")),
    ],
)
def test_a_mark_is_chosen_by_its_neighbours(text: str, codes: list[str]) -> None:
    assert list(glyphs.placed(text, EVERYTHING)) == codes


def test_a_font_without_our_own_drawings_uses_the_public_ones() -> None:
    public = frozenset(code for code in glyphs.READS_AS if ord(code) >= 0xF700)
    assert glyphs.placed("ที่", public) == "ที่"
    assert glyphs.placed("ปี่", public) == "ป" + glyphs.VOWEL_LEFT["ี"] + glyphs.HIGH_TONE_LEFT["่"]
    assert glyphs.placed("น้ำ", public) == "น้ำ"
