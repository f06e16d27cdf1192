"""Collects located problems while a file is read."""

from __future__ import annotations

from lxml import etree

from engine.errors import Problem
from engine.runtime.parse import names

#: what is wrong with the file as such, whichever part of it is executed
_WHOLE_FILE = frozenset({"duplicate_id"})


class Findings:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(
        self,
        code: str,
        at: etree._Element,
        message: str,
        mend: str,
        attribute: str | None = None,
    ) -> None:
        self._add(code, at, message, mend, attribute, "error")

    def warn(
        self,
        code: str,
        at: etree._Element,
        message: str,
        mend: str,
        attribute: str | None = None,
        element: str | None = None,
    ) -> None:
        """`element`: the one that is meant, where `at` is another, such as its drawing."""
        self._add(code, at, message, mend, attribute, "warning", element)

    def _add(
        self,
        code: str,
        at: etree._Element,
        message: str,
        mend: str,
        attribute: str | None,
        severity: str,
        element: str | None = None,
    ) -> None:
        if severity == "error" and code not in _WHOLE_FILE and _only_drawn(at):
            severity = "warning"
        found = Problem(
            self.file,
            names.line(at),
            element or owner_id(at),
            attribute,
            code,
            message,
            mend,
            severity,
        )
        self.problems.append(found)


def _only_drawn(element: etree._Element | None) -> bool:
    """Whether it belongs to a process that nobody executes: a pool drawn beside the one that is."""
    while element is not None:
        if element.tag == names.bpmn("process"):
            return not names.flag(element, "isExecutable", default=True)
        element = element.getparent()
    return False


def owner_id(element: etree._Element | None) -> str | None:
    """The id of the BPMN element meant: this one, or the nearest one around it that has an id."""
    while element is not None:
        if names.namespace(element) == names.BPMN and (found := element.get("id")):
            return str(found)
        element = element.getparent()
    return None
