"""Models as XML trees, and the ways through them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.untrusted_xml import Element, Kind, Unreadable, line, read

__all__ = ["Element", "Unreadable", "child", "children", "line", "local", "read_xml", "text_of"]

_MODEL = Kind("model", "Split the model and import its parts.")


def read_xml(source: bytes) -> Element:
    return read(source, _MODEL)


def local(element: Element) -> str:
    return etree.QName(element).localname


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements of the same namespace, or those of these names."""
    namespace = etree.QName(element).namespace
    for child in element.iterchildren(f"{{{namespace}}}*" if namespace else "*"):
        if not names or local(child) in names:
            yield child


def child(element: Element, *names: str) -> Element | None:
    return next(children(element, *names), None)


def text_of(element: Element | None, name: str = "text") -> str:
    """The text of a child element; empty where there is none."""
    found = child(element, name) if element is not None else None
    return (found.text or "") if found is not None else ""
