"""Types: their names in a text, which values are of them, and how a value is fitted to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.feel.errors import Nothing
from engine.feel.kinds import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Function,
    Parameter,
    Range,
    kind,
)
from engine.feel.temporal.arithmetic import as_date_time

if TYPE_CHECKING:
    from engine.feel.scope import Run


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as written: `list<T>` and `range<T>` have one part, `function<A, B> -> R` its
    parameters and then its result, a context its fields.
    """

    name: str
    parts: Sequence[TypeName] = ()
    fields: Sequence[tuple[str, TypeName]] = ()


class Type(Protocol):
    def has(self, value: Any, run: Run) -> bool:
        """Whether the value is of this type; null is of none."""
        ...

    def fits(self, value: Any, run: Run) -> bool:
        """Whether the value may stand where this type is asked for; null may."""
        ...


class AnyType:
    def has(self, value: Any, _run: Run) -> bool:
        return value is not None

    def fits(self, _value: Any, _run: Run) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class KindType:
    """All values of some kinds."""

    kinds: frozenset[str]

    def has(self, value: Any, _run: Run) -> bool:
        return kind(value) in self.kinds

    def fits(self, value: Any, _run: Run) -> bool:
        return value is None or kind(value) in self.kinds


@dataclass(frozen=True, slots=True)
class ListType:
    element: Type

    def has(self, value: Any, run: Run) -> bool:
        return type(value) is list and _all(self.element.has, value, run)

    def fits(self, value: Any, run: Run) -> bool:
        return value is None or (type(value) is list and _all(self.element.fits, value, run))


@dataclass(frozen=True, slots=True)
class RangeType:
    element: Type

    def has(self, value: Any, run: Run) -> bool:
        return type(value) is Range and _all(self.element.fits, (value.low, value.high), run)

    def fits(self, value: Any, run: Run) -> bool:
        return value is None or self.has(value, run)


@dataclass(frozen=True, slots=True)
class ContextType:
    """A context with at least these entries."""

    fields: Mapping[str, Type]

    def has(self, value: Any, run: Run) -> bool:
        return type(value) is dict and all(
            name in value and (value[name] is None or field.has(value[name], run))
            for name, field in self.fields.items()
        )

    def fits(self, value: Any, run: Run) -> bool:
        return value is None or (
            type(value) is dict
            and all(
                name in value and field.fits(value[name], run)
                for name, field in self.fields.items()
            )
        )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """A function that can be called with arguments of these types."""

    parameters: Sequence[Type]
    result: Type

    def has(self, value: Any, _run: Run) -> bool:
        return type(value) is Function and any(map(self._accepts, value.shapes))

    def _accepts(self, shape: Sequence[Parameter]) -> bool:
        least = sum(not parameter.optional for parameter in shape)
        if not least <= len(self.parameters) <= len(shape):
            return False
        return all(
            _includes(parameter.type, given)
            for parameter, given in zip(shape, self.parameters, strict=False)
        )

    def fits(self, value: Any, run: Run) -> bool:
        return value is None or self.has(value, run)


def _includes(wanted: Type | None, given: Type) -> bool:
    """Whether a parameter takes all values of a type; told for simple types only."""
    if isinstance(wanted, KindType) and isinstance(given, KindType):
        return given.kinds <= wanted.kinds
    return True


def _all(test: Callable[[Any, Run], bool], values: Sequence[Any], run: Run) -> bool:
    run.meter.work(len(values) // 8)
    return all(test(value, run) for value in values)


ANY = AnyType()
#: A type that no value has: an unknown name.
NONE = KindType(frozenset())


def _of(*kinds: str) -> KindType:
    return KindType(frozenset(kinds))


SIMPLE: Mapping[str, Type] = {
    "Any": ANY,
    "Null": _of(NULL),
    "number": _of(NUMBER),
    "string": _of(STRING),
    "boolean": _of(BOOLEAN),
    "date": _of(DATE),
    "time": _of(TIME),
    "date and time": _of(DATE_TIME),
    "dateTime": _of(DATE_TIME),
    "days and time duration": _of(DAYS),
    "dayTimeDuration": _of(DAYS),
    "years and months duration": _of(MONTHS),
    "yearMonthDuration": _of(MONTHS),
    "duration": _of(DAYS, MONTHS),
    "list": _of(LIST),
    "context": _of(CONTEXT),
    "range": _of(RANGE),
    "function": _of(FUNCTION),
}


def resolve(name: TypeName, known: Mapping[str, Type]) -> Type:
    """The type of this name; `known` are a model's own."""
    if name.fields:
        return ContextType({key: resolve(field, known) for key, field in name.fields})
    if name.parts:
        parts = [resolve(part, known) for part in name.parts]
        if name.name == LIST:
            return ListType(parts[0])
        return RangeType(parts[0]) if name.name == RANGE else FunctionType(parts[:-1], parts[-1])
    return known.get(name.name) or SIMPLE.get(name.name, NONE)


def fit(value: Any, wanted: Type, run: Run) -> Any:
    """The value, or what the standard makes of it for this type (DMN 1.5, 10.3.2.9.4)."""
    if wanted.fits(value, run):
        return value
    if type(value) is list and len(value) == 1 and wanted.fits(value[0], run):
        return value[0]
    if type(value) is not list and wanted.fits([value], run):
        return [value]
    if kind(value) == DATE:
        moment = as_date_time(value)
        if wanted.fits(moment, run):
            return moment
    raise Nothing(f"Expected another type, but got a {kind(value)} that cannot be fitted to it.")
