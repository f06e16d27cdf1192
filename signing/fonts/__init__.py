"""Typefaces for Thai official documents, all measuring as TH Sarabun at 16 points."""

from __future__ import annotations

from signing.fonts.library import Typeface, built_in, load

__all__ = ["Typeface", "built_in", "load"]
