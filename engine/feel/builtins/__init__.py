"""All functions that every expression knows."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.builtins import (
    aggregates,
    contexts,
    conversion,
    host,
    lists,
    numbers,
    ranges,
    rangetext,
    temporals,
    texts,
)
from engine.feel.kinds import Function

_MODULES = (
    aggregates,
    contexts,
    conversion,
    host,
    lists,
    numbers,
    ranges,
    rangetext,
    temporals,
    texts,
)

BUILTINS: Mapping[str, Function] = {
    name: function for module in _MODULES for name, function in module.LIBRARY.functions.items()
}
