"""Diagrams as XML trees."""

from __future__ import annotations

from engine.untrusted_xml import ASCII_BASED, Element, Kind, Unreadable, read

__all__ = ["Unreadable", "read_xml"]

_DIAGRAM = Kind(
    "diagram",
    "Split the diagram into called processes.",
    ASCII_BASED | {b"windows-874", b"tis-620"},
)


def read_xml(source: bytes) -> Element:
    return read(source, _DIAGRAM)
