"""Thai marks are drawn where a shaping engine would put them, and read back as themselves.

Three fonts: Sarabun and Laksaman, derived by `bake`, and TH Sarabun as an agency brings it, taken
by `library.load` as it is.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
import uharfbuzz as hb
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from support import needs, typefaces

from signing.fonts import glyphs, load
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
TH_SARABUN = [typefaces.NEW, typefaces.PSK]


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

    def __init__(self, data: bytes, scale: float = 1.0) -> None:
        font = TTFont(io.BytesIO(data))
        self.boxes = Boxes(font)
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
        return self.boxes.around(placed, self.unit)


class Drawn:
    """A font as we draw with it, in the same units."""

    def __init__(self, data: bytes) -> None:
        font = TTFont(io.BytesIO(data))
        self.unit = 1000 / font["head"].unitsPerEm
        self.boxes = Boxes(font)
        self.names = {chr(code): name for code, name in font.getBestCmap().items()}
        self.advances = font["hmtx"]

    def box(self, text: str) -> tuple[float, ...]:
        at, placed = 0, []
        for character in glyphs.placed(text, self.names):
            name = self.names[character]
            placed.append((name, at, 0))
            at += self.advances[name][0]
        return self.boxes.around(placed, self.unit)


class Boxes(dict[str, tuple[float, ...] | None]):
    """What each drawing of a font fills, measured once."""

    def __init__(self, font: TTFont) -> None:
        super().__init__()
        self._outlines = font.getGlyphSet()

    def __missing__(self, name: str) -> tuple[float, ...] | None:
        pen = BoundsPen(self._outlines)
        self._outlines[name].draw(pen)
        self[name] = pen.bounds
        return pen.bounds

    def around(self, placed: Iterable[tuple[str, float, float]], unit: float) -> tuple[float, ...]:
        """What several fill together, each moved to its place."""
        found = [
            (left + x, bottom + y, right + x, top + y)
            for name, x, y in placed
            if (bounds := self[name])
            for left, bottom, right, top in [bounds]
        ]
        left, bottom, right, top = zip(*found, strict=True)
        return min(left) * unit, min(bottom) * unit, max(right) * unit, max(top) * unit


@cache
def derived(path: Path, scale: float) -> tuple[bytes, bytes]:
    source = path.read_bytes()
    return source, bake(source, scale)


@pytest.mark.parametrize(("path", "scale"), FACES)
def test_every_cluster_is_drawn_as_a_shaping_engine_would(path: Path, scale: float) -> None:
    if not path.is_file():
        needs.lacking(f"Expected the typeface {path.name}, but it is not installed here.")
    source, made = derived(path, scale)
    assert far_apart(Shaped(source, scale), Drawn(made)) == {}


@pytest.mark.parametrize("name", TH_SARABUN)
def test_an_agencys_own_th_sarabun_is_drawn_as_a_shaping_engine_would(
    name: str, tmp_path: Path
) -> None:
    """With the font's own drawings at its own size, through the way that agencies' files take."""
    path = typefaces.file(name)
    assert load(tmp_path, {"regular": path}).regular.metrics.cap_height == 476
    data = path.read_bytes()
    assert far_apart(Shaped(bare(data) if name == typefaces.PSK else data), Drawn(data)) == {}


def bare(data: bytes) -> bytes:
    """The font without its own substitutions, so that HarfBuzz chooses by the code points.

    TH SarabunPSK 2.0 forgets ก to ฌ there: a tone over them would float as over a vowel.
    """
    font, out = TTFont(io.BytesIO(data)), io.BytesIO()
    del font["GSUB"], font["morx"]
    font.save(out)
    return out.getvalue()


def far_apart(shaped: Shaped, drawn: Drawn) -> dict[str, int]:
    """The clusters whose boxes differ by more than 0.025 em, in thousandths."""
    far = {}
    for cluster in clusters():
        pairs = zip(shaped.box(cluster), drawn.box(cluster), strict=True)
        distance = max(abs(one - other) for one, other in pairs)
        if distance > 25:
            far[cluster] = round(distance)
    return far


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
