"""A model as it was read: its elements, their requirements, their types. Plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.feel.syntax import FunctionOf, Node
from engine.feel.types import TypeName

#: An element's namespace and id: unique among all files of a model.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Element:
    """Something that a requirement can point to. `name` is that of its variable: what others see
    of it; `label` is its own.
    """

    key: Key
    label: str
    name: str
    line: int
    type: TypeName | None = None


@dataclass(frozen=True, slots=True)
class InputData(Element):
    pass


@dataclass(frozen=True, slots=True)
class Decision(Element):
    logic: Node | None = None
    requires: Sequence[Key] = ()
    #: its table's outputs, where no variable names it: some tools refer to it by these
    outputs: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Knowledge(Element):
    """A business knowledge model: a function."""

    logic: FunctionOf | Node | None = None
    requires: Sequence[Key] = ()


@dataclass(frozen=True, slots=True)
class Service(Element):
    outputs: Sequence[Key] = ()
    inputs: Sequence[Key] = ()
    input_decisions: Sequence[Key] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item definition. `base` or `fields`; `collection`: a list of that."""

    name: str
    line: int
    base: TypeName | None = None
    fields: Mapping[str, Item] = field(default_factory=dict)
    collection: bool = False
    #: tests of each value (of each element, where it is a collection)
    allowed: Node | None = None
    #: tests of the whole value
    constraint: Node | None = None


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file. `imports` are the prefixes of other files by namespace."""

    file: str
    namespace: str
    name: str
    imports: Mapping[str, str]
    items: Mapping[str, Item]
    elements: Mapping[Key, Element]

    @property
    def declares_inputs(self) -> bool:
        """A file without input data (Camunda draws none) reads whatever names it is given."""
        return any(isinstance(element, InputData) for element in self.elements.values())
