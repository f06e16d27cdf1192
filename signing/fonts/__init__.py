"""Typefaces for Thai official documents, all measuring as TH Sarabun at 16 points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Typeface:
    """A registered regular and bold, ready to set Thai."""

    name: str
    regular: str
    bold: str


def built_in() -> Typeface:
    """Sarabun from its wheel, derived in memory (about a second, once in a process)."""
    raise NotImplementedError


def load(folder: Path, agency_fonts: Mapping[str, Path] | None = None) -> Typeface:
    """The typeface to use, its derived files kept in `folder` (made there when missing).

    `agency_fonts` are the agency's own files by style, "regular" and, where it has one, "bold"
    (TH Sarabun New, PSK or IT๙: used unscaled). Without them Laksaman where it is installed, else
    Sarabun. Raises `UnusableFont` naming the missing characters.
    """
    raise NotImplementedError
