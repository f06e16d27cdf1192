"""Built-in functions from one kind to another, and on values of any kind."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel import compare
from engine.feel.builtins.signatures import Library
from engine.feel.errors import Nothing
from engine.feel.kinds import NULL, kind
from engine.feel.numeric import CONTEXT
from engine.feel.scope import Run
from engine.feel.temporal.types import DateTime, Time
from engine.feel.writing import written

LIBRARY = Library()
define = LIBRARY.define

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")


@define("string(from: any)")
def string(run: Run, value: Any) -> str | None:
    return None if value is None else written(value, run.meter)


@define(
    "number(from: string)",
    "number(from: string, grouping separator: string?, decimal separator: string?)",
)
def number(_run: Run, text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise Nothing("Expected the separators space, comma or full stop.")
    if grouping is not None and grouping == point:
        raise Nothing("Expected two different separators.")
    digits = text.replace(grouping, "") if grouping else text
    digits = digits.replace(point, ".") if point else digits
    if not _NUMBER.fullmatch(digits):
        raise Nothing(f"Expected a number, but got {text[:40]!r}.")
    return CONTEXT.create_decimal(digits)


@define("not(negand: any)")
def negated(_run: Run, value: Any) -> bool:
    if type(value) is not bool:
        raise Nothing(f"Expected true or false, but got a {kind(value)}.")
    return not value


@define("is(value1: any, value2: any)")
def identical(run: Run, one: Any, other: Any) -> bool:
    """The same value of the same kind, written the same way."""
    if kind(one) != kind(other):
        return False
    if isinstance(one, Time | DateTime):
        return bool(one == other)
    return kind(one) == NULL or compare.equal(one, other, run.meter) is True


@define("is defined(value: any)")
def is_defined(_run: Run, value: Any) -> bool:
    """Its argument may name a variable that does not exist (see the compiler)."""
    return value is not None


@define("get or else(value: any, default: any)")
def get_or_else(_run: Run, value: Any, default: Any) -> Any:
    """Its first argument may name a variable that does not exist (see the compiler)."""
    return default if value is None else value
