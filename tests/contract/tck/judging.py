"""Evaluating a case and comparing the result, as exactly as the kit asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from contract.tck.cases import Case

from engine import dmn
from engine.feel.border import inward
from engine.feel.errors import FeelError
from engine.feel.temporal.types import DateTime, Time

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
_TOLERANCE = Decimal("1e-8")


def models(folder: Path, main: Path) -> Mapping[str, bytes]:
    """The case's model first, then those beside it that it may import."""
    others = sorted(each for each in folder.glob("*.dmn") if each != main)
    return {each.name: each.read_bytes() for each in (main, *others)}


def passes(case: Case, model: dmn.Model) -> bool:
    """Null for an error, else the expected value."""
    try:
        found = inward(model.evaluate(case.service or case.node, case.inputs, now=NOW))
    except FeelError:
        return case.is_error
    if case.service and isinstance(found, dict) and case.node in found:
        found = found[case.node]
    return same(found, inward(case.expected))


def same(found: Any, expected: Any) -> bool:
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        return abs(found - expected) <= _TOLERANCE * max(1, abs(expected))
    if type(found) is not type(expected):
        return False
    if isinstance(found, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    if isinstance(found, dict):
        return found.keys() == expected.keys() and all(
            same(found[key], expected[key]) for key in found
        )
    if isinstance(found, Time):
        return (found.nanos, found.offset) == (expected.nanos, expected.offset)
    if isinstance(found, DateTime):
        return (found.date, found.time.nanos, found.offset) == (
            expected.date,
            expected.time.nanos,
            expected.offset,
        )
    return bool(found == expected)
