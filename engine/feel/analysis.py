"""What an expression refers to, told from its tree alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from engine.feel import syntax
from engine.feel.syntax import Node


@dataclass(frozen=True, slots=True)
class References:
    """Names that an expression takes from outside.

    `variables` are needed for certain; `maybe` stand inside a filter and may be entries of its
    elements instead. `functions` are called.
    """

    variables: frozenset[str]
    maybe: frozenset[str]
    functions: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.variables | self.maybe | self.functions


def references(node: Node) -> References:
    found = _Finder()
    found.visit(node, frozenset(), filtered=False)
    return References(
        frozenset(found.variables),
        frozenset(found.maybe - found.variables),
        frozenset(found.functions),
    )


def mentions(node: Node, name: str) -> bool:
    return name in references(node).all


class _Finder:
    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.maybe: set[str] = set()
        self.functions: set[str] = set()

    def visit(self, node: Node, bound: frozenset[str], *, filtered: bool) -> None:
        match node:
            case syntax.Name(name=name):
                if name not in bound:
                    (self.maybe if filtered else self.variables).add(name)
            case syntax.Call(callee=syntax.Name(name=name)) if name not in bound:
                self.functions.add(name)
                self._children(node, bound, filtered, but=node.callee)
            case syntax.Filter(subject=subject, condition=condition):
                self.visit(subject, bound, filtered=filtered)
                self.visit(condition, bound | {"item"}, filtered=True)
            case syntax.FunctionOf(parameters=parameters, body=body):
                names = {name for name, _ in parameters}
                self.visit(body, bound | names, filtered=filtered)
            case syntax.ContextOf() | syntax.Loop() | syntax.In():
                self._binding(node, bound, filtered=filtered)
            case _:
                self._children(node, bound, filtered)

    def _binding(
        self,
        node: syntax.ContextOf | syntax.Loop | syntax.In,
        bound: frozenset[str],
        *,
        filtered: bool,
    ) -> None:
        if isinstance(node, syntax.ContextOf):
            for key, value in node.entries:
                self.visit(value, bound, filtered=filtered)
                bound |= {key}
        elif isinstance(node, syntax.In):
            self.visit(node.value, bound, filtered=filtered)
            for test in node.tests:
                self.visit(test.operand, bound | {"?"}, filtered=filtered)
        else:
            self._loop(node, bound, filtered=filtered)

    def _loop(self, node: syntax.Loop, bound: frozenset[str], *, filtered: bool) -> None:
        for each in node.iterators:
            self.visit(each.source, bound, filtered=filtered)
            if each.end is not None:
                self.visit(each.end, bound, filtered=filtered)
            bound |= {each.name}
        self.visit(node.body, bound | {"partial"}, filtered=filtered)

    def _children(
        self, node: Node, bound: frozenset[str], filtered: bool, but: Node | None = None
    ) -> None:
        for child in children(node):
            if child is not but:
                self.visit(child, bound, filtered=filtered)


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside this one."""
    for field in fields(node):
        yield from _nodes(getattr(node, field.name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, syntax.Test):
        yield value.operand
    elif isinstance(value, tuple):
        for each in value:
            yield from _nodes(each)
