"""Rules and gaps in signs that readers of both languages know: “วงเงิน > 100,000, ชนิด = งาน”."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.dmn.coverage import Others, Piece, Span
from office.chains.conditions import grouped
from office.chains.model import Cell, Chain, Field, Matrix, Rule

ANY = "–"


def region(pieces: Sequence[Sequence[Piece] | None], step: Matrix, chain: Chain) -> str:
    """For each column the values that are meant; None: whatever value."""
    fields = [chain.field(key) for key in step.columns]
    told = [
        f"{field.label} {_pieces(column)}"
        for field, column in zip(fields, pieces, strict=True)
        if field is not None and column is not None
    ]
    return ", ".join(told) or ANY


def _pieces(pieces: Sequence[Piece]) -> str:
    single = [one.low for one in pieces if isinstance(one, Span) and one.single]
    if len(single) == len(pieces):
        return f"= {', '.join(map(_value, single))}"
    return " / ".join(map(_piece, pieces))


def _piece(piece: Piece) -> str:
    if isinstance(piece, Others):
        return f"≠ {', '.join(piece.but)}" if piece.but else ANY
    return f"= {_value(piece.low)}" if piece.single else _span(piece)


def _span(span: Span) -> str:
    low = "" if span.low is None else f"{'≥' if span.low_included else '>'} {_value(span.low)}"
    high = "" if span.high is None else f"{'≤' if span.high_included else '<'} {_value(span.high)}"
    return f"{low} {high}".strip()


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return f"{Decimal(value):,f}" if isinstance(value, int | Decimal) else str(value)


def rule_told(step: Matrix, rule: Rule, chain: Chain) -> str:
    """What the rule asks of the fields about which it asks anything."""
    fields = [chain.field(key) or Field(key, key) for key in step.columns]
    asked = [(f, c) for f, c in zip(fields, rule.cells, strict=False) if c != Cell()]
    return ", ".join(f"{field.label} {cell_told(cell, field)}" for field, cell in asked) or ANY


def cell_told(cell: Cell, field: Field) -> str:
    if field.kind == "check":
        return {"true": "✓", "false": "✗"}.get("".join(cell.values), ANY)
    if cell.values:
        return ", ".join(cell.values)
    more = "≥" if field.kind == "date" else ">"
    low = f"{more} {grouped(cell.low)}" if cell.low else ""
    high = f"≤ {grouped(cell.high)}" if cell.high else ""
    return f"{low} {high}".strip() or ANY
