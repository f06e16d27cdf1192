"""The shape of a chain's JSON as JSON schemas: each card with its own properties, and no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from office.chains.model import Chain
from office.chains.stored import CARDS, must

Schema = dict[str, Any]
#: what stands for any of the cards
CARD = "Card"
_PLAIN: Mapping[type, str] = {str: "string", int: "integer", bool: "boolean"}
_NAMES = {kind: f"{name.title()}Card" for name, kind in CARDS.items()} | {Chain: "Chain"}


def schemas(ref: Callable[[str], str]) -> dict[str, Schema]:
    """By name; `ref` makes a reference out of a name. The whole is “Chain”."""
    made = _Shapes(ref)
    made.of(Chain)
    return made.found


class _Shapes:
    def __init__(self, ref: Callable[[str], str]) -> None:
        self.ref = ref
        self.found: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        origin, args = get_origin(kind), get_args(kind)
        if origin is tuple:
            return self._many(args)
        if origin is Literal:
            return {"type": "string", "enum": list(args)}
        if origin in (Union, UnionType):
            return self._either(args)
        if is_dataclass(kind) and isinstance(kind, type):
            return self._named(kind)
        return {"type": _PLAIN[kind]}

    def _many(self, kinds: tuple[Any, ...]) -> Schema:
        made: Schema = {"type": "array", "items": self.of(kinds[0])}
        if kinds[-1] is not Ellipsis:
            made |= {"minItems": len(kinds), "maxItems": len(kinds)}
        return made

    def _either(self, kinds: tuple[Any, ...]) -> Schema:
        given = [one for one in kinds if one is not NoneType]
        if len(given) < len(kinds):
            return {"anyOf": [*map(self.of, given), {"type": "null"}]}
        if CARD not in self.found:
            self.found[CARD] = {}  # cards hold cards
            names = {card: self.ref(_NAMES[kind]) for card, kind in CARDS.items()}
            self.found[CARD] = {
                "description": "One step of a chain; `card` says its kind.",
                "oneOf": [self._named(kind) for kind in CARDS.values()],
                "discriminator": {"propertyName": "card", "mapping": names},
            }
        return {"$ref": self.ref(CARD)}

    def _named(self, kind: type) -> Schema:
        name = _NAMES.get(kind, f"Chain{kind.__name__}")
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = self._object(kind)
        return {"$ref": self.ref(name)}

    def _object(self, kind: type) -> Schema:
        hints = get_type_hints(kind)
        card = next((name for name, one in CARDS.items() if one is kind), None)
        known = fields(kind)
        properties = {} if card is None else {"card": {"const": card}}
        return {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": properties | {one.name: self.of(hints[one.name]) for one in known},
            "required": [*properties, *(one.name for one in known if must(one))],
            "additionalProperties": False,
        }
