"""Where the lines of a paragraph end: all of them weighed together, so that none is poor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from signing.fonts.face import Face
from signing.thai import clusters, opportunities

_IMPOSSIBLE = float("inf")
#: What it costs to end a line inside a phrase instead of at a space: little where lines are
#: spread to the margin, much where they are short anyway (addresses, headings).
JUSTIFIED, RAGGED = 0.2, 6.0
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
    space: bool
    breakable: bool
    """A line may end after it."""


@dataclass(frozen=True, slots=True)
class Line:
    """The tokens of one line, spaces at its end left out; `width` is theirs, not the column's."""

    tokens: Sequence[Token]
    width: float
    last: bool

    @property
    def text(self) -> str:
        return "".join([token.text for token in self.tokens])


def tokens(runs: Sequence[Run]) -> list[Token]:
    """The runs cut at spaces and where lines may end, across the borders of runs."""
    text = "".join(run.text for run in runs)
    ends = opportunities(text)
    cuts = sorted(ends | _around_spaces(text))
    found: list[Token] = []
    at = 0
    for run in runs:
        stop = at + len(run.text)
        inner = [cut for cut in cuts if at < cut < stop] if len(runs) > 1 else cuts
        found.extend(_cut(run, at, [*inner, stop], ends))
        at = stop
    return found


def _around_spaces(text: str) -> set[int]:
    """The offsets before and after each run of spaces."""
    found: set[int] = set()
    for at, (one, other) in enumerate(pairwise(text), start=1):
        if (one == " ") != (other == " "):
            found.add(at)
    return found


def _cut(run: Run, start: int, cuts: Sequence[int], ends: frozenset[int]) -> list[Token]:
    found, face, size, at = [], run.face, run.size, start
    for cut in cuts:
        text = run.text[at - start : cut - start]
        if text:
            width = face.word(text).width * size / 1000
            found.append(Token(text, run, width, text[0] == " ", cut in ends))
            at = cut
    return found


def lines(
    found: Sequence[Token], width: float, indent: float = 0.0, inside_phrase: float = JUSTIFIED
) -> list[Line]:
    """The lines of a column `width` wide, the first one shorter by `indent`."""
    found = _fitting(found, width - indent)
    if not found:
        return []
    offsets = _offsets(found)
    previous = _best_ends(found, offsets, _Column(width, indent, inside_phrase))
    ends, end = [], len(found)
    while end:
        ends.append(end)
        end = previous[end]
    result, start = [], 0
    for end in reversed(ends):
        stop = _without_spaces(found, start, end)
        line_width = offsets[stop] - offsets[start]
        result.append(Line(found[start:stop], line_width, end == len(found)))
        start = end
    return result


def _fitting(found: Sequence[Token], width: float) -> Sequence[Token]:
    """The tokens, those wider than the column cut between letters (a long address, say)."""
    if all(token.width <= width for token in found):
        return found
    return [part for token in found for part in _divided(token, width)]


def _divided(token: Token, width: float) -> list[Token]:
    if token.width <= width:
        return [token]
    run = token.run
    return [
        Token(text, run, run.face.width(text, run.size), space=False, breakable=True)
        for text in clusters(token.text)
    ]


def _offsets(found: Sequence[Token]) -> list[float]:
    offsets = [0.0]
    for token in found:
        offsets.append(offsets[-1] + token.width)
    return offsets


def _without_spaces(found: Sequence[Token], start: int, end: int) -> int:
    while end > start and found[end - 1].space:
        end -= 1
    return end


@dataclass(frozen=True, slots=True)
class _Column:
    width: float
    indent: float
    inside_phrase: float

    def room(self, start: int) -> float:
        return self.width - self.indent if start == 0 else self.width

    def cost(self, slack: float, ending: Token, last: bool) -> float:
        """Of a line with this share of it empty; overlong lines are a last resort."""
        if slack < -1e-6:  # rounding
            return 1000 * -slack + 1000
        if last:
            return _STUMP if slack > 0.9 else 0.0
        return 100 * slack * slack + (0.0 if ending.space else self.inside_phrase)


def _best_ends(found: Sequence[Token], offsets: Sequence[float], column: _Column) -> dict[int, int]:
    """For each place where a line may end, the best place for the line before it to end."""
    last = len(found)
    ends = [n for n in range(1, last) if found[n - 1].breakable] + [last]
    best: dict[int, float] = {0: 0.0}
    previous: dict[int, int] = {}
    starts = [0]
    first = 0  # starts before this one make the line too long
    for end in ends:
        stop = _without_spaces(found, 0, end)
        while first < len(starts) - 1 and _slack(offsets, starts[first], stop, column) < 0:
            first += 1
        cost, chosen = _IMPOSSIBLE, starts[-1]
        for start in starts[first:]:
            slack, room = _slack(offsets, start, stop, column), column.room(start)
            candidate = best[start] + column.cost(slack / room, found[end - 1], end == last)
            if candidate < cost:
                cost, chosen = candidate, start
            if slack > room * (1 - _FILLED) and end != last:
                break  # later starts only make the line emptier
        best[end], previous[end] = cost, chosen
        starts.append(end)
    return previous


def _slack(offsets: Sequence[float], start: int, stop: int, column: _Column) -> float:
    return column.room(start) - (offsets[stop] - offsets[start])
