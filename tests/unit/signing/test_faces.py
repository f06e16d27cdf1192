"""Faces measure text, refuse fonts that cannot set Thai, and embed just what is used."""

from __future__ import annotations

import io
from importlib import resources
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from support import needs

from signing.errors import UnusableFont
from signing.fonts import built_in, library, load
from signing.fonts.subset import subset

SARABUN = resources.files("fontpkg_sarabun") / "files" / "Sarabun-Regular.ttf"


def test_sixteen_points_measure_as_sixteen_points_of_th_sarabun() -> None:
    """TH Sarabun New: ก is 0.400 em high, H 0.476; ours must be within four hundredths."""
    font = built_in().regular
    assert font.metrics.cap_height == pytest.approx(476, abs=20)
    assert font.width("ก" * 10, 16) == pytest.approx(16 * 10 * 0.392, rel=0.04)


def test_marks_take_no_room() -> None:
    face = built_in().regular
    assert face.word("ที่นี้").width == face.word("ทน").width
    assert face.word("ญุ").width == face.word("ญ").width


def test_an_embedded_part_holds_the_used_outlines_only() -> None:
    face = built_in().regular
    wanted = [0, *(face.glyph_ids[c] for c in face.word("ปู่").drawn)]
    font = TTFont(io.BytesIO(subset(face.outlines, tuple(wanted))))
    whole = face.outlines
    for number, source in enumerate(wanted):
        name = font.getGlyphName(number)
        assert font["hmtx"][name] == tuple(whole.widths[source])
    assert font["maxp"].numGlyphs <= 2 * len(wanted)
    glyf = font["glyf"]
    for name in font.getGlyphOrder():
        glyf[name].getCoordinates(glyf)  # composites point at outlines that are there


def test_derived_fonts_are_kept(tmp_path: Path) -> None:
    load(tmp_path / "fonts")
    files = sorted((tmp_path / "fonts").iterdir())
    assert [file.suffix for file in files] == [".ttf", ".ttf"]
    before = [file.stat().st_mtime_ns for file in files]
    assert load(tmp_path / "fonts").name in ("Sarabun", "Laksaman")
    assert [file.stat().st_mtime_ns for file in files] == before


def test_laksaman_is_taken_where_it_is_installed_else_sarabun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (library._LAKSAMAN / "Laksaman.ttf").is_file():
        needs.lacking("Expected the typeface Laksaman, but it is not installed here.")
    assert load(tmp_path).name == "Laksaman"
    monkeypatch.setattr(library, "_LAKSAMAN", tmp_path / "nowhere")
    assert load(tmp_path).name == "Sarabun"


def test_a_font_without_thai_positions_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnusableFont, match=r"lacks \d+ characters: U\+F70"):
        load(tmp_path, {"regular": Path(str(SARABUN))})


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(b"%PDF-1.7 not a font at all")
    with pytest.raises(UnusableFont, match="not one"):
        load(tmp_path, {"regular": tmp_path / "x.ttf"})
    with pytest.raises(UnusableFont, match="cannot be read"):
        load(tmp_path, {"regular": tmp_path / "missing.ttf"})


def test_an_agency_font_with_its_own_positions_is_used_unscaled(tmp_path: Path) -> None:
    derived = load(tmp_path / "fonts")
    file = next((tmp_path / "fonts").glob("*.ttf"))
    own = load(tmp_path / "unused", {"regular": file})
    assert own.bold is own.regular
    assert own.regular.word("ที่").width in (
        derived.regular.word("ที่").width,
        derived.bold.word("ที่").width,
    )
    assert not (tmp_path / "unused").exists()
