"""Bytes of an uploaded file to an XML tree, without trusting them: no DOCTYPE, and capped."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree

from engine.runtime import limits

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
#: Encodings in which ASCII is ASCII: the search for a DOCTYPE sees what the parser will see.
_ENCODINGS = (
    b"utf-8",
    b"utf8",
    b"us-ascii",
    b"iso-8859-1",
    b"windows-1252",
    b"windows-874",
    b"tis-620",
)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


class Unreadable(Exception):
    """A file that is refused as a whole: `code`, `line` and what to do about it."""

    def __init__(self, code: str, message: str, mend: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.mend = mend
        self.line = line


def read_xml(source: bytes) -> etree._Element:
    _check_bytes(source)
    root = _parse(source)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype()
    _check_shape(root)
    return root


def _check_bytes(source: bytes) -> None:
    if len(source) > limits.FILE_BYTES:
        raise Unreadable(
            "file_too_large",
            f"Expected at most {limits.FILE_BYTES:,} bytes, but the file has {len(source):,}.",
            "Split the diagram into called processes.",
        )
    declared = _DECLARED.search(source.partition(b"?>")[0])
    if source[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in source or _is_foreign(declared):
        raise Unreadable(
            "not_utf8", "Expected UTF-8, but the file is encoded otherwise.", "Save it as UTF-8."
        )
    if _DOCTYPE.search(source):
        raise _doctype()


def _is_foreign(declared: re.Match[bytes] | None) -> bool:
    return declared is not None and declared[1].lower() not in _ENCODINGS


def _doctype() -> Unreadable:
    return Unreadable(
        "doctype_not_allowed",
        "Expected a file without DOCTYPE and entities, but it declares one: not allowed.",
        "Remove the <!DOCTYPE …> declaration.",
    )


def _parse(source: bytes) -> etree._Element:
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
            "Export the diagram again from its editor.",
            error.lineno or 0,
        ) from None


def _check_shape(root: etree._Element) -> None:
    count = depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if count > limits.FILE_ELEMENTS or depth > limits.FILE_DEPTH:
            raise Unreadable(
                "file_too_complex",
                f"Expected at most {limits.FILE_ELEMENTS:,} elements, nested at most "
                f"{limits.FILE_DEPTH} deep, but the file has more.",
                "Split the diagram into called processes.",
                cast("int | None", element.sourceline) or 0,
            )
