"""Bytes of an uploaded model to an XML tree, without trusting them: no DOCTYPE, and capped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100

Element = etree._Element  # noqa: SLF001 - lxml names its only element type so

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
#: Encodings in which ASCII is ASCII: the search for a DOCTYPE sees what the parser will see.
_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class Unreadable(Exception):
    """A file that is refused as a whole, and what to do about it."""

    def __init__(self, code: str, message: str, mend: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mend = mend
        self.line = line


def read_xml(source: bytes) -> Element:
    _check_bytes(source)
    root = _parse(source)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    _check_shape(root)
    return root


def _check_bytes(source: bytes) -> None:
    if len(source) > MAX_BYTES:
        raise Unreadable(
            "file_too_large",
            f"Expected at most {MAX_BYTES:,} bytes, but the file has {len(source):,}.",
            "Split the model and import its parts.",
        )
    declared = _DECLARED.search(source.partition(b"?>")[0])
    foreign = declared is not None and declared[1].lower() not in _ENCODINGS
    if source[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in source or foreign:
        raise Unreadable(
            "not_utf8", "Expected UTF-8, but the file is encoded otherwise.", "Save it as UTF-8."
        )
    if _DOCTYPE.search(source):
        raise _doctype()


def _doctype() -> Unreadable:
    return Unreadable(
        "doctype_not_allowed",
        "Expected a file without DOCTYPE and entities, but it declares one: not allowed.",
        "Remove the <!DOCTYPE …> declaration.",
    )


def _parse(source: bytes) -> Element:
    # Set explicitly: lxml's own defaults differ between versions.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        return etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            "not_xml",
            f"Expected well-formed XML, but: {error.msg}.",
            "Export the model again from its editor.",
            error.lineno or 0,
        ) from None


def _check_shape(root: Element) -> None:
    count = depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise Unreadable(
                "file_too_complex",
                f"Expected at most {MAX_ELEMENTS:,} elements, nested at most {MAX_DEPTH} deep, "
                "but the file has more.",
                "Split the model and import its parts.",
                line(element),
            )


def local(element: Element) -> str:
    return etree.QName(element).localname


def line(element: Element) -> int:
    return cast("int | None", element.sourceline) or 0


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
