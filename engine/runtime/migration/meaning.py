"""Whether two facts of a diagram mean the same, wherever in their files they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

#: where a fact stands, not what it says
_PLACE = frozenset({"line", "attribute"})


def same(one: Any, other: Any) -> bool:
    return bool(_meaning(one) == _meaning(other))


def _meaning(fact: Any) -> Any:
    if is_dataclass(fact):
        said = (getattr(fact, f.name) for f in fields(fact) if f.name not in _PLACE)
        return type(fact), tuple(_meaning(one) for one in said)
    if isinstance(fact, Sequence) and not isinstance(fact, str):
        return tuple(_meaning(one) for one in fact)
    return fact
