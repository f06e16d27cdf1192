"""Values as FEEL text: what string() gives."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.kinds import Function, Range
from engine.feel.limits import Meter
from engine.feel.numeric import text_of
from engine.feel.temporal import text as temporal

_PLAIN_KEY = re.compile(r"\w+")


def written(value: Any, meter: Meter) -> str:
    """The value's text; text itself stays as it is, without quotes."""
    result = value if isinstance(value, str) else _inner(value, meter)
    meter.write(len(result))
    return result


def _inner(value: Any, meter: Meter) -> str:
    meter.step()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return text_of(value)
    if isinstance(value, str):
        return _quoted(value)
    return _composed(value, meter)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _composed(value: Any, meter: Meter) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_metered(item, meter) for item in value) + "]"
    if isinstance(value, dict):
        entries = (f"{_key(key)}: {_metered(item, meter)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, Range):
        return _range(value, meter)
    if isinstance(value, Function):
        return f"function {value.name}"
    return temporal.write(value)


def _metered(value: Any, meter: Meter) -> str:
    """Parts that many lists share can make a small list a text without end."""
    text = _inner(value, meter)
    meter.write(len(text))
    return text


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _quoted(key)


def _range(value: Range, meter: Meter) -> str:
    if value.form is not None:
        end = value.high if value.low is None else value.low
        return f"({value.form} {_inner(end, meter)})"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_inner(value.low, meter)}..{_inner(value.high, meter)}{closing}"
