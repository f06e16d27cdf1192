"""The part of a face that one document uses, and the codes its text is written in."""

from __future__ import annotations

from collections.abc import Iterable

from signing.fonts import glyphs
from signing.fonts.face import Face

_CMAP_BLOCK = 100  # entries that one block may hold


class Codes:
    """Hands out a two-byte code to each drawing when it is first used.

    A code is also the glyph's number in the embedded file; 0 stays the missing glyph.
    """

    def __init__(self, face: Face) -> None:
        self._face = face
        self._codes: dict[str, int] = {}
        self._written: dict[str, bytes] = {}

    def write(self, text: str) -> bytes:
        """`text` in codes, its drawings chosen."""
        written = self._written.get(text)
        if written is None:
            codes = self._codes
            drawn = self._face.word(text).drawn
            chosen = [codes.setdefault(character, len(codes) + 1) for character in drawn]
            written = b"".join([code.to_bytes(2, "big") for code in chosen])
            self._written[text] = written
        return written

    @property
    def glyph_ids(self) -> tuple[int, ...]:
        ids = self._face.glyph_ids
        return (0, *(ids[character] for character in self._codes))

    @property
    def widths(self) -> list[int]:
        return [self._face.advance(character) for character in self._codes]

    def to_unicode(self) -> bytes:
        """The map from codes back to the characters that they stand for."""
        entries = [
            f"<{code:04X}> <{glyphs.READS_AS.get(drawn, drawn).encode('utf-16-be').hex()}>"
            for drawn, code in self._codes.items()
        ]
        return "\n".join([_CMAP_HEAD, *_blocks(entries), _CMAP_TAIL]).encode()


def _blocks(entries: list[str]) -> Iterable[str]:
    for first in range(0, len(entries), _CMAP_BLOCK):
        block = entries[first : first + _CMAP_BLOCK]
        yield f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"


_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end"""
