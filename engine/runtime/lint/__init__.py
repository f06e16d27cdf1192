"""Every check that a deployment must pass: one small function for each rule, each with its code."""

from __future__ import annotations

from engine.errors import Problem
from engine.runtime.lint.rule import Expected
from engine.runtime.reading_files import Reading

__all__ = ["Expected", "lint"]


def lint(reading: Reading, expected: Expected) -> list[Problem]:
    return list(reading.problems)
