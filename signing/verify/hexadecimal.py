"""Hexadecimal strings of a PDF (ISO 32000-2, 7.3.4.3) read a block at a time.

The room of a signature is one such string of some 24,000 digits, and pyHanko reads it digit by
digit: 18 ms for each signature, a third of a verdict on twelve. Whatever is not plain digits up to
the closing bracket is left to pyHanko, so that what is read stays the same, errors included.
"""

from __future__ import annotations

import binascii
import re
from typing import IO

from pyhanko.pdf_utils import generic

_BLOCK = 8192
_DIGITS = re.compile(rb"[0-9A-Fa-f]*")
_digit_by_digit = generic.read_hex_string_from_stream

_String = generic.ByteStringObject | generic.TextStringObject


def read(stream: IO[bytes]) -> _String:
    """The string that begins at the stream's `<`; the stream is left behind its `>`."""
    start = stream.tell()
    digits = _plain(stream)
    if digits is None:
        stream.seek(start)
        return _digit_by_digit(stream)
    stream.seek(start + len(digits) + 2)
    return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))


def _plain(stream: IO[bytes]) -> bytes | None:
    """What stands between the brackets; None where it is anything but digits."""
    stream.read(1)
    blocks = []
    while block := stream.read(_BLOCK):
        found = _DIGITS.match(block)
        assert found is not None, "no digit at all matches too"
        blocks.append(found[0])
        if found.end() < len(block):
            ended = block[found.end() : found.end() + 1] == b">"
            return b"".join(blocks) if ended else None
    return None


def install() -> None:
    """Let pyHanko read so in this process: it has no setting for it."""
    generic.read_hex_string_from_stream = read
