"""A file's item definitions as FEEL types, and input data brought into their shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.compiler import Code, compiled
from engine.dmn.model import Definitions, Item
from engine.feel.errors import Nothing
from engine.feel.kinds import DATE, DATE_TIME, DAYS, MONTHS, TIME, kind
from engine.feel.scope import Run, root
from engine.feel.syntax import Node
from engine.feel.temporal.text import read_any
from engine.feel.types import (
    ANY,
    ContextType,
    FunctionType,
    KindType,
    ListType,
    Type,
    TypeName,
    resolve,
)

Types = dict[str, Type]


@dataclass(frozen=True, slots=True)
class Reference:
    """A type by its name, looked up when used: definitions may come in any order, or be cyclic."""

    name: TypeName
    types: Types

    @property
    def target(self) -> Type:
        return resolve(self.name, self.types)

    def has(self, value: Any, run: Run) -> bool:
        run.meter.step()
        return self.target.has(value, run)

    def fits(self, value: Any, run: Run) -> bool:
        run.meter.step()
        return self.target.fits(value, run)


@dataclass(frozen=True, slots=True)
class Constrained:
    """A type whose values also pass unary tests."""

    base: Type
    tests: Code

    def has(self, value: Any, run: Run) -> bool:
        return self.base.has(value, run) and self._passes(value, run)

    def fits(self, value: Any, run: Run) -> bool:
        return value is None or (self.base.fits(value, run) and self._passes(value, run))

    def _passes(self, value: Any, run: Run) -> bool:
        return self.tests(root(run, {"?": value})) is True


def types_of(definitions: Definitions, by_namespace: Mapping[str, Definitions]) -> Types:
    """The file's own types by name, and those of imported files behind their prefix."""
    types: Types = {}
    for name, item in definitions.items.items():
        types[name] = _type(item, types)
    for namespace, prefix in definitions.imports.items():
        imported = by_namespace.get(namespace)
        if imported is not None and imported is not definitions:
            _add_imported(types, prefix, imported)
    return types


def _add_imported(types: Types, prefix: str, imported: Definitions) -> None:
    own: Types = {}
    for name, item in imported.items.items():
        own[name] = _type(item, own)
    for name, type_ in own.items():
        types.setdefault(f"{prefix}.{name}" if prefix else name, type_)


def _type(item: Item, types: Types) -> Type:
    made = _constrained(_base(item, types), item.allowed)
    if item.collection:
        made = ListType(made)
    return _constrained(made, item.constraint)


def _base(item: Item, types: Types) -> Type:
    if item.fields:
        return ContextType({name: _type(field, types) for name, field in item.fields.items()})
    return Reference(item.base, types) if item.base is not None else ANY


def _constrained(base: Type, tests: Node | None) -> Type:
    return base if tests is None else Constrained(base, compiled(tests))


def settled(type_: Type) -> Type:
    """The type itself behind references and constraints."""
    for _ in range(100):
        if isinstance(type_, Reference):
            type_ = type_.target
        elif isinstance(type_, Constrained):
            type_ = type_.base
        else:
            return type_
    return ANY


def is_function(type_: Type) -> bool:
    return isinstance(settled(type_), FunctionType)


_TEMPORAL = frozenset({DATE, TIME, DATE_TIME, DAYS, MONTHS})


def hydrated(value: Any, type_: Type) -> Any:
    """Input data with ISO texts made dates, times and durations where the type asks for them."""
    wanted = settled(type_)
    if isinstance(wanted, KindType) and isinstance(value, str) and wanted.kinds <= _TEMPORAL:
        return _read(value, wanted)
    if isinstance(wanted, ListType) and isinstance(value, list):
        return [hydrated(each, wanted.element) for each in value]
    if isinstance(wanted, ContextType) and isinstance(value, dict):
        return {
            key: hydrated(each, wanted.fields[key]) if key in wanted.fields else each
            for key, each in value.items()
        }
    return value


def _read(value: str, wanted: KindType) -> Any:
    try:
        found = read_any(value)
    except Nothing:
        return value
    return found if kind(found) in wanted.kinds else value
