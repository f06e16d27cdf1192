"""Bytes of an uploaded file to an XML tree, without trusting them: no DOCTYPE, and capped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree

MAX_BYTES = 2_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 100

Element = etree._Element  # noqa: SLF001 - lxml names its only element type so

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
#: Encodings in which ASCII is ASCII: the search for a DOCTYPE sees what the parser will see.
ASCII_BASED = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"windows-1252"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What is read, in the words of its messages, and how it may be encoded."""

    name: str
    #: what to do about a file that is too large
    smaller: str
    encodings: frozenset[bytes] = ASCII_BASED


class Unreadable(Exception):
    """A file that is refused as a whole: `code`, `line` and what to do about it."""

    def __init__(self, code: str, message: str, mend: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mend = mend
        self.line = line


def read(source: bytes, kind: Kind) -> Element:
    """The root element. Unreadable where the file is a trap, too large or no XML."""
    _check_bytes(source, kind)
    root = _parse(source, kind)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    _check_shape(root, kind)
    return root


def line(element: Element) -> int:
    return cast("int | None", element.sourceline) or 0


def _check_bytes(source: bytes, kind: Kind) -> None:
    if len(source) > MAX_BYTES:
        raise Unreadable(
            "file_too_large",
            f"Expected at most {MAX_BYTES:,} bytes, but the file has {len(source):,}.",
            kind.smaller,
        )
    declared = _DECLARED.search(source.partition(b"?>")[0])
    foreign = declared is not None and declared[1].lower() not in kind.encodings
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


def _parse(source: bytes, kind: Kind) -> Element:
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
            f"Export the {kind.name} again from its editor.",
            error.lineno or 0,
        ) from None


def _check_shape(root: Element, kind: Kind) -> None:
    count = depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise Unreadable(
                "file_too_complex",
                f"Expected at most {MAX_ELEMENTS:,} elements, nested at most {MAX_DEPTH} deep, "
                "but the file has more.",
                kind.smaller,
                line(element),
            )
