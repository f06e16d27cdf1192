"""The tree of tags beside the pages: what each part of the document is, in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Tag = Literal[
    "Document", "H1", "H2", "H3", "P", "Figure", "Form",
    "Table", "TR", "TH", "TD", "L", "LI", "Lbl", "LBody",
]  # fmt: skip
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a page's content."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class Widget:
    """A form field on a page, by its name."""

    page: int
    name: str


@dataclass(eq=False, slots=True)
class Element:
    """A part of the document; `kids` are its parts and stretches of content in reading order."""

    tag: Tag
    alt: str | None = None
    box: Box | None = None
    kids: list[Element | Mark | Widget] = field(default_factory=list)

    def add(self, tag: Tag, alt: str | None = None) -> Element:
        child = Element(tag, alt)
        self.kids.append(child)
        return child

    @property
    def empty(self) -> bool:
        return not any(not isinstance(kid, Element) or not kid.empty for kid in self.kids)
