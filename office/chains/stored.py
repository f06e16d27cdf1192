"""A chain as plain JSON and back: each card says its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from office.chains import model
from office.chains.model import Chain

#: what each kind of card is called
CARDS: Mapping[str, type] = {
    "ask": model.Ask,
    "inform": model.Inform,
    "wait": model.Wait,
    "call": model.Call,
    "act": model.Act,
    "choose": model.Choose,
    "matrix": model.Matrix,
    "together": model.Together,
}
_NAMES = {kind: name for name, kind in CARDS.items()}


def dump(value: Any) -> Any:
    """Lists, mappings and plain values."""
    if is_dataclass(value):
        card = {"card": _NAMES[type(value)]} if type(value) in _NAMES else {}
        return card | {one.name: dump(getattr(value, one.name)) for one in fields(value)}
    return [dump(one) for one in value] if isinstance(value, tuple) else value


class NoChain(ValueError):
    """`path` leads to what does not fit: “steps.2.who.kind”; empty: the whole."""

    def __init__(self, path: Sequence[str], message: str) -> None:
        super().__init__(message)
        self.path = ".".join(path)


def load(content: Any) -> Chain:
    """NoChain where the JSON is none."""
    try:
        found: Chain = _load(content, Chain, ())
    except RecursionError:
        raise NoChain((), "Expected ways within ways, but they are too deep.") from None
    return found


Path = tuple[str, ...]


def _load(value: Any, kind: Any, at: Path) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _either(value, get_args(kind), at)
    if origin is tuple:
        return _many(value, get_args(kind), at)
    if origin is Literal:
        if value not in get_args(kind):
            raise NoChain(
                at, f"Expected one of {', '.join(get_args(kind))}, but got {value!r:.60}."
            )
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(value, kind, at)
    if type(value) is not kind:
        raise NoChain(at, f"Expected {_TOLD[kind]}, but got {value!r:.60}.")
    if kind is str and "\0" in value:
        raise NoChain(at, "Expected text without control characters.")
    return value


_TOLD: Mapping[Any, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def _either(value: Any, kinds: Sequence[Any], at: Path) -> Any:
    if value is None and type(None) in kinds:
        return None
    if type(None) in kinds:
        return _load(value, next(kind for kind in kinds if kind is not type(None)), at)
    card = value.get("card") if isinstance(value, Mapping) else None
    if not isinstance(card, str) or card not in CARDS:
        raise NoChain((*at, "card"), f"Expected one of {', '.join(CARDS)}, but got {card!r:.60}.")
    return _load({name: one for name, one in value.items() if name != "card"}, CARDS[card], at)


def _many(value: Any, kinds: Sequence[Any], at: Path) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise NoChain(at, f"Expected a list, but got {value!r:.60}.")
    if kinds[-1] is Ellipsis:
        return tuple(_load(one, kinds[0], (*at, str(n))) for n, one in enumerate(value))
    if len(value) != len(kinds):
        raise NoChain(at, f"Expected {len(kinds)} of them, but got {len(value)}.")
    pairs = enumerate(zip(value, kinds, strict=True))
    return tuple(_load(one, kind, (*at, str(n))) for n, (one, kind) in pairs)


def _object(value: Any, kind: type, at: Path) -> Any:
    hints = get_type_hints(kind)
    if not isinstance(value, Mapping):
        raise NoChain(at, f"Expected an object, but got {value!r:.60}.")
    for name in value:
        if name not in hints:
            known = ", ".join(hints)
            raise NoChain((*at, f"{name:.60}"), f"Expected one of {known}, but got this property.")
    given = {name: _load(one, hints[name], (*at, name)) for name, one in value.items()}
    missing = next((one.name for one in fields(kind) if one.name not in given and must(one)), None)
    if missing is not None:
        raise NoChain((*at, missing), "Expected this property, but it is missing.")
    return kind(**given)


def must(field: Field[Any]) -> bool:
    """Whether a property has to be given."""
    return field.default is MISSING and field.default_factory is MISSING
