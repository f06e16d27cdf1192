"""The syntax tree: what an expression says, each part with its place in the text. Immutable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.types import TypeName


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Node:
    place: Place


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, text, true, false, null, or the value of an at-literal."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`subject.name`."""

    subject: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`subject[condition]`: elements for which it holds, or the one at a position."""

    subject: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """Arguments are either all by position or all by name."""

    callee: Node
    arguments: Sequence[Node]
    named: Sequence[tuple[str, Node]] = ()


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one rank, from left to right: `first`, then (operator, operand) pairs.

    A chain of a thousand terms is wide, not deep.
    """

    first: Node
    rest: Sequence[tuple[str, Node]]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` or `or` of two or more."""

    operator: str
    operands: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One unary test. With an operator: `? operator operand`; without: the operand is a value or
    range to match, or says itself whether it holds.
    """

    operator: str | None
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """Tests of which one must hold; none at all is `-`, which always holds."""

    tests: Sequence[Test]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: Sequence[Test]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class If(Node):
    """Conditions with their results, in order, then what holds otherwise."""

    branches: Sequence[tuple[Node, Node]]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """kind: for, some, every."""

    kind: str
    iterators: Sequence[Iterator]
    body: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: Sequence[Node]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: Sequence[tuple[str, Node]]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    """An interval, or a one-sided range where `form` is its operator and `low` its operand."""

    low: Node
    high: Node | None
    low_included: bool = True
    high_included: bool = True
    form: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    parameters: Sequence[tuple[str, TypeName | None]]
    body: Node
