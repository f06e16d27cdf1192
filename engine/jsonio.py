"""JSON in which numbers are exact: integers stay int, fractions become Decimal, both ways.

Of a key given twice the last one counts (RFC 8259, section 4, leaves it open): one parser reads
each text, so there is no second opinion to disagree with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

import msgspec


def _hook(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"Expected a JSON value, but got {type(value).__name__}.")


#: Powers of ten beyond this are no amounts, and cost memory when they are written out. Decimal128,
#: which FEEL's numbers are, ends there too.
_LARGEST_POWER = 6144


def _exact(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("a number is out of range") from None
    if abs(number.adjusted()) > _LARGEST_POWER:
        raise ValueError("a number is out of range")
    return number


_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=_hook)
_sorted = msgspec.json.Encoder(decimal_format="number", enc_hook=_hook, order="deterministic")
_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=_exact)


def dumps(value: Any) -> str:
    return _encoder.encode(value).decode()


def canonical(value: Any) -> bytes:
    """Bytes that are the same for the same value: keys sorted, no white space. For hashes."""
    return _sorted.encode(value)


def loads(text: str | bytes) -> Any:
    """Raises ValueError for what is no JSON, or nested more deeply than Python can go."""
    try:
        return cast(Any, _decoder.decode(text))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
