"""What a decision table answers, and what it does not: gaps, overlaps, rules never reached."""

from __future__ import annotations

from engine.dmn.coverage.judging import Coverage, Gap, Overlap, Unjudged, judge, table_of
from engine.dmn.coverage.pieces import Others, Piece, Span

__all__ = [
    "Coverage",
    "Gap",
    "Others",
    "Overlap",
    "Piece",
    "Span",
    "Unjudged",
    "judge",
    "table_of",
]
