"""Uploaded bytes: what is refused before anything reads a diagram in it."""

from __future__ import annotations

import tracemalloc

import pytest
from support.diagrams import bpmn, end, path, process, start, user
from support.work import work

from engine.runtime.reading import Unreadable, read_xml

GOOD = bpmn(process("p", start("s"), end("e"), path("s", "e")))
BOMB = b"<!DOCTYPE a [" + b"".join(
    b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10) for n in range(1, 10)
) + b"]><a>&x9;</a>"  # fmt: skip

REFUSED = {
    "doctype_not_allowed": [
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!doctype a PUBLIC "x" "http://127.0.0.1:9/x.dtd"><a/>',
        b"<a><!ENTITY b 'c'></a>",
        BOMB,
    ],
    "not_utf8": [
        GOOD.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        GOOD.replace(b' encoding="UTF-8"', b" " * 500 + b' encoding="UTF-7"'),
        GOOD.replace(b'"UTF-8"', b'"UTF-7"'),
        GOOD + b"\x00",
    ],
    "not_xml": [b"", b"text", b"<a>", b"<a>\xff</a>", b"<a b='1' b='2'/>"],
    "file_too_large": [b"<a>" + b" " * 2_000_000 + b"</a>"],
    "file_too_complex": [
        b"<a>" * 101 + b"</a>" * 101,
        b"<a>" + b"<b/>" * 20_001 + b"</a>",
    ],
}


@pytest.mark.parametrize(
    ("code", "source"), [(code, source) for code, many in REFUSED.items() for source in many]
)
def test_refused_at_once_and_in_flat_memory(code: str, source: bytes):
    tracemalloc.start()
    with work() as done, pytest.raises(Unreadable) as refused:
        read_xml(source)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.code == code
    assert done.seconds < 0.5
    assert peak < 20_000_000


def test_encodings_that_contain_ascii_are_read():
    thai = bpmn(process("p", start("s"), user("a", name="ร่าง"), end("e"), path("s", "a", "e")))
    for encoding in ("UTF-8", "TIS-620"):
        source = thai.decode().replace("UTF-8", encoding).encode(encoding)
        assert "ร่าง".encode() in __import__("lxml.etree", fromlist=["x"]).tostring(
            read_xml(source), encoding="utf-8"
        )


def test_the_bytes_of_a_good_file_pass():
    assert read_xml(GOOD).tag.endswith("definitions")
