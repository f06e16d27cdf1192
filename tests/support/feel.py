"""Evaluating FEEL in tests, at one fixed moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from engine import feel

#: A Monday morning in Bangkok (09:00).
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def value(text: str, **variables: Any) -> Any:
    """Strictly, as a process does it."""
    return feel.evaluate(text, variables, now=NOW).value


def tried(text: str, **variables: Any) -> feel.Result:
    """Leniently, as a person tries it out."""
    return feel.evaluate(text, variables, now=NOW, strict=False)
