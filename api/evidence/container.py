"""The evidence file's container: a ZIP of one exact form, in which every byte is accounted for.

Any tool unpacks it; this reader takes nothing but what this writer writes. Entries are stored, not
compressed, in the order of their names, which are plain ASCII; nothing stands between or behind
them. A bomb, a path out of the folder, a second entry of one name, or two readings of one file
cannot be written in this form.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import Invalid, TooLarge

MOST_ENTRIES = 10_000
LARGEST_ENTRY = 64 << 20
LARGEST_FILE = 2 << 30
NAME = re.compile(r"(?:[a-z]{1,20}/)?[a-z0-9]{1,64}\.[a-z]{2,5}")
_PIECE = 1 << 20

#: The fields after the signature: version 2.0, no flags, stored, midnight of 1 January 1980.
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_VERSION, _MIDNIGHT, _FIRST_DAY = 20, 0, 0x21
_MADE_ON_UNIX, _READABLE = 3 << 8 | _VERSION, 0o100644 << 16


class Broken(Invalid):
    """The file is not in the form that evidence is written in."""

    code = "broken_evidence"


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` is where its bytes begin in the file."""

    name: str
    at: int
    size: int
    crc: int
    sha256: str


def _local(name: str, size: int, crc: int) -> bytes:
    fixed = (_VERSION, 0, 0, _MIDNIGHT, _FIRST_DAY)
    return _LOCAL.pack(b"PK\3\4", *fixed, crc, size, size, len(name), 0) + name.encode()


def _tail(entries: list[Entry]) -> bytes:
    """The central directory and the end: nothing in them is a choice."""
    directory = b"".join(
        _CENTRAL.pack(
            b"PK\1\2", _MADE_ON_UNIX, _VERSION, 0, 0, _MIDNIGHT, _FIRST_DAY, one.crc, one.size,
            one.size, len(one.name), 0, 0, 0, 0, _READABLE, one.at - _LOCAL.size - len(one.name),
        ) + one.name.encode()
        for one in entries
    )  # fmt: skip
    last = entries[-1].at + entries[-1].size if entries else 0
    count = len(entries)
    return directory + _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), last, 0)


class Writer:
    """Takes entries in the order of their names; `close` writes what a ZIP ends with."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self.entries: list[Entry] = []

    def add(self, name: str, data: bytes) -> Entry:
        assert NAME.fullmatch(name), name
        assert not self.entries or self.entries[-1].name < name, f"{name} out of order"
        self._check_room(name, len(data))
        crc = zlib.crc32(data)
        head = _local(name, len(data), crc)
        self._out.write(head)
        self._out.write(data)
        made = Entry(name, self._at + len(head), len(data), crc, hashlib.sha256(data).hexdigest())
        self._at = made.at + made.size
        self.entries.append(made)
        return made

    def close(self) -> None:
        self._out.write(_tail(self.entries))

    def _check_room(self, name: str, size: int) -> None:
        over = (
            size > LARGEST_ENTRY
            or self._at + size > LARGEST_FILE - (16 << 20)
            or len(self.entries) >= MOST_ENTRIES
        )
        if over:
            raise TooLarge(
                f"Expected a case that fits into one evidence file ({MOST_ENTRIES:,} entries of"
                f" {LARGEST_ENTRY >> 20} MB, {LARGEST_FILE >> 30} GB in all), but {name} is too"
                " much. Take its parts from the pages of the case."
            )


class Reader:
    """An evidence file whose form is good; raises `Broken` where it is not, and says at which byte.

    The hashes of its entries are computed; what they ought to be is the manifest's to say.
    """

    def __init__(self, source: BinaryIO, size: int) -> None:
        if size > LARGEST_FILE:
            raise Broken(f"Expected at most {LARGEST_FILE >> 30} GB, but the file is larger.")
        self._source = source
        self._size = size
        found: list[Entry] = []
        at = 0
        while (entry := self._entry(at, found[-1].name if found else "")) is not None:
            found.append(entry)
            at = entry.at + entry.size
            if len(found) > MOST_ENTRIES:
                raise Broken(f"Expected at most {MOST_ENTRIES:,} entries, but there are more.")
        self._check_tail(found, at)
        self.entries: Mapping[str, Entry] = {one.name: one for one in found}

    def read(self, name: str) -> bytes:
        entry = self.entries[name]
        return self._bytes(entry.at, entry.size)

    def _bytes(self, at: int, size: int) -> bytes:
        self._source.seek(at)
        return self._source.read(size)

    def _entry(self, at: int, before: str) -> Entry | None:
        head = self._bytes(at, _LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
            return None
        *_, crc, _packed, size, length, _extra = _LOCAL.unpack(head)
        name = self._name(at, length, before)
        start = at + _LOCAL.size + length
        if head != _local(name, size, crc)[: _LOCAL.size]:
            raise Broken(
                f"Expected entry {name} stored plainly, as evidence is written, but its header at"
                f" byte {at} says otherwise: it is compressed, encrypted, dated or changed."
            )
        if size > LARGEST_ENTRY or start + size > self._size:
            raise Broken(f"Expected {size:,} bytes of {name} from byte {start}, but they are not"
                         f" there, or more than {LARGEST_ENTRY >> 20} MB.")  # fmt: skip
        return Entry(name, start, size, crc, self._hash(name, start, size, crc))

    def _name(self, at: int, length: int, before: str) -> str:
        raw = self._bytes(at + _LOCAL.size, min(length, 200)).decode("latin-1")
        if len(raw) != length or not NAME.fullmatch(raw):
            raise Broken(f"Expected a plain name in the entry at byte {at}, but got {raw!r:.80}.")
        if raw <= before:
            raise Broken(
                f"Expected each name once and in order, but {raw} at byte {at} follows {before}."
            )
        return raw

    def _hash(self, name: str, at: int, size: int, crc: int) -> str:
        self._source.seek(at)
        digest, found, left = hashlib.sha256(), 0, size
        while left and (piece := self._source.read(min(left, _PIECE))):
            digest.update(piece)
            found = zlib.crc32(piece, found)
            left -= len(piece)
        if left or found != crc:
            raise Broken(f"Expected {name}, from byte {at} on, as it was written, but it differs.")
        return digest.hexdigest()

    def _check_tail(self, found: list[Entry], at: int) -> None:
        if not found:
            raise Broken(
                "Expected an evidence file (a ZIP that `saraban evidence` wrote), but this one"
                " does not begin like it."
            )
        wanted = _tail(found)
        rest = self._bytes(at, len(wanted) + 1)
        if rest != wanted:
            same = next(
                (n for n, (a, b) in enumerate(zip(rest, wanted, strict=False)) if a != b),
                min(len(rest), len(wanted)),
            )
            raise Broken(
                f"Expected the list of entries at the end of the file as it was written, but it"
                f" differs at byte {at + same}: something was cut off, added or changed."
            )


def opened(file: Path, source: BinaryIO) -> Reader:
    return Reader(source, file.stat().st_size)
