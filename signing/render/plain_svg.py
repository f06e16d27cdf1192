"""Whether an SVG only draws: no scripts, no references, nothing that is drawn otherwise than here.

Read by expat as it comes, so that the line is known and nothing is built of what is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn
from xml.parsers import expat

from signing.errors import UnusableEmblem
from signing.render.paint import BARE, colour, painted

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "polygon", "polyline", "line"})
_SILENT = frozenset({"svg", "g", "title", "desc", "defs"})
_MOST_BYTES = 1024 * 1024
_MOST_ELEMENTS = 5_000
_DEEPEST = 50


def check_svg(source: bytes) -> None:
    """Raises `UnusableEmblem` at the first line that an emblem has no need of."""
    if len(source) > _MOST_BYTES:
        raise UnusableEmblem("Expected an SVG of at most 1 MB.", "too_large")
    reader = _Reader()
    try:
        reader.parser.Parse(source.lstrip(), True)
    except expat.ExpatError as error:
        raise UnusableEmblem(
            f"Expected well-formed XML, but {expat.ErrorString(error.code)}.",
            "not_xml",
            error.lineno,
        ) from error


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._within: list[str] = []
        self._paint: list[Mapping[str, str]] = [BARE]
        self._colour: str | None = None
        self._count = 0

    def _refuse(self, reason: str, message: str) -> NoReturn:
        raise UnusableEmblem(message, reason, self.parser.CurrentLineNumber)

    def _doctype(self, *_: Any) -> None:
        self._refuse("doctype", "Expected an SVG without a document type. Remove it.")

    def _instruction(self, target: str, _data: str) -> None:
        self._refuse("reference", f"Expected no instruction, but <?{target[:40]}?> stands there.")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS or len(self._within) >= _DEEPEST:
            self._refuse("too_much", f"Expected at most {_MOST_ELEMENTS} shapes, {_DEEPEST} deep.")
        space, _, name = tag.rpartition(" ")
        if space not in ("", _SVG) or name not in _SHAPES | _SILENT:
            shown = name[:40]
            reason = "script" if name == "script" else "element"
            self._refuse(reason, f"Expected plain shapes, but <{shown}> stands there.")
        if "defs" in self._within:
            self._refuse("element", f"Expected nothing in <defs>, but <{name}> stands there.")
        if name == "svg" and self._within:
            self._refuse("element", "Expected one <svg>, but another stands within.")
        for attribute, value in attributes.items():
            self._check(name, attribute, value)
        try:
            self._see(name, attributes)
        except UnusableEmblem as bad:
            self._refuse(bad.reason, bad.message)
        self._within.append(name)

    def _see(self, name: str, attributes: Mapping[str, str]) -> None:
        """What is printed is one black path: whatever would look otherwise is refused."""
        self._paint.append(painted(self._paint[-1], attributes))
        if name not in _SHAPES:
            return
        if name == "line":
            raise UnusableEmblem("Expected filled shapes, but a line has no inside.", "stroke")
        found = colour(self._paint[-1])
        if self._colour not in (None, found):
            raise UnusableEmblem("Expected one colour, but this shape has another.", "colours")
        self._colour = found

    def _check(self, name: str, attribute: str, value: str) -> None:
        space, _, local = attribute.rpartition(" ")
        if local.lower().startswith("on"):
            self._refuse("script", f"Expected no script, but {local[:40]} stands there.")
        low = value.lower()
        if space == _XLINK or local == "href" or "url(" in low or "@import" in low:
            self._refuse("reference", f"Expected no reference, but {local[:40]} holds one.")
        if local == "transform" and name not in _SHAPES:
            self._refuse("transform", f"Expected no transform on <{name}>. Ungroup the shapes.")

    def _end(self, _tag: str) -> None:
        self._within.pop()
        self._paint.pop()
