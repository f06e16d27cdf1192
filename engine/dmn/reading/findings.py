"""Problems found while a file is read, each with its place and the mend."""

from __future__ import annotations

from engine.dmn import xml
from engine.errors import Problem
from engine.feel.errors import FeelError


class Findings:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def error(self, code: str, element: xml.Element, message: str, mend: str) -> None:
        place = xml.line(element)
        self.problems.append(
            Problem(self.file, place, _owner(element), xml.local(element), code, message, mend)
        )

    def expression(self, element: xml.Element, wrong: FeelError) -> None:
        """A text that is not FEEL; its own place is inside the file already."""
        line = wrong.line or xml.line(element)
        self.problems.append(
            Problem(
                self.file,
                line,
                _owner(element),
                xml.local(element),
                wrong.code,
                wrong.message,
                "Correct the expression.",
            )
        )


def _owner(element: xml.Element) -> str | None:
    """The id of the nearest element that has one, or else its name."""
    found: xml.Element | None = element
    while found is not None:
        name = found.get("id") or found.get("name")
        if name:
            return name
        found = found.getparent()
    return None
