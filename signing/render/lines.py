"""Where the lines of a paragraph end: all of them weighed together, so that none is poor."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from threading import Lock
from typing import Self

from signing.fonts.face import Face
from signing.thai import between_words, opportunities, syllables

#: Letters are spaced by this much at most (in em): poppler begins to see spaces at 0.03.
MOST_LETTER_SPACE = 0.02
#: A space grows to this much at most (in em): poppler begins to see columns at 0.7.
MOST_SPACE = 0.66

_IMPOSSIBLE = float("inf")
#: What it costs to end a line inside a phrase instead of at a space: little where lines are
#: spread to the margin, much where they are short anyway (addresses, headings).
_INSIDE_SPREAD, _INSIDE_RAGGED = 0.2, 6.0
#: What it costs besides to end one inside a compound.
_DIVIDED_SPREAD, _DIVIDED_RAGGED = 1.5, 3.0
#: What it costs to leave a line that cannot be spread to the margin.
_SHORT = 3.0
#: What it costs to leave a last line of less than a tenth.
_STUMP = 4.0
#: Lines filled less than this are considered only where nothing better exists.
_FILLED = 0.55


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face and size."""

    text: str
    face: Face
    size: float
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a run that no line end divides."""

    text: str
    run: Run
    width: float
    stretch: float
    """How much it may grow to fill a line."""
    space: bool
    breakable: bool
    """A line may end after it."""
    divided: bool = False
    """It is a part of a compound, which goes on after it."""


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of one line, spaces at its end left out; width and stretch are theirs."""

    tokens: Sequence[Token]
    width: float
    stretch: float
    last: bool

    @property
    def text(self) -> str:
        return "".join([token.text for token in self.tokens])


def tokens(runs: Sequence[Run]) -> list[Token]:
    """The runs cut at spaces and where lines may end, across the borders of runs."""
    text = "".join(run.text for run in runs)
    ends, words = opportunities(text), between_words(text)
    cuts = sorted(ends | _around_spaces(text))
    found: list[Token] = []
    at = 0
    for run in runs:
        stop = at + len(run.text)
        inner = [cut for cut in cuts if at < cut < stop] if len(runs) > 1 else cuts
        found.extend(_cut(run, at, [*inner, stop], ends, words))
        at = stop
    return found


def _around_spaces(text: str) -> set[int]:
    """The offsets before and after each run of spaces."""
    found: set[int] = set()
    for at, (one, other) in enumerate(pairwise(text), start=1):
        if (one == " ") != (other == " "):
            found.add(at)
    return found


def _cut(
    run: Run, start: int, cuts: Sequence[int], ends: frozenset[int], words: frozenset[int]
) -> list[Token]:
    found, at = [], start
    for cut in cuts:
        text = run.text[at - start : cut - start]
        if text:
            found.append(
                _token(text, run, breakable=cut in ends, divided=cut in ends and cut not in words)
            )
            at = cut
    return found


def _token(text: str, run: Run, *, breakable: bool, divided: bool = False) -> Token:
    word = run.face.word(text)
    width = word.width * run.size / 1000
    space = text[0] == " "
    if space:
        stretch = max(MOST_SPACE * run.size - width, 0.0)
    else:
        stretch = MOST_LETTER_SPACE * run.size * word.letters
    return Token(text, run, width, stretch, space, breakable, divided)


def lines(
    found: Sequence[Token], width: float, indent: float = 0.0, *, spread: bool = True
) -> list[Line]:
    """The lines of a column `width` wide, the first one shorter by `indent`.

    `spread`: they will be filled to the margin, so a line that can be is better than one that
    cannot; else they stay as they are, and end at spaces where that is possible.
    """
    found = _fitting(found, width - indent)
    if not found:
        return []
    column = _Column.of(found, width, indent, spread=spread)
    previous = _best_ends(column)
    ends, end = [], len(found)
    while end:
        ends.append(end)
        end = previous[end]
    result, start = [], 0
    for end in reversed(ends):
        result.append(column.line(start, end))
        start = end
    return result


