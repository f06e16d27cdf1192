"""Variables as stored: JSON in which dates, times and durations keep their type.

What JSON cannot say is an object with the key "@" (its type) and "v" (its text); an object of the
process that has a key "@" itself is wrapped as "context", so that nothing can be mistaken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from engine import jsonio
from engine.feel import values as feel

_TAG, _VALUE, _ZONE = "@", "v", "zone"
_PLAIN = (bool, int, str, Decimal, type(None))


class Packed(sa.types.TypeDecorator[Any]):
    """A JSON value with typed dates. Text, never jsonb: key order is kept."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else loads(value)


def dumps(value: Any) -> str:
    return jsonio.dumps(pack(value))


def loads(text: str) -> Any:
    value = jsonio.loads(text)
    return unpack(value) if '"@"' in text else value


def pack(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        packed = {name: pack(item) for name, item in value.items()}
        return {_TAG: "context", _VALUE: packed} if _TAG in packed else packed
    if isinstance(value, list | tuple):
        return [pack(item) for item in value]
    return _pack_rich(value)


def _pack_rich(value: Any) -> Any:
    match value:
        case float():
            return Decimal(repr(value))
        case datetime():
            return _pack_datetime(value)
        case date():
            return {_TAG: "date", _VALUE: value.isoformat()}
        case time() if not isinstance(value.tzinfo, ZoneInfo):
            return {_TAG: "time", _VALUE: value.isoformat()}
        case timedelta():
            return {_TAG: "duration", _VALUE: str(value // timedelta(microseconds=1))}
        case _:  # what only FEEL has: months, ranges, far dates
            return {_TAG: "feel", _VALUE: feel.pack(value)}


def _pack_datetime(value: datetime) -> dict[str, str]:
    packed = {_TAG: "datetime", _VALUE: value.isoformat()}
    if isinstance(value.tzinfo, ZoneInfo):
        packed[_ZONE] = str(value.tzinfo)
    return packed


def unpack(value: Any) -> Any:
    match value:
        case {"@": str(tag), "v": inner} if tag in _READERS:
            return _READERS[tag](inner, value.get(_ZONE))
        case dict():
            return {name: unpack(item) for name, item in value.items()}
        case list():
            return [unpack(item) for item in value]
        case _:
            return value


def _unpack_datetime(text: str, zone: str | None) -> datetime:
    value = datetime.fromisoformat(text)
    return value.astimezone(ZoneInfo(zone)) if zone else value


_READERS: dict[str, Callable[[Any, str | None], Any]] = {
    "context": lambda inner, _: {name: unpack(item) for name, item in inner.items()},
    "date": lambda text, _: date.fromisoformat(text),
    "time": lambda text, _: time.fromisoformat(text),
    "datetime": _unpack_datetime,
    "duration": lambda text, _: timedelta(microseconds=int(text)),
    "feel": lambda inner, _: feel.unpack(inner),
}


def shown(value: Any) -> Any:
    """The value for people and programs: what only FEEL has becomes its text."""
    if isinstance(value, (*_PLAIN, date, time, timedelta)):
        return value
    if isinstance(value, Mapping):
        return {name: shown(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item) for item in value]
    return feel.to_text(value)
