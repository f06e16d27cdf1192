"""Values as JSON: plain for people and programs, tagged for storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.feel.border import MAX_DEPTH, check_text, inward
from engine.feel.errors import FeelError, Nothing, UnfitValue
from engine.feel.kinds import Function, Range
from engine.feel.limits import EXPRESSION, Meter
from engine.feel.temporal import native, text
from engine.feel.temporal.types import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.writing import written

#: Marks what JSON has no type for; a context of someone's own cannot have this key.
_TAG = "@feel"

Write = Callable[[Any], Any]


def from_json(value: Any) -> Any:
    """JSON data checked for what FEEL and the database can hold, otherwise unchanged."""
    inward(value)
    return value


def to_json(value: Any) -> Any:
    """Plain JSON: numbers exact, dates and durations as ISO text, ranges as FEEL text."""
    return _walked(value, to_text, 0)


def pack(value: Any) -> Any:
    """JSON from which `unpack` makes the same value again, dates and durations included."""
    return _walked(value, _tagged, 0, reserved=_TAG)


def _walked(value: Any, write: Write, depth: int, reserved: str | None = None) -> Any:
    """Numbers as they are, to the last digit; what JSON has no type for is written."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return check_text(value)
    if isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    if depth >= MAX_DEPTH:
        raise UnfitValue(f"Expected data of at most {MAX_DEPTH} levels.")
    if isinstance(value, list | tuple):
        return [_walked(each, write, depth + 1, reserved) for each in value]
    if isinstance(value, Mapping):
        return {
            _key(key, reserved): _walked(each, write, depth + 1, reserved)
            for key, each in value.items()
        }
    return write(value)


def _key(key: Any, reserved: str | None) -> str:
    if not isinstance(key, str):
        raise UnfitValue(f"Expected a text as key, but got a {type(key).__name__}.")
    if key == reserved:
        raise UnfitValue(f"Expected a context without the key {key!r}: it marks stored values.")
    return check_text(key)


def to_text(value: Any) -> str:
    """A temporal value or range as ISO or FEEL text."""
    value = inward(value)
    if isinstance(value, Range):
        return written(value, Meter(EXPRESSION))
    if isinstance(value, Function | Decimal):
        raise UnfitValue("Expected a value that can be written, but got a function or number.")
    return text.write(value)


def from_text(source: str) -> Any:
    """The temporal value whose text `to_text` wrote."""
    try:
        return native.to_native(text.read_any(source))
    except Nothing as wrong:
        raise UnfitValue(f"Expected a stored FEEL value, but: {wrong}") from None


_NAMES: Mapping[type, str] = {
    Date: "date",
    Time: "time",
    DateTime: "datetime",
    DaysDuration: "duration",
    MonthsDuration: "duration",
}


def _tagged(value: Any) -> dict[str, list[Any]]:
    value = inward(value)
    if isinstance(value, Range):
        ends = [pack(value.low), pack(value.high)]
        return {_TAG: ["range", *ends, value.low_included, value.high_included, value.form]}
    if isinstance(value, Decimal):  # it came as a float
        raise UnfitValue("Expected an exact number, but got a float.")
    return {_TAG: [_NAMES.get(type(value), "function"), to_text(value)]}


def unpack(value: Any) -> Any:
    """What `pack` packed."""
    if isinstance(value, list):
        return [unpack(each) for each in value]
    if isinstance(value, dict):
        if _TAG in value:
            return _untagged(value[_TAG])
        return {key: unpack(each) for key, each in value.items()}
    return value


def _untagged(parts: Any) -> Any:
    try:
        if parts[0] == "range":
            low, high, *rest = parts[1:]
            return Range(inward(unpack(low)), inward(unpack(high)), *rest)
        _, source = parts
        return from_text(source)
    except (TypeError, ValueError, IndexError, AttributeError, FeelError):
        raise UnfitValue("Expected a stored FEEL value, but it is damaged.") from None
