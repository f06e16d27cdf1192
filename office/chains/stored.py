"""A chain as plain JSON and back: each card says its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from office.chains import model
from office.chains.model import Chain

_CARDS: Mapping[str, type] = {
    "ask": model.Ask,
    "inform": model.Inform,
    "wait": model.Wait,
    "call": model.Call,
    "act": model.Act,
    "choose": model.Choose,
    "matrix": model.Matrix,
    "together": model.Together,
}
_NAMES = {kind: name for name, kind in _CARDS.items()}


def dump(value: Any) -> Any:
    """Lists, mappings and plain values."""
    if is_dataclass(value):
        card = {"card": _NAMES[type(value)]} if type(value) in _NAMES else {}
        return card | {one.name: dump(getattr(value, one.name)) for one in fields(value)}
    return [dump(one) for one in value] if isinstance(value, tuple) else value


def load(content: Any) -> Chain:
    """ValueError where the JSON is no chain."""
    try:
        found: Chain = _load(content, Chain)
    except RecursionError:
        raise ValueError("Expected ways within ways, but they are too deep.") from None
    return found


def _load(value: Any, kind: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _either(value, get_args(kind))
    if origin is tuple:
        return _many(value, get_args(kind))
    if origin is Literal:
        if value not in get_args(kind):
            raise ValueError(f"Expected one of {get_args(kind)}, but got {value!r:.60}.")
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(value, kind)
    if type(value) is not kind:
        raise ValueError(f"Expected {kind.__name__}, but got {value!r:.60}.")
    if kind is str and "\0" in value:
        raise ValueError("Expected text without control characters.")
    return value


def _either(value: Any, kinds: Sequence[Any]) -> Any:
    if value is None and type(None) in kinds:
        return None
    card = value.get("card") if isinstance(value, Mapping) else None
    if card is None:
        return _load(value, next(kind for kind in kinds if kind is not type(None)))
    if not isinstance(card, str) or card not in _CARDS:
        raise ValueError(f"Expected a known card, but got {card!r:.60}.")
    return _load({name: one for name, one in value.items() if name != "card"}, _CARDS[card])


def _many(value: Any, kinds: Sequence[Any]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"Expected a list, but got {value!r:.60}.")  # noqa: TRY004 - bad input
    if kinds[-1] is Ellipsis:
        return tuple(_load(one, kinds[0]) for one in value)
    return tuple(_load(one, kind) for one, kind in zip(value, kinds, strict=True))


def _object(value: Any, kind: type) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(value, Mapping) or set(value) - set(hints):
        raise ValueError(f"Expected the parts of {kind.__name__}, but got {value!r:.60}.")
    try:
        return kind(**{name: _load(one, hints[name]) for name, one in value.items()})
    except TypeError:
        raise ValueError(f"Expected every part of {kind.__name__}, but some are missing.") from None
