"""What kinds of values FEEL knows, and how a value's kind is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.errors import Nothing
from engine.feel.temporal.types import Date, DateTime, DaysDuration, MonthsDuration, Time

if TYPE_CHECKING:
    from engine.feel.scope import Run
    from engine.feel.types import Type


@dataclass(frozen=True, slots=True)
class Range:
    """An interval. `form` is the operator of a one-sided range such as (>= 10): it is not equal
    to the interval with the same ends. An end of None is open to infinity.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """`type` None takes anything. `rest` takes all further arguments too."""

    name: str
    type: Type | None = None
    nullable: bool = True
    optional: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called. `shapes` are the parameter lists it accepts."""

    name: str
    shapes: Sequence[Sequence[Parameter]]
    body: Callable[[Run, Sequence[Any]], Any]


NUMBER, STRING, BOOLEAN, NULL = "number", "string", "boolean", "null"
DATE, TIME, DATE_TIME = "date", "time", "date and time"
DAYS, MONTHS = "days and time duration", "years and months duration"
LIST, CONTEXT, RANGE, FUNCTION = "list", "context", "range", "function"

_KINDS: Mapping[type, str] = {
    bool: BOOLEAN,
    Decimal: NUMBER,
    str: STRING,
    list: LIST,
    dict: CONTEXT,
    type(None): NULL,
    Date: DATE,
    Time: TIME,
    DateTime: DATE_TIME,
    DaysDuration: DAYS,
    MonthsDuration: MONTHS,
    Range: RANGE,
    Function: FUNCTION,
}


def kind(value: Any) -> str:
    return _KINDS[type(value)]


def expect(value: Any, *kinds: str) -> Any:
    """The value itself where it is of one of these kinds."""
    if _KINDS[type(value)] not in kinds:
        raise Nothing(f"Expected a {' or '.join(kinds)}, but got {_named(value)}.")
    return value


def whole(value: Any) -> int:
    """A number without fraction, as int."""
    if type(value) is not Decimal:
        raise Nothing(f"Expected a number, but got {_named(value)}.")
    if value.adjusted() > 40 or value != value.to_integral_value():
        raise Nothing(f"Expected a whole number, but got {value}.")
    return int(value)


def truncated(value: Any) -> int:
    """A number with its fraction cut off, as int."""
    number: Decimal = expect(value, NUMBER)
    if number.adjusted() > 40:
        raise Nothing(f"Expected a smaller number, but got {number}.")
    return int(number)


def _named(value: Any) -> str:
    found = _KINDS[type(value)]
    return found if found == NULL else f"a {found}"


__all__ = [
    "BOOLEAN",
    "CONTEXT",
    "DATE",
    "DATE_TIME",
    "DAYS",
    "FUNCTION",
    "LIST",
    "MONTHS",
    "NULL",
    "NUMBER",
    "RANGE",
    "STRING",
    "TIME",
    "Function",
    "Parameter",
    "Range",
    "expect",
    "kind",
    "truncated",
    "whole",
]
