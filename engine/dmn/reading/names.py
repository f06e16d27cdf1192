"""All names that expressions of a file may use: those of several words must be known."""

from __future__ import annotations

from collections.abc import Iterator

from engine.dmn import xml
from engine.feel.builtins import BUILTINS
from engine.feel.parser import Dictionary

_NAMED = (
    "variable",
    "itemDefinition",
    "itemComponent",
    "formalParameter",
    "parameter",
    "parameters",
    "column",
    "output",
    "decision",
    "inputData",
    "businessKnowledgeModel",
    "decisionService",
    "import",
)


def names_in(root: xml.Element) -> Iterator[str]:
    for element in root.iter("{*}*"):
        if xml.local(element) in _NAMED:
            yield normal(element.get("name"))
        iterator = element.get("iteratorVariable")
        if iterator:
            yield normal(iterator)


def normal(name: str | None) -> str:
    """A name with its white space made single spaces."""
    return " ".join((name or "").split())


_BUILTIN_NAMES = Dictionary(BUILTINS)


def dictionary(*roots: xml.Element) -> Dictionary:
    return Dictionary({name for root in roots for name in names_in(root)}, _BUILTIN_NAMES)
