"""Boxed expressions to syntax nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.dmn import xml
from engine.dmn.nodes import Fitted
from engine.dmn.reading.names import normal
from engine.dmn.reading.tables import read_table
from engine.dmn.reading.texts import Texts, place, type_name
from engine.feel import syntax
from engine.feel.syntax import Node
from engine.feel.types import TypeName

#: The name of the entry that has none: no variable can be called so.
_RESULT = ""

Read = Callable[["Boxes", xml.Element], Node]


class Boxes:
    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def first(self, element: xml.Element | None) -> Node | None:
        """The expression inside an element, of whatever kind; None where there is none."""
        if element is None:
            return None
        found = xml.child(element, *_READERS)
        return self.read(found) if found is not None else None

    def inside(self, element: xml.Element, name: str) -> Node:
        """The expression inside a named child; null where there is none."""
        return self.first(xml.child(element, name)) or syntax.Literal(place(element), None)

    def all(self, element: xml.Element) -> tuple[Node, ...]:
        return tuple(self.read(found) for found in xml.children(element, *_READERS))

    def read(self, element: xml.Element) -> Node:
        node = _READERS[xml.local(element)](self, element)
        return fitted(node, type_name(element))

    # -- one method for each kind of box -----------------------------------------------------

    def literal(self, element: xml.Element) -> Node:
        if xml.child(element, "importedValues") is not None:
            return self.texts.unsupported(element, "imported values")
        return self.texts.expression(element)

    def table(self, element: xml.Element) -> Node:
        return read_table(self.texts, element)

    def context(self, element: xml.Element) -> Node:
        """An entry without a name is the result; it sees the others."""
        entries = tuple(self._entry(each) for each in xml.children(element, "contextEntry"))
        made = syntax.ContextOf(place(element), entries)
        has_result = any(name == _RESULT for name, _ in entries)
        return syntax.Path(place(element), made, _RESULT) if has_result else made

    def _entry(self, entry: xml.Element) -> tuple[str, Node]:
        variable = xml.child(entry, "variable")
        value = self.first(entry) or syntax.Literal(place(entry), None)
        if variable is None:
            return _RESULT, value
        return normal(variable.get("name")), fitted(value, type_name(variable))

    def invocation(self, element: xml.Element) -> Node:
        callee = self.first(element) or syntax.Literal(place(element), None)
        bindings = []
        for binding in xml.children(element, "binding"):
            parameter = xml.child(binding, "parameter")
            name = normal(parameter.get("name")) if parameter is not None else ""
            value = self.first(binding) or syntax.Literal(place(binding), None)
            bindings.append((name, fitted(value, type_name(parameter))))
        return syntax.Call(place(element), callee, (), tuple(bindings))

    def function(self, element: xml.Element) -> Node:
        if element.get("kind", "FEEL") != "FEEL":
            return self.texts.unsupported(element, f"a {element.get('kind')} function")
        parameters = tuple(
            (normal(each.get("name")), type_name(each))
            for each in xml.children(element, "formalParameter")
        )
        body = self.first(element) or syntax.Literal(place(element), None)
        return syntax.FunctionOf(place(element), parameters, body)

    def relation(self, element: xml.Element) -> Node:
        columns = [
            (normal(each.get("name")), type_name(each)) for each in xml.children(element, "column")
        ]
        rows = tuple(self._row(columns, row) for row in xml.children(element, "row"))
        return syntax.ListOf(place(element), rows)

    def _row(self, columns: list[tuple[str, TypeName | None]], row: xml.Element) -> Node:
        cells = zip(columns, self.all(row), strict=False)
        entries = tuple((name, fitted(cell, type_)) for (name, type_), cell in cells)
        return syntax.ContextOf(place(row), entries)

    def list(self, element: xml.Element) -> Node:
        return syntax.ListOf(place(element), self.all(element))

    def conditional(self, element: xml.Element) -> Node:
        branch = (self.inside(element, "if"), self.inside(element, "then"))
        return syntax.If(place(element), (branch,), self.inside(element, "else"))

    def filter(self, element: xml.Element) -> Node:
        subject, match = self.inside(element, "in"), self.inside(element, "match")
        return syntax.Filter(place(element), subject, match)

    def loop(self, element: xml.Element) -> Node:
        kind = xml.local(element)
        name = normal(element.get("iteratorVariable"))
        iterator = syntax.Iterator(name, self.inside(element, "in"))
        body = self.inside(element, "return" if kind == "for" else "satisfies")
        return syntax.Loop(place(element), kind, (iterator,), body)


def fitted(node: Node, type_: TypeName | None) -> Node:
    return Fitted(node.place, node, type_) if type_ is not None else node


_READERS: Mapping[str, Read] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "invocation": Boxes.invocation,
    "functionDefinition": Boxes.function,
    "relation": Boxes.relation,
    "list": Boxes.list,
    "conditional": Boxes.conditional,
    "filter": Boxes.filter,
    "for": Boxes.loop,
    "some": Boxes.loop,
    "every": Boxes.loop,
}
