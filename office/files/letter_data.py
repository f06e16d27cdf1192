"""What a signed letter carries inside: its data for machines, which does nothing.

Our own carry it, and those of other agencies that keep to the same standard; they are enclosed
with other letters.
"""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf

from engine.untrusted_xml import Kind, Unreadable, read

_ROOT = "{urn:th:gov:egif:data:standard:GovernmentDocument:1.0}GovernmentDocument"
_MOST = 1024 * 1024
_PACKED = 256 * 1024
_KIND = Kind("letter", "Send the letter without its data.")


def is_letter_data(stream: Any) -> bool:
    """Whether an embedded file is a GovernmentDocument of TH e-GIF, small and plain XML."""
    if not isinstance(stream, pikepdf.Stream) or stream.get("/Subtype") != pikepdf.Name(
        "/text/xml"
    ):
        return False
    source = unpacked(stream, _MOST) if len(stream.read_raw_bytes()) <= _PACKED else None
    if source is None or b"<?xml-stylesheet" in source:
        return False
    try:
        return bool(read(source, _KIND).tag == _ROOT)
    except Unreadable:
        return False


def unpacked(stream: pikepdf.Stream, most: int) -> bytes | None:
    """At most so many bytes, however far it claims to unpack; None for more, for nothing, and for
    another packing.
    """
    raw = stream.read_raw_bytes()
    how = stream.get("/Filter")
    if len(raw) > most or "/DecodeParms" in stream:
        return None
    if how is None:
        return bytes(raw) or None
    if how != pikepdf.Name.FlateDecode:
        return None
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(raw, most)
    except zlib.error:
        return None
    return data if unpacking.eof else None
