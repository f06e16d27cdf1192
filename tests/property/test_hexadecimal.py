"""Hexadecimal strings are read as pyHanko reads them, whatever stands in them (ISO 32000-2,
7.3.4.3)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

from signing.verify import hexadecimal, verify  # noqa: F401 - verifying installs it

_digits = st.text("0123456789abcdefABCDEF").map(str.encode)
_between = st.lists(
    st.sampled_from([b"", b" ", b"\r\n", b"\0", b"%a>\n", b"%b", b"g", b"<", b"\xff"])
)


def _read(how: Callable[[Any], Any], data: bytes) -> tuple[str, object, int]:
    stream = io.BytesIO(b"[" + data)
    stream.seek(1)
    try:
        found = how(stream)
        return type(found).__name__, bytes(found.original_bytes), stream.tell()
    except Exception as error:  # both must fail alike, whatever they raise
        return type(error).__name__, str(error), 0


@given(_digits, _between, _digits, st.sampled_from([b">", b"> >>", b"", b">00>"]))
@example(b"0" * 24576, [], b"", b"> >>")
@example(b"0" * 8192, [], b"", b">")
@example(b"0" * 8191, [], b"1", b">x")
@example(b"0" * 8192, [b"g"], b"", b">")
@example(b"FEFF0E01", [], b"", b">")
@example(b"", [], b"", b">")
def test_as_pyhanko_does(first: bytes, between: list[bytes], last: bytes, end: bytes) -> None:
    data = b"<" + first + b"".join(between) + last + end
    assert _read(hexadecimal.read, data) == _read(hexadecimal._digit_by_digit, data)


def test_plain_digits_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(hexadecimal, "_digit_by_digit")
    _kind, value, end = _read(hexadecimal.read, b"<" + b"aB" * 12288 + b">>>")
    assert (value, end) == (b"\xab" * 12288, 24579)


def test_it_stands_where_pyhanko_looks() -> None:
    stream = io.BytesIO(b"<6162> ")
    assert generic.read_hex_string_from_stream is hexadecimal.read
    assert generic.read_object(stream, generic.Reference(1)) == "ab"