class Seen:
    """The lines of paragraphs that were set lately. Whoever writes changes one paragraph, and has
    all of them set again with each pause.

    Holds at most so many letters; may be used by several threads.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, 0
        self._lines: OrderedDict[tuple[tuple[Run, ...], float, float, bool], list[Line]] = (
            OrderedDict()
        )
        self._lock = Lock()

    def lines(
        self, runs: Sequence[Run], width: float, indent: float, *, spread: bool
    ) -> list[Line]:
        """As `lines` of the runs' `tokens`."""
        key = (tuple(runs), width, indent, spread)
        with self._lock:
            found = self._lines.get(key)
            if found is not None:
                self._lines.move_to_end(key)
                return found
        made = lines(tokens(runs), width, indent, spread=spread)
        with self._lock:
            if key not in self._lines:
                self._lines[key] = made
                self._held += _letters(runs)
            while self._held > self._most:
                (gone, *_), _ = self._lines.popitem(last=False)
                self._held -= _letters(gone)
        return made


def _letters(runs: Sequence[Run]) -> int:
    return sum(len(run.text) for run in runs)


def _fitting(found: Sequence[Token], width: float) -> Sequence[Token]:
    """The tokens, those wider than the column cut between letters (a long address, say)."""
    if all(token.width <= width for token in found):
        return found
    return [part for token in found for part in _divided(token, width)]


def _divided(token: Token, width: float) -> list[Token]:
    if token.width <= width:
        return [token]
    parts = syllables(token.text)
    return [_token(text, token.run, breakable=not text.endswith("-")) for text in parts]


@dataclass(frozen=True, slots=True)
class _Column:
    """The tokens to set, what they measure up to each of them, and the room there is."""

    tokens: Sequence[Token]
    widths: Sequence[float]
    stretches: Sequence[float]
    width: float
    indent: float
    spread: bool

    @classmethod
    def of(cls, found: Sequence[Token], width: float, indent: float, *, spread: bool) -> Self:
        widths = [0.0, *accumulate(token.width for token in found)]
        stretches = [0.0, *accumulate(token.stretch for token in found)]
        return cls(found, widths, stretches, width, indent, spread)

    def stop(self, end: int) -> int:
        """The end of a line's text, before the spaces at its end."""
        while end > 0 and self.tokens[end - 1].space:
            end -= 1
        return end

    def room(self, start: int) -> float:
        return self.width - self.indent if start == 0 else self.width

    def slack(self, start: int, stop: int) -> float:
        return self.room(start) - (self.widths[stop] - self.widths[start])

    def line(self, start: int, end: int) -> Line:
        stop = max(self.stop(end), start)
        width = self.widths[stop] - self.widths[start]
        stretch = self.stretches[stop] - self.stretches[start]
        return Line(self.tokens[start:stop], width, stretch, end == len(self.tokens))

    def cost(self, start: int, stop: int, end: int, slack: float, inside: float) -> float:
        """Of this line, with its `slack` and what its end is `inside` of, which the search has at
        hand; one that is too long is a last resort.
        """
        room = self.room(start)
        if slack < -1e-6:  # rounding
            return 1000 * -slack / room + 1000
        if end == len(self.tokens):
            return _STUMP if slack > 0.9 * room else 0.0
        if not self.spread:
            return 100 * (slack / room) ** 2 + inside
        stretch = self.stretches[stop] - self.stretches[start]
        if slack > stretch:
            return _SHORT + 100 * ((slack - stretch) / room) ** 2 + inside
        return (slack / stretch) ** 2 + inside if stretch else inside

    def inside(self, end: int) -> float:
        """Nothing at a space, more inside a phrase, most inside a compound."""
        last = self.tokens[end - 1]
        if last.space:
            return 0.0
        if self.spread:
            return _INSIDE_SPREAD + _DIVIDED_SPREAD if last.divided else _INSIDE_SPREAD
        return _INSIDE_RAGGED + _DIVIDED_RAGGED if last.divided else _INSIDE_RAGGED


def _best_ends(column: _Column) -> dict[int, int]:
    """For each place where a line may end, the best place for the line before it to end."""
    last = len(column.tokens)
    ends = [n for n in range(1, last) if column.tokens[n - 1].breakable] + [last]
    best: dict[int, float] = {0: 0.0}
    previous: dict[int, int] = {}
    starts = [0]
    first = 0  # starts before this one make the line too long
    for end in ends:
        stop = column.stop(end)
        while first < len(starts) - 1 and column.slack(starts[first], stop) < 0:
            first += 1
        cost, chosen = _IMPOSSIBLE, starts[-1]
        inside, empty = column.inside(end), column.width * (1 - _FILLED)
        for start in starts[first:]:
            slack = column.slack(start, stop)
            candidate = best[start] + column.cost(start, stop, end, slack, inside)
            if candidate < cost:
                cost, chosen = candidate, start
            if slack > empty and end != last:
                break  # later starts only make the line emptier
        best[end], previous[end] = cost, chosen
        starts.append(end)
    return previous
