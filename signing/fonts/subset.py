"""The outlines of a font, and a small TrueType file of just those that one document uses."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from fontTools.ttLib import TTFont

_ARGS_ARE_WORDS = 0x0001
_HAS_SCALE = 0x0008
_MORE_COMPONENTS = 0x0020
_HAS_X_AND_Y_SCALE = 0x0040
_HAS_TWO_BY_TWO = 0x0080
#: Programs that an agency's hinted font needs to be drawn; derived fonts have none.
_PROGRAMS = ("cvt ", "fpgm", "prep")
_CHECKSUM_MAGIC = 0xB1B0AFBA
_LONG_OFFSETS = 1


@dataclass(frozen=True, eq=False, slots=True)
class Outlines:
    """The raw tables; compared by identity, so that subsets can be kept by it."""

    glyf: bytes
    places: Sequence[int]
    widths: Sequence[tuple[int, int]]
    head: bytes
    hhea: bytes
    maxp: bytes
    programs: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, font: TTFont) -> Self:
        order, metrics = font.getGlyphOrder(), font["hmtx"].metrics
        raw = font.reader
        return cls(
            glyf=raw["glyf"],
            places=tuple(font["loca"].locations),
            widths=tuple(metrics[name] for name in order),
            head=raw["head"],
            hhea=raw["hhea"],
            maxp=raw["maxp"],
            programs=tuple((tag, raw[tag]) for tag in _PROGRAMS if tag in raw),
        )

    def glyph(self, number: int) -> bytes:
        return self.glyf[self.places[number] : self.places[number + 1]]


@lru_cache(maxsize=64)
def subset(outlines: Outlines, wanted: tuple[int, ...]) -> bytes:
    """A TrueType file whose glyph n is `wanted[n]`; parts of composites follow after them.

    `wanted` may name a glyph twice (one drawing, two readings). It begins with glyph 0.
    """
    numbers, data = _close(outlines, wanted)
    tables = {
        "glyf": b"".join(data),
        "head": _head(outlines.head),
        "hhea": outlines.hhea[:34] + struct.pack(">H", len(numbers)),
        "hmtx": b"".join(struct.pack(">Hh", *outlines.widths[n]) for n in numbers),
        "loca": _offsets(data),
        "maxp": outlines.maxp[:4] + struct.pack(">H", len(numbers)) + outlines.maxp[6:],
        **dict(outlines.programs),
    }
    return _file(tables)


def _close(outlines: Outlines, wanted: tuple[int, ...]) -> tuple[list[int], list[bytes]]:
    """All glyphs needed and their data, composites pointing to the new numbers."""
    numbers = list(wanted)
    new = {number: n for n, number in reversed(list(enumerate(wanted)))}
    data: list[bytes] = []
    for number in numbers:  # grows while parts are found
        glyph = bytearray(outlines.glyph(number))
        for at in _components(glyph):
            part = struct.unpack_from(">H", glyph, at)[0]
            if part not in new:
                new[part] = len(numbers)
                numbers.append(part)
            struct.pack_into(">H", glyph, at, new[part])
        data.append(bytes(glyph) + b"\0" * (-len(glyph) % 4))
    return numbers, data


def _components(glyph: bytearray) -> Iterator[int]:
    """Where in a composite's data the numbers of its parts stand; nothing for plain outlines."""
    if len(glyph) < 10 or struct.unpack_from(">h", glyph)[0] >= 0:
        return
    at = 10
    while True:
        flags = struct.unpack_from(">H", glyph, at)[0]
        yield at + 2
        if not flags & _MORE_COMPONENTS:
            return
        at += 4 + (4 if flags & _ARGS_ARE_WORDS else 2) + _scale_bytes(flags)


def _scale_bytes(flags: int) -> int:
    if flags & _HAS_SCALE:
        return 2
    if flags & _HAS_X_AND_Y_SCALE:
        return 4
    return 8 if flags & _HAS_TWO_BY_TWO else 0


def _head(head: bytes) -> bytes:
    return head[:8] + b"\0\0\0\0" + head[12:50] + struct.pack(">h", _LONG_OFFSETS) + head[52:54]


def _offsets(data: Sequence[bytes]) -> bytes:
    at, places = 0, [0]
    for glyph in data:
        at += len(glyph)
        places.append(at)
    return struct.pack(f">{len(places)}I", *places)


def _file(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(
        ">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power)
    )
    at = 12 + 16 * count
    directory, body, head_at = [], [], 0
    for tag, data in sorted(tables.items()):
        directory.append(struct.pack(">4sIII", tag.encode(), _checksum(data), at, len(data)))
        head_at = at if tag == "head" else head_at
        padded = data + b"\0" * (-len(data) % 4)
        body.append(padded)
        at += len(padded)
    file = bytearray(b"".join([header, *directory, *body]))
    adjustment = (_CHECKSUM_MAGIC - _checksum(bytes(file))) & 0xFFFFFFFF
    struct.pack_into(">I", file, head_at + 8, adjustment)
    return bytes(file)


def _checksum(data: bytes) -> int:
    padded = data + b"\0" * (-len(data) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF
