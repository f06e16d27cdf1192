"""Numbered paragraphs, as officials write them: ข้อ ๑, ๑. ๑.๑ (๑), each level inside the one above.

The numbers are words of the text (the editor writes them); here they are known again, so that a
reader is told of a list, and each level stands further in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from signing.pdf.structure import Element

_NUMBER = "[๐-๙0-9]{1,3}"
#: From the outermost level inwards. A decimal fraction looks like the third.
_FORMS = (
    re.compile(rf"(?P<before>ข้อ) +(?P<last>{_NUMBER}) +(?=\S)"),
    re.compile(rf"(?P<before>)(?P<last>{_NUMBER})\. +(?=\S)"),
    re.compile(rf"(?P<before>(?:{_NUMBER}\.)+)(?P<last>{_NUMBER})\.? +(?=\S)"),
    re.compile(rf"\((?P<before>)(?P<last>{_NUMBER})\) +(?=\S)"),
)
_CLAUSE, _, _DECIMAL, _INNERMOST = range(len(_FORMS))


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered paragraph's tags. `label` is how many letters its number takes, with the spaces
    behind it; `level` is counted from 0.
    """

    number: Element
    words: Element
    label: int
    level: int


@dataclass(frozen=True, slots=True)
class _Open:
    rank: int
    list: Element
    inside: Element


@dataclass(slots=True)
class Outline:
    """The lists of one body, read paragraph by paragraph."""

    root: Element
    _open: list[_Open] = field(default_factory=list)
    _counted: dict[str, int] = field(default_factory=dict)
    """The last number after each beginning, as in ๒. of ๒.๓."""

    def item(self, text: str) -> Item | None:
        """The next item of a list; None where the paragraph has no number, which ends the list."""
        for form, pattern in enumerate(_FORMS):
            found = pattern.match(text)
            if found and self._goes_on(form, found):
                depth = found["before"].count(".")
                return self._opened(form, depth, found.end())
        self.close()
        return None

    def close(self) -> None:
        """Something else stands here: what is numbered after it is another list."""
        self._open.clear()

    def _goes_on(self, form: int, found: re.Match[str]) -> bool:
        """A clause and a fraction may also be the first words of a sentence (ข้อ ๕ ของระเบียบ;
        ๙.๓๐ น.), so that they must be the first of their kind or follow the one before.
        """
        if form not in (_CLAUSE, _DECIMAL):
            return True
        last, before = int(found["last"]), found["before"]
        if last not in (1, self._counted.get(before, 0) + 1):
            return False
        self._counted[before] = last
        return True

    def _opened(self, form: int, depth: int, label: int) -> Item:
        rank = 100 if form == _INNERMOST else form + depth
        while self._open and self._open[-1].rank > rank:
            self._open.pop()
        if not self._open or self._open[-1].rank < rank:
            parent = self._open[-1].inside if self._open else self.root
            around = parent.add("L")
        else:
            around = self._open.pop().list
        entry = around.add("LI")
        number, inside = entry.add("Lbl"), entry.add("LBody")
        words = inside.add("P")  # before the lists that may follow in the same item
        self._open.append(_Open(rank, around, inside))
        return Item(number, words, label, max(depth, len(self._open) - 1))
