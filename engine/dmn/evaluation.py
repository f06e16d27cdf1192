"""Evaluating an element of a model with everything that it requires, each thing once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.dmn.compiler import Code
from engine.dmn.model import Decision, Definitions, Element, InputData, Key, Knowledge, Service
from engine.dmn.types import Types, hydrated, is_function, settled
from engine.feel import functions
from engine.feel.border import inward
from engine.feel.builtins import BUILTINS
from engine.feel.errors import Nothing, UnknownVariable
from engine.feel.kinds import Function, Parameter
from engine.feel.scope import Frame, Run, root
from engine.feel.types import FunctionType, Type, TypeName, fit, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class File:
    """One file made ready: its definitions, its types, its elements' compiled logic."""

    definitions: Definitions
    types: Types
    code: Mapping[Key, Code]


Files = Mapping[str, File]


class Evaluation:
    """One evaluation in one set of inputs. A decision service has its own inside the caller's."""

    def __init__(self, files: Files, run: Run, inputs: Mapping[str, Any]) -> None:
        self.files = files
        self.run = run
        self.inputs = inputs
        self.values: dict[Key, Any] = {}
        self._busy: set[Key] = set()

    def result_of(self, element: Element) -> Any:
        """A decision's value, or what a service or knowledge model makes of the inputs."""
        value = self.value_of(element.key)
        if isinstance(element, Decision) or not isinstance(value, Function):
            return value
        try:
            return functions.call_named(value, self.run, self._arguments(element, value))
        except Nothing as reason:
            return self._complain(f"{element.name}: {reason}", element)

    def _arguments(self, element: Element, function: Function) -> dict[str, Any]:
        """The inputs by the names of the parameters; a missing one is null."""
        if isinstance(element, Service):
            inputs = [self.element(key) for key in _parameters(element)]
            return {each.name: self._argument(each) for each in inputs if each is not None}
        return {each.name: inward(self.inputs.get(each.name)) for each in function.shapes[0]}

    def _argument(self, element: Element) -> Any:
        value = inward(self.inputs.get(element.name, self.inputs.get(element.label)))
        return self._shaped(value, element, self.files[element.key[0]])

    def value_of(self, key: Key) -> Any:
        if key not in self.values:
            self.values[key] = self._computed(key)
        return self.values[key]

    def _computed(self, key: Key) -> Any:
        element = self.element(key)
        if element is None:
            return self._complain(f"Expected an element {key[1]!r}, but there is none.")
        if key in self._busy:
            return self._complain(f"Expected {element.name!r} not to require itself.", element)
        self._busy.add(key)
        try:
            with self._in(key[0]) as file:
                return self._of(element, file)
        finally:
            self._busy.discard(key)

    def element(self, key: Key) -> Element | None:
        file = self.files.get(key[0])
        return file.definitions.elements.get(key) if file else None

    @contextmanager
    def _in(self, namespace: str) -> Iterator[File]:
        """Type names mean those of the element's own file."""
        file = self.files[namespace]
        before, self.run.types = self.run.types, file.types
        try:
            yield file
        finally:
            self.run.types = before

    def _of(self, element: Element, file: File) -> Any:
        if isinstance(element, InputData):
            return self._input(element, file)
        if isinstance(element, Decision):
            return self._decision(element, file)
        if isinstance(element, Knowledge):
            return self._knowledge(element, file)
        assert isinstance(element, Service)
        return self._service(element, file)

    def _complain(self, message: str, element: Element | None = None) -> None:
        self.run.warn(message, element.line if element else 0)

    # -- input data ------------------------------------------------------------------------

    def _input(self, element: Element, file: File) -> Any:
        """As given, in the shape of its type; what does not fit is null."""
        for name in (element.name, element.label):
            if name in self.inputs:
                return self._shaped(inward(self.inputs[name]), element, file)
        if not self.run.lenient:
            raise UnknownVariable(element.name)
        return self._complain(f"Expected an input {element.name!r}, but it is not given.")

    def _shaped(self, value: Any, element: Element, file: File) -> Any:
        if element.type is None:
            return value
        wanted = resolve(element.type, file.types)
        return self._fitted(hydrated(value, wanted), wanted, element)

    def _fitted(self, value: Any, wanted: Type, element: Element) -> Any:
        try:
            return fit(value, wanted, self.run)
        except Nothing as reason:
            return self._complain(f"{element.name}: {reason}", element)

    # -- decisions and knowledge -----------------------------------------------------------

    def _decision(self, element: Decision, file: File) -> Any:
        frame = self._frame(element.requires, file, self._undeclared(file))
        code = file.code.get(element.key)
        if code is None:
            return self._complain(f"Expected {element.name!r} to have logic, but it is empty.")
        return code(frame)

    def _undeclared(self, file: File) -> Mapping[str, Any]:
        """What a decision reads without requiring it: all that is given, in a file that declares
        no input data. A variable does not hide a built-in function.
        """
        return _NONE if file.definitions.declares_inputs else self._given_names

    @cached_property
    def _given_names(self) -> Mapping[str, Any]:
        return {name: inward(v) for name, v in self.inputs.items() if name not in BUILTINS}

    def _frame(
        self, requires: Sequence[Key], file: File, undeclared: Mapping[str, Any] = _NONE
    ) -> Frame:
        """The names that an element sees: what it requires, and what its file may read freely."""
        names: dict[str, Any] = dict(undeclared)
        for key in requires:
            value = self.value_of(key)
            element = self.element(key)
            if element is None:
                continue
            prefix = file.definitions.imports.get(key[0])
            if prefix and key[0] != file.definitions.namespace:
                names.setdefault(prefix, {})[element.name] = value
            else:
                names |= _answers(element, value)
                names[element.name] = value
        return root(self.run, names)

    def _knowledge(self, element: Knowledge, file: File) -> Any:
        frame = self._frame(element.requires, file)
        code = file.code.get(element.key)
        function = code(frame) if code is not None else None
        if not isinstance(function, Function):
            return self._complain(f"Expected {element.name!r} to be a function, but it is empty.")
        return self._typed(replace(function, name=element.name), element.type, element)

    def _typed(self, function: Function, type_: TypeName | None, element: Element) -> Function:
        """Runs with its own file's types, and gives what its variable's type says."""
        file = self.files[element.key[0]]
        wanted = _result_type(type_, file.types)

        def body(run: Run, arguments: Sequence[Any]) -> Any:
            with self._in(element.key[0]):
                result = function.body(run, arguments)
                return result if wanted is None else fit(result, wanted, run)

        return replace(function, body=body)

    # -- decision services -----------------------------------------------------------------

    def _service(self, element: Service, file: File) -> Function:
        inputs = [self.element(key) for key in _parameters(element)]
        known = [each for each in inputs if each is not None]
        shape = tuple(
            Parameter(each.name, resolve(each.type, file.types) if each.type else None)
            for each in known
        )

        def body(run: Run, arguments: Sequence[Any]) -> Any:
            run.meter.enter()
            try:
                given = dict(zip((each.key for each in known), arguments, strict=True))
                return self.serve(element, given)
            finally:
                run.meter.leave()

        return self._typed(Function(element.name, (shape,), body), element.type, element)

    def serve(self, element: Service, given: Mapping[Key, Any]) -> Any:
        """The service's output: one decision's value, or a context of several."""
        inner = Evaluation(self.files, self.run, {})
        inner.values.update(given)
        outputs = {key: inner.element(key) for key in element.outputs}
        values = {each.name: inner.value_of(key) for key, each in outputs.items() if each}
        return next(iter(values.values())) if len(values) == 1 else values


def _answers(element: Element, value: Any) -> dict[str, Any]:
    """A required table that no variable names, by the names of its outputs."""
    outputs = element.outputs if isinstance(element, Decision) else ()
    if len(outputs) == 1:
        return {outputs[0]: value}
    return {name: value[name] for name in outputs} if isinstance(value, dict) else {}


def _parameters(service: Service) -> Sequence[Key]:
    """In the order of its parameters: input data first."""
    return (*service.inputs, *service.input_decisions)


def _result_type(type_: TypeName | None, types: Types) -> Type | None:
    """What a function must give: a function type's result, or the type itself (DMN 1.1, 1.2)."""
    if type_ is None:
        return None
    declared = resolve(type_, types)
    if is_function(declared):
        settled_type = settled(declared)
        assert isinstance(settled_type, FunctionType)
        return settled_type.result
    return declared
