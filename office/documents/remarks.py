"""Remarks on a draft: the words that a reader marked, and what they would write instead. Pure.

A remark keeps the marked words and some letters on both sides of them, not a place: places move
with every change that somebody saves. Words are those of a paragraph without its marks of bold and
underline (`notation.plain`), paragraphs count from 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Any

from office.documents import notation

#: letters kept on each side of the marked words
AROUND = 40
#: Words that stand in more places mark nothing: a body of one letter must not cost its square.
MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """Words, what stood around them, and the paragraph in which they stood."""

    quote: str
    before: str
    after: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where the marked words stand now: letters `start` to `end` of a paragraph's words."""

    paragraph: int
    start: int
    end: int


def mark(
    paragraphs: Sequence[notation.Paragraph], paragraph: int, quote: str, start: int = 0
) -> Mark | None:
    """The mark of `quote` in that paragraph, the first at or behind `start`; None: not there."""
    if not quote or not 0 <= paragraph < len(paragraphs):
        return None
    text = notation.plain(paragraphs[paragraph])
    at = text.find(quote, max(start, 0))
    if at < 0:
        return None
    end = at + len(quote)
    return Mark(quote, text[max(at - AROUND, 0) : at], text[end : end + AROUND], paragraph)


def texts_of(paragraphs: Sequence[notation.Paragraph]) -> list[str]:
    """The words in which marks are looked for: made once for all of them."""
    return [notation.plain(paragraph) for paragraph in paragraphs]


def locate(texts: Sequence[str], marked: Mark) -> Place | None:
    """Where the words stand now, by what stands around them and then by the nearest paragraph.

    None where they are gone, where two places suit equally (a guess would change other words than
    those that were meant), and where they stand in more than `MOST_PLACES`.
    """
    places = list(islice(_occurrences(texts, marked), MOST_PLACES + 1))
    if not places or len(places) > MOST_PLACES:
        return None
    likely = [(_likeness(texts[at.paragraph], at, marked), at) for at in places]
    best, *next_best = nlargest(2, likely, key=lambda one: one[0])
    if next_best and next_best[0][0] == best[0]:
        return None
    return best[1]


def _occurrences(texts: Sequence[str], marked: Mark) -> Iterator[Place]:
    for n, text in enumerate(texts):
        at = text.find(marked.quote)
        while at >= 0:
            yield Place(n, at, at + len(marked.quote))
            at = text.find(marked.quote, at + 1)


def _likeness(text: str, at: Place, marked: Mark) -> tuple[int, int]:
    """Letters around that are the same, then nearness."""
    before = text[max(at.start - AROUND, 0) : at.start]
    alike = _common(before[::-1], marked.before[::-1])
    alike += _common(text[at.end : at.end + AROUND], marked.after)
    return alike, -abs(at.paragraph - marked.paragraph)


def _common(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def rewritten(content: Mapping[str, Any], at: Place, replacement: str) -> dict[str, Any]:
    """The content with `replacement` in the place of those words, marked as they were.

    Lines behind the first begin paragraphs of their own; what stood behind the words goes with the
    last. A paragraph of which nothing is left goes, and tables stay behind their paragraphs.
    """
    paragraphs = list(content["paragraphs"])
    old = paragraphs[at.paragraph]
    lines = [line.strip() for line in replacement.splitlines()] or [""]
    head = notation.spliced(old, at.start, len(notation.plain(old)), lines[0])
    if len(lines) == 1:
        parts = [notation.spliced(old, at.start, at.end, lines[0])]
    else:
        tail = notation.spliced(old, 0, at.end, lines[-1])
        parts = [head, *lines[1:-1], tail]
    new = [part for part in parts if notation.plain(part).strip()]
    paragraphs[at.paragraph : at.paragraph + 1] = new
    more = len(new) - 1
    return {**content, "paragraphs": paragraphs, "extra": _moved(content, at.paragraph, more)}


def _moved(content: Mapping[str, Any], paragraph: int, more: int) -> dict[str, Any]:
    """The extra fields with tables behind the same paragraphs as before."""
    extra = dict(content.get("extra") or {})
    if more and isinstance(extra.get("tables"), list):
        extra["tables"] = [_behind(table, paragraph, more) for table in extra["tables"]]
    return extra


def _behind(table: Any, paragraph: int, more: int) -> Any:
    if not isinstance(table, Mapping) or type(table.get("after_paragraph")) is not int:
        return table
    after = table["after_paragraph"]
    moves = after >= paragraph
    return {**table, "after_paragraph": max(after + more, 0)} if moves else table
