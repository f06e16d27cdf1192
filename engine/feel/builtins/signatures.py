"""Built-in functions declared by their signature, as the standard's tables write them:
`substring(string: string, start position: number, length?: number)`.

A type may list kinds with `|`; `?` behind a name means that it may be left out, behind a type
that it may be null, `...` before a name that it takes all further arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.feel.kinds import Function, Parameter
from engine.feel.scope import Run
from engine.feel.types import SIMPLE, KindType, Type

Body = Callable[..., Any]
Shape = tuple[Parameter, ...]


class Library:
    """A group of built-in functions."""

    def __init__(self) -> None:
        self.functions: dict[str, Function] = {}

    def define(self, *signatures: str) -> Callable[[Body], Body]:
        """Registers the decorated body; it gets the run and the fitted arguments. Further
        signatures are other parameter lists of the same function.
        """
        name = signatures[0].partition("(")[0]
        shapes = tuple(_shape(signature) for signature in signatures)

        def register(body: Body) -> Body:
            def spread(run: Run, arguments: Iterable[Any]) -> Any:
                return body(run, *arguments)

            self.functions[name] = Function(name, shapes, spread)
            return body

        return register


def _shape(signature: str) -> Shape:
    inside = signature.partition("(")[2].removesuffix(")")
    return tuple(_parameter(part.strip()) for part in inside.split(",") if part)


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    kinds = kinds.strip()
    optional = name.endswith("?")
    rest = name.startswith("...")
    return Parameter(
        name.strip("?."),
        _type(kinds.removesuffix("?")),
        nullable=kinds in ("", "any") or kinds.endswith("?"),
        optional=optional,
        rest=rest,
    )


def _type(kinds: str) -> Type | None:
    if kinds in ("", "any"):
        return None
    if "|" not in kinds:
        return SIMPLE[kinds]
    return KindType(frozenset(kinds.split("|")))
