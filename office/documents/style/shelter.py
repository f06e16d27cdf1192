"""What rules of style leave alone: addresses, codes, and whatever is written in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]

#: between words of Thai, Latin and figures: what is in Latin letters clings to what is not these
_WORD = re.compile("[^\\s\u0e01-\u0e5b()“”\"',;]+")
_LATIN = re.compile("[A-Za-z]")
#: an address or e-mail may hold Thai letters, too
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[^\s@()“”]{1,64}@[^\s@()“”]{1,255}")
#: the number of a product or of a standard, and a number before a unit: ISO 9001, Windows 11, 5 GB
_WITH_LATIN = re.compile(r"(?<=[A-Za-z] )[0-9][0-9.,:/-]*|(?<![0-9.,])[0-9][0-9.,]*(?= [A-Za-z])")
_NETWORK = re.compile(r"(?<![\w.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?(?![\w.])")


def sheltered(text: str) -> Sequence[Span]:
    """Its patterns take time in proportion to the text, which comes from outside."""
    return [match.span() for match in _found(text)]


def _found(text: str) -> Iterator[re.Match[str]]:
    yield from (word for word in _WORD.finditer(text) if _LATIN.search(word[0]))
    for pattern in (_ADDRESS, _WITH_LATIN, _NETWORK):
        yield from pattern.finditer(text)


class Ground:
    """Which characters of a text are taken: in time that does not grow with what is taken."""

    def __init__(self, text: str, taken: Sequence[Span] = ()) -> None:
        self._whose = [0] * (len(text) + 1)
        self._points = bytearray(len(text) + 1)
        self._spans = 0
        for span in taken:
            self._mark(span)

    def take(self, span: Span) -> bool:
        """Whether nobody has it yet; it is taken from then on."""
        free = self._free(span)
        if free:
            self._mark(span)
        return free

    def _free(self, span: Span) -> bool:
        start, end = span
        if start == end:
            inside = start > 0 and self._whose[start - 1] == self._whose[start] != 0
            return not inside and not self._points[start]
        return not any(self._whose[start:end]) and not any(self._points[start + 1 : end])

    def _mark(self, span: Span) -> None:
        start, end = span
        self._spans += 1
        if start == end:
            self._points[start] = 1
        self._whose[start:end] = [self._spans] * (end - start)
