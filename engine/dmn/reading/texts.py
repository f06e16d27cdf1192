"""FEEL texts inside a file, parsed with their true lines."""

from __future__ import annotations

from collections.abc import Callable

from engine.dmn import xml
from engine.dmn.nodes import Broken
from engine.dmn.reading.findings import Findings
from engine.dmn.reading.names import normal
from engine.feel import parser
from engine.feel.errors import FeelError, FeelSyntaxError
from engine.feel.parser import Dictionary
from engine.feel.syntax import Literal, Node, Place, Test, UnaryTests
from engine.feel.types import TypeName

_FEEL = (
    "http://www.omg.org/spec/FEEL/20140401",
    "http://www.omg.org/spec/DMN/20180521/FEEL/",
    "https://www.omg.org/spec/DMN/20191111/FEEL/",
    "https://www.omg.org/spec/DMN/20211108/FEEL/",
    "https://www.omg.org/spec/DMN/20230324/FEEL/",
    "feel",
)


class Texts:
    """Reads expressions with the names that a file knows."""

    def __init__(self, known: Dictionary, found: Findings) -> None:
        self.known = known
        self.found = found

    def expression(self, element: xml.Element) -> Node:
        """The `text` of an element; without one it is null."""
        language = element.get("expressionLanguage")
        if language and language.lower() not in map(str.lower, _FEEL):
            return self.unsupported(element, f"the language {language[:80]!r}")
        return self._read(element, parser.parse_expression) or Literal(place(element), None)

    def tests(self, element: xml.Element | None) -> UnaryTests | None:
        """Unary tests; None where there are none."""
        if element is None:
            return None
        read = self._read(element, parser.parse_unary)
        if isinstance(read, Broken):
            return UnaryTests(read.place, (Test(read.place, None, read),))
        return read if isinstance(read, UnaryTests) else None

    def _read(
        self, element: xml.Element, read: Callable[[str, Dictionary, int], Node]
    ) -> Node | None:
        source = xml.child(element, "text")
        text = (source.text or "") if source is not None else ""
        if source is None or not text.strip():
            return None
        try:
            return read(text, self.known, _first_line(source))
        except FeelError as wrong:
            return self._broken(element, wrong)
        except RecursionError:
            return self._broken(element, FeelSyntaxError("Expected a less deeply nested text."))

    def _broken(self, element: xml.Element, wrong: FeelError) -> Broken:
        self.found.expression(element, wrong)
        return Broken(place(element), str(wrong))

    def unsupported(self, element: xml.Element, what: str) -> Broken:
        message = f"Expected what can be executed here, but found {what}."
        self.found.error("unsupported", element, message, "Write it as a FEEL expression.")
        return Broken(place(element), message)


def place(element: xml.Element) -> Place:
    return Place(xml.line(element), 0)


def _first_line(element: xml.Element) -> int:
    """Where the text of an element begins; libxml2 tells the line of the tag's end."""
    return max(xml.line(element), 1)


def type_name(element: xml.Element | None) -> TypeName | None:
    """The `typeRef` of an element, by attribute (DMN 1.2 on) or child (1.1); `feel:` is dropped."""
    if element is None:
        return None
    name = normal(element.get("typeRef") or xml.text_of(element, "typeRef"))
    prefix, separator, rest = name.partition(":")
    if separator and prefix in element.nsmap:
        name = rest
    return TypeName(name) if name and name not in ("Any", "Undefined", "<Undefined>") else None
