"""FEEL, the expression language of DMN 1.5: the only language that diagrams are written in.

Law of this room: no text is ever run as Python; every evaluation is bounded; the time is handed
in; whatever goes wrong is a FeelError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.feel.builtins import BUILTINS
from engine.feel.errors import (
    FeelError,
    FeelSyntaxError,
    LimitExceeded,
    NotACondition,
    UnfitValue,
    UnknownVariable,
)
from engine.feel.evaluation import Result, condition, evaluate
from engine.feel.kinds import Range
from engine.feel.limits import EXPRESSION, SCRIPT, Limits
from engine.feel.scope import Notice
from engine.feel.temporal.types import MonthsDuration
from engine.feel.tree import Tree, names_of, parse
from engine.feel.values import from_text, to_text


def builtin_calls() -> Mapping[str, Sequence[str]]:
    """All that can be called without defining it, with the parameters that it asks for first."""
    return {
        name: [one.name for one in function.shapes[0] if not one.optional]
        for name, function in BUILTINS.items()
    }


__all__ = [
    "EXPRESSION",
    "SCRIPT",
    "FeelError",
    "FeelSyntaxError",
    "LimitExceeded",
    "Limits",
    "MonthsDuration",
    "NotACondition",
    "Notice",
    "Range",
    "Result",
    "Tree",
    "UnfitValue",
    "UnknownVariable",
    "builtin_calls",
    "condition",
    "evaluate",
    "from_text",
    "names_of",
    "parse",
    "to_text",
]
