"""What a decision's boxes say, as syntax nodes beside those of FEEL: one tree, compiled as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.feel.syntax import Node, UnaryTests
from engine.feel.types import TypeName


@dataclass(frozen=True, slots=True)
class Fitted(Node):
    """A value with a declared type: it is fitted to it, or null."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """What cannot be read or is not supported; its problem has been reported."""

    message: str


@dataclass(frozen=True, slots=True)
class Column(Node):
    """An input of a table: the expression, and the values that it may have."""

    value: Node
    allowed: UnaryTests | None = None


@dataclass(frozen=True, slots=True)
class Output(Node):
    """An output of a table. `values` are in order of priority, highest first."""

    name: str | None
    values: UnaryTests | None = None
    default: Node | None = None
    type: TypeName | None = None


@dataclass(frozen=True, slots=True)
class Rule(Node):
    tests: Sequence[UnaryTests]
    results: Sequence[Node]


@dataclass(frozen=True, slots=True)
class Table(Node):
    columns: Sequence[Column]
    outputs: Sequence[Output]
    rules: Sequence[Rule]
    hit_policy: str
    aggregation: str | None = None
    #: what rules that answer are counted by; empty: they are not
    key: str = ""
