"""Which typeface is used: the agency's own, Laksaman where it is installed, else Sarabun."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

from signing.errors import UnusableFont
from signing.fonts.bake import VERSION, bake
from signing.fonts.face import Face

#: Where Debian's fonts-tlwg-laksaman puts it.
_LAKSAMAN = Path("/usr/share/fonts/truetype/tlwg")
_MAX_FONT_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Typeface:
    """A regular and a bold face, ready to set Thai; `printable` are the characters of both."""

    name: str
    regular: Face
    bold: Face
    printable: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, name: str, regular: Face, bold: Face) -> Typeface:
        both = regular.characters & bold.characters
        return cls(name, regular, bold, frozenset(filter(_visible, both)))


def _visible(character: str) -> bool:
    """Fonts also have glyphs for controls and private code points: no text may hold those."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")


@dataclass(frozen=True, slots=True)
class _Source:
    """A family to derive from, and the scale that makes it measure as TH Sarabun."""

    name: str
    scale: float
    regular: bytes
    bold: bytes


@lru_cache(maxsize=1)
def built_in() -> Typeface:
    """Sarabun from its wheel, derived in memory (a quarter of a second, once in a process)."""
    source = _sarabun()
    return Typeface.of(
        source.name,
        Face(bake(source.regular, source.scale)),
        Face(bake(source.bold, source.scale)),
    )


def load(folder: Path, agency_fonts: Mapping[str, Path] | None = None) -> Typeface:
    """The typeface to use, its derived files kept in `folder` (made there when missing).

    `agency_fonts` are the agency's own files by style, "regular" and, where it has one, "bold"
    (TH Sarabun New, PSK or IT๙: used unscaled). Without them Laksaman where it is installed, else
    Sarabun. Raises `UnusableFont` naming the missing characters.
    """
    if agency_fonts:
        return _agency(agency_fonts)
    source = _laksaman() or _sarabun()
    return Typeface.of(
        source.name,
        Face(_kept(folder, source.regular, source.scale)),
        Face(_kept(folder, source.bold, source.scale)),
    )


def _agency(files: Mapping[str, Path]) -> Typeface:
    if "regular" not in files:
        raise UnusableFont('Expected a font file for the style "regular", but there is none.')
    regular = Face(_read(files["regular"]))
    bold = Face(_read(files["bold"])) if "bold" in files else regular
    return Typeface.of(regular.name, regular, bold)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= _MAX_FONT_BYTES else None
    except OSError as error:
        raise UnusableFont(f"Expected a font file, but it cannot be read: {error}") from error
    if data is None:
        raise UnusableFont(f"Expected a font of at most 5 MB, but {path.name} has {size} bytes.")
    return data


def _sarabun() -> _Source:
    files = resources.files("fontpkg_sarabun") / "files"
    return _Source(
        "Sarabun",
        0.68,
        (files / "Sarabun-Regular.ttf").read_bytes(),
        (files / "Sarabun-Bold.ttf").read_bytes(),
    )


def _laksaman() -> _Source | None:
    regular, bold = _LAKSAMAN / "Laksaman.ttf", _LAKSAMAN / "Laksaman-Bold.ttf"
    if not (regular.is_file() and bold.is_file()):
        return None
    return _Source("Laksaman", 0.665, regular.read_bytes(), bold.read_bytes())


def _kept(folder: Path, source: bytes, scale: float) -> bytes:
    """The derived font from `folder`; two processes that make it at once write the same bytes."""
    key = hashlib.sha256(f"{VERSION} {scale} ".encode() + source).hexdigest()[:32]
    path = folder / f"{key}.ttf"
    if path.is_file():
        return path.read_bytes()
    derived = bake(source, scale)
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(derived)
    Path(unfinished).replace(path)
    return derived
