"""What is wrong with models before anyone evaluates them: references, cycles, types, names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.dmn.loading import Model
from engine.dmn.model import Decision, Definitions, Element, InputData, Key, Knowledge, Service
from engine.dmn.nodes import Fitted, Output, Table
from engine.dmn.types import types_of
from engine.errors import Problem
from engine.feel.analysis import children, references
from engine.feel.builtins import BUILTINS
from engine.feel.syntax import FunctionOf, InstanceOf, Node
from engine.feel.types import SIMPLE, TypeName

_Lookup = Callable[[Key], Element | None]


def findings(model: Model) -> Iterator[Problem]:
    """Beyond those that reading found."""
    for file in model.files.values():
        yield from _Checker(file.definitions, model).problems()


class _Checker:
    """Checks one file among all."""

    def __init__(self, definitions: Definitions, model: Model) -> None:
        self.definitions = definitions
        self.model = model
        known = {name: file.definitions for name, file in model.files.items()}
        self.types = {*SIMPLE, *types_of(definitions, known)}

    def problems(self) -> Iterator[Problem]:
        yield from self._imports()
        yield from self._items()
        for element in self.definitions.elements.values():
            yield from self._references(element)
            yield from self._cycles(element)
            if not isinstance(element, Decision):  # its type stands in its logic too
                yield from self._type(element, element.type)
            if isinstance(element, Decision | Knowledge):
                yield from self._logic(element)

    def _problem(
        self, line: int, element: str, code: str, message: str, mend: str, severity: str = "error"
    ) -> Problem:
        file = self.definitions.file
        return Problem(file, line, element, None, code, message, mend, severity)

    def _element(self, key: Key) -> Element | None:
        file = self.model.files.get(key[0])
        return file.definitions.elements.get(key) if file else None

    def _imports(self) -> Iterator[Problem]:
        for namespace, prefix in self.definitions.imports.items():
            if namespace not in self.model.files:
                yield self._problem(
                    1,
                    prefix,
                    "missing_import",
                    f"Expected a model of the namespace {namespace!r}, but there is none.",
                    "Deploy it in the same bundle.",
                )

    def _items(self) -> Iterator[Problem]:
        for item in self.definitions.items.values():
            for part in (item, *item.fields.values()):
                for name in _simple_names(part.base):
                    if name not in self.types:
                        yield self._unknown_type(part.line, item.name, name)

    def _type(self, element: Element, type_: TypeName | None) -> Iterator[Problem]:
        for name in _simple_names(type_):
            if name not in self.types:
                yield self._unknown_type(element.line, element.name, name)

    def _unknown_type(self, line: int, element: str, name: str) -> Problem:
        return self._problem(
            line,
            element,
            "unknown_type",
            f"Expected a known type, but {name!r} is none.",
            "Define it as an item definition, or correct the name.",
        )

    # -- requirements ----------------------------------------------------------------------

    def _references(self, element: Element) -> Iterator[Problem]:
        for key in _targets(element):
            if self._element(key) is None:
                yield self._problem(
                    element.line,
                    element.name,
                    "unknown_reference",
                    f"Expected {element.name!r} to require what exists, but {key[1]!r} does not.",
                    "Remove the requirement, or add the element.",
                )

    def _cycles(self, element: Element) -> Iterator[Problem]:
        if _reaches(element.key, self._element):
            yield self._problem(
                element.line,
                element.name,
                "requirement_cycle",
                f"Expected {element.name!r} not to require itself, but it does.",
                "Remove one of the requirements in the circle.",
            )

    # -- logic -----------------------------------------------------------------------------

    def _logic(self, element: Decision | Knowledge) -> Iterator[Problem]:
        if element.logic is None:
            yield self._problem(
                element.line,
                element.name,
                "no_logic",
                f"{element.name!r} has no logic: its value is always null.",
                "Add a table or an expression.",
                "warning",
            )
            return
        yield from self._names(element, element.logic)
        for node in _walk(element.logic):
            yield from self._node(element, node)

    def _names(self, element: Decision | Knowledge, logic: Node) -> Iterator[Problem]:
        used = references(logic)
        free = isinstance(element, Decision) and not self.definitions.declares_inputs
        names = used.functions if free else used.variables | used.functions
        for name in sorted(names - self._visible(element)):
            yield self._problem(
                element.line,
                element.name,
                "unknown_variable",
                f"Expected only names that {element.name!r} requires, but {name!r} is not.",
                "Draw the requirement, or correct the name.",
            )

    def _visible(self, element: Decision | Knowledge) -> set[str]:
        names = {"?", *BUILTINS}
        for key in element.requires:
            prefix = self.definitions.imports.get(key[0])
            required = self._element(key)
            if prefix and key[0] != self.definitions.namespace:
                names.add(prefix)
            elif required is not None:
                names |= {required.name, *getattr(required, "outputs", ())}
        return names

    def _node(self, element: Element, node: Node) -> Iterator[Problem]:
        for type_ in _types_in(node):
            yield from self._type(element, type_)
        if isinstance(node, Table) and len(node.outputs) > 1:
            yield from self._outputs(element, node)

    def _outputs(self, element: Element, table: Table) -> Iterator[Problem]:
        names = [output.name for output in table.outputs]
        if None in names or len(set(names)) < len(names):
            yield self._problem(
                table.place.line,
                element.name,
                "output_names",
                "Expected each output of the table to have a name of its own.",
                "Name the outputs.",
            )


def _targets(element: Element) -> Sequence[Key]:
    if isinstance(element, Service):
        return (*element.outputs, *element.inputs, *element.input_decisions)
    return () if isinstance(element, InputData) else getattr(element, "requires", ())


def _reaches(start: Key, element_of: _Lookup) -> bool:
    """Whether an element requires itself, at whatever distance."""
    seen: set[Key] = set()
    open_keys = list(_required(start, element_of))
    while open_keys:
        key = open_keys.pop()
        if key == start:
            return True
        if key not in seen:
            seen.add(key)
            open_keys += _required(key, element_of)
    return False


def _required(key: Key, element_of: _Lookup) -> Sequence[Key]:
    element = element_of(key)
    return element.requires if isinstance(element, Decision | Knowledge) else ()


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _types_in(node: Node) -> Iterator[TypeName | None]:
    if isinstance(node, Fitted | Output | InstanceOf):
        yield node.type
    elif isinstance(node, FunctionOf):
        yield from (type_ for _, type_ in node.parameters)


def _simple_names(type_: TypeName | None) -> Iterator[str]:
    """The names at the leaves of a type."""
    if type_ is None:
        return
    parts = (*type_.parts, *(field for _, field in type_.fields))
    if not parts:
        yield type_.name
    for part in parts:
        yield from _simple_names(part)
