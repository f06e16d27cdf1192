"""An evidence file comes from a stranger: whatever it holds, there is an answer, soon and small."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.evidence import entries_of, forged, packed

from api.evidence import container
from api.evidence.container import Broken, Reader
from api.evidence.manifest import HISTORY, MANIFEST, SEAL, SUMMARY, seal_of

Judge = Callable[..., Any]


def zipped(*entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """As other tools write it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


def raw(*names: str, data: bytes = b"x") -> bytes:
    """In our form but for the names."""
    entries, out = [], b""
    for name in names:
        head = container._local(name, len(data), zlib.crc32(data))
        out += head + data
        at = len(out) - len(data)
        entries.append(container.Entry(name, at, len(data), zlib.crc32(data), ""))
    return out + container._tail(entries)


BOMB = zipped(("manifest.json", b"0" * (30 << 20)), method=zipfile.ZIP_DEFLATED)
CASES = {
    "empty": (b"", "does not begin like it"),
    "not a ZIP": (b"%PDF-1.7 and so on", "does not begin like it"),
    "an empty ZIP": (zipped(), "does not begin like it"),
    "a bomb": (BOMB, "stored plainly"),
    "another tool's ZIP": (zipped(("manifest.json", b"{}")), "stored plainly"),
    "something before it": (b"#!/bin/sh\n" + raw("a.json"), "does not begin like it"),
    "a path out of the folder": (raw("../../etc/passwd.txt"), "Expected a plain name"),
    "an absolute path": (raw("/etc/passwd.txt"), "Expected a plain name"),
    "another system's path": (raw("c:\\a.txt"), "Expected a plain name"),
    "a folder": (raw("documents/"), "Expected a plain name"),
    "folders in folders": (raw("a/b/c.txt"), "Expected a plain name"),
    "a NUL in the name": (raw("a\0.txt"), "Expected a plain name"),
    "a name of capitals": (raw("MANIFEST.json"), "Expected a plain name"),
    "no name": (raw(""), "Expected a plain name"),
    "a name twice": (raw("a.json", "a.json"), "each name once and in order"),
    "names out of order": (raw("b.json", "a.json"), "each name once and in order"),
    "a comment at the end": (raw("a.json") + b"more", "differs at byte"),
    "no manifest": (raw("a.json"), "Expected history.jsonl in the file"),
    "too many entries": (raw(*(f"{n:08}.txt" for n in range(10_001))), "at most 10,000 entries"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_is_refused_in_a_sentence(judge: Judge, name: str) -> None:
    data, says = CASES[name]
    (finding,) = judge(data).findings
    assert says in finding, finding


def test_sizes_are_checked_before_anything_is_read(judge: Judge) -> None:
    big = bytearray(raw("a.json"))
    for size in (5 << 20, (64 << 20) + 1, 2**32 - 1):
        struct.pack_into("<II", big, 18, size, size)
        (finding,) = judge(bytes(big)).findings
        assert "they are not there" in finding
    with pytest.raises(Broken, match="at most 2 GB"):
        Reader(io.BytesIO(b""), (2 << 30) + 1)


def test_flags_of_encryption_and_dates_are_refused(judge: Judge) -> None:
    for at in (4, 6, 8, 10, 12, 28):
        changed = bytearray(raw("a.json"))
        changed[at] ^= 1
        (finding,) = judge(bytes(changed)).findings
        assert "its header at byte 0" in finding


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda b: raw("a.json") + b))
def test_junk_is_refused(judge: Judge, data: bytes) -> None:
    assert not judge(data).holds


def _with(proof: bytes, name: str, data: bytes) -> bytes:
    entries = {**entries_of(proof), name: data}
    if name != SEAL:
        entries[SEAL] = seal_of(entries[MANIFEST]).encode()
    return packed(entries)


@pytest.mark.parametrize(
    "junk",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": 1e999}', b'{"format":2}',
     b'{"format": 1, "agency": {}}', b"9" * 5_000],
    ids=range(10),
)  # fmt: skip
@pytest.mark.parametrize("name", [MANIFEST, HISTORY, SEAL, SUMMARY])
def test_junk_in_an_entry_is_located(proof: bytes, judge: Judge, name: str, junk: bytes) -> None:
    assert any(name in one for one in judge(_with(proof, name, junk)).findings)


def test_a_manifest_too_large_is_not_read(proof: bytes, judge: Judge) -> None:
    found = judge(_with(proof, MANIFEST, b" " * (17 << 20))).findings
    assert found == [f"Expected at most 16 MB of {MANIFEST}."]


def _unsigned(entries: dict[str, bytes]) -> None:
    """Spare each example the second that judging a signed PDF takes."""
    for name in [one for one, held in entries.items() if held.startswith(b"%PDF")]:
        del entries[name]


def _nodes(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [(value, key) for key, _ in inner]
    for container_, key in list(found):
        if isinstance(container_[key], dict | list):
            found += _nodes(container_[key])
    return found


ODD = st.sampled_from(
    [None, True, -1, 2**70, 1.5, "", "x" * 70_000, "\x1b[2J", "0001-01-01T00:00:00Z",
     "9999-12-31T23:59:59Z", "2026-11-23T02:00:00", [], {}, [[]], "../..", "0" * 64]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_manifest_of_odd_values_gets_an_answer(
    proof: bytes, judge: Judge, data: st.DataObject
) -> None:
    def change(entries: dict[str, bytes], told: dict[str, Any]) -> None:
        nodes = _nodes(told)
        place, key = nodes[data.draw(st.integers(0, len(nodes) - 1))]
        place[key] = data.draw(ODD)
        _unsigned(entries)

    judge(forged(proof, change))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_history_of_odd_values_gets_an_answer(
    proof: bytes, judge: Judge, data: st.DataObject
) -> None:
    def change(entries: dict[str, bytes], _told: dict[str, Any]) -> None:
        lines = entries[HISTORY].splitlines()
        at = data.draw(st.integers(0, len(lines) - 1))
        event = json.loads(lines[at])
        event[data.draw(st.sampled_from(sorted(event)))] = data.draw(ODD)
        lines[at] = json.dumps(event).encode()
        entries[HISTORY] = b"\n".join(lines)
        _unsigned(entries)

    judge(forged(proof, change))
