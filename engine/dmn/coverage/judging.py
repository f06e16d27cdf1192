"""Which inputs no rule of a table answers, which several do, and which rules nothing reaches.

Ranges and enumerations of numbers, dates, durations, texts and truth are told exactly: each column
is cut into pieces, and sets of pieces are bits of an integer. Null is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.coverage.cells import CannotTell, Cell, cell, constant
from engine.dmn.coverage.pieces import Others, Piece, cut, joined, plain
from engine.dmn.model import Decision
from engine.dmn.nodes import Fitted, Table
from engine.feel.syntax import Node

#: of each kind that are told
MOST_TOLD = 20
MOST_RULES = 200
#: at a rule, for a piece of a column
MOST_LOOKS = 2_000_000

#: For each column its pieces, joined; None: whatever value.
Region = Sequence[Sequence[Piece] | None]
_Box = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no rule answers. `uncertain`: a rule that is not judged may answer them."""

    region: Region
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Overlap:
    """Inputs that two rules answer; rules are counted from 1."""

    first: int
    second: int
    region: Region


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A cell that says more than values and ranges: rule and column, counted from 1."""

    rule: int
    column: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """`hidden`: rules that rules before them take everything from, where the first one counts.

    `whole`: false where there is more than was looked at or told. `has_default`: what no rule
    answers has an answer all the same.
    """

    gaps: Sequence[Gap]
    overlaps: Sequence[Overlap]
    hidden: Sequence[int]
    unjudged: Sequence[Unjudged]
    has_default: bool
    whole: bool = True

    @property
    def sound(self) -> bool:
        """Each input has one answer, and that was told for certain."""
        open_ends = self.overlaps or self.hidden or self.unjudged or not self.whole
        return not open_ends and (self.has_default or not self.gaps)


def table_of(logic: Node | None) -> Table | None:
    """The table that a decision is, behind its declared type."""
    node = logic.value if isinstance(logic, Fitted) else logic
    return node if isinstance(node, Table) else None


def judge(decision: Decision) -> Coverage | None:
    """None where the decision is no table."""
    table = table_of(decision.logic)
    return None if table is None else _Judge(table).coverage()


class _TooManyLooks(Exception):
    pass


class _Judge:
    def __init__(self, table: Table) -> None:
        self.table = table
        self.unjudged: list[Unjudged] = []
        cells = [self._cells(at) for at in range(len(table.columns))]
        self.pieces = [self._pieces(at, column) for at, column in enumerate(cells)]
        self.full: _Box = tuple((1 << len(pieces)) - 1 for pieces in self.pieces)
        self.boxes = [
            tuple(self._mask(at, column[rule]) for at, column in enumerate(cells))
            for rule in range(len(table.rules))
        ]
        self.unsure = {one.rule - 1 for one in self.unjudged}
        self.looks = 0

    # -- cells to bits

    def _cells(self, at: int) -> list[Cell | None]:
        read = [self._cell(rule.tests[at]) for rule in self.table.rules]
        found = {kind for one in read if one for kind in one.kinds}
        if len(found) > 1:  # of two kinds: they cannot be put in one order
            read = [one if one and one.anything else None for one in read]
        self.unjudged += [Unjudged(n, at + 1) for n, one in enumerate(read, 1) if one is None]
        return read

    def _cell(self, tests: Any) -> Cell | None:
        try:
            return cell(tests)
        except CannotTell:
            return None

    def _pieces(self, at: int, column: Sequence[Cell | None]) -> Sequence[Piece]:
        known = [one for one in column if one is not None]
        allowed = self.table.columns[at].allowed
        permitted = self._cell(allowed) if allowed else None
        kinds = {kind for one in known for kind in one.kinds} or set(
            permitted.kinds if permitted else ()
        )
        if permitted and permitted.kinds != kinds:
            permitted = None
        if not kinds:
            return [Others(())]
        read = [*known, permitted] if permitted else known
        (kind,) = kinds
        pieces = cut(kind, [span for one in read for span in one.spans])
        return [one for one in pieces if permitted is None or _lets_through(permitted, one)]

    def _mask(self, at: int, one: Cell | None) -> int:
        if one is None:
            return self.full[at]
        bits = (_lets_through(one, piece) << n for n, piece in enumerate(self.pieces[at]))
        return sum(bits)

    # -- judging

    def coverage(self) -> Coverage:
        outputs = self.table.outputs
        has_default = any(output.default is not None for output in outputs)
        counted = self.table.aggregation == "COUNT"
        if len(self.boxes) > MOST_RULES:
            return Coverage([], [], [], self.unjudged, has_default, whole=False)
        try:
            gaps, whole = self._gaps()
            hidden = [*self._hidden()] if self.table.hit_policy == "FIRST" else []
        except _TooManyLooks:
            gaps, hidden, whole = [], [], False
        overlaps, all_told = self._first(self._overlaps())
        whole = whole and all_told
        return Coverage(gaps, overlaps, hidden, self.unjudged, has_default or counted, whole)

    def _first(self, found: Iterator[Any]) -> tuple[list[Any], bool]:
        told = [one for _, one in zip(range(MOST_TOLD), found, strict=False)]
        return told, next(found, None) is None

    def _sure(self) -> Mapping[int, _Box]:
        return {n: box for n, box in enumerate(self.boxes) if n not in self.unsure}

    def _gaps(self) -> tuple[list[Gap], bool]:
        """Those that are told, and whether they are all."""
        boxes = [*self._open(self.full, list(self._sure().values()))]
        looked_at = boxes[: 10 * MOST_TOLD]
        merged = _merged(looked_at)
        told = [self._gap(box) for box in merged[:MOST_TOLD]]
        return told, len(boxes) == len(looked_at) and len(merged) == len(told)

    def _gap(self, box: _Box) -> Gap:
        uncertain = any(_meet(box, self.boxes[n]) for n in self.unsure)
        return Gap(self._region(box), uncertain)

    def _hidden(self) -> Iterator[int]:
        sure = self._sure()
        for n, box in sure.items():
            before = [other for m, other in sure.items() if m < n]
            if before and next(self._open(box, before), None) is None:
                yield n + 1

    def _overlaps(self) -> Iterator[Overlap]:
        if self.table.hit_policy not in ("UNIQUE", "ANY"):
            return
        sure = [*self._sure().items()]
        for at, (n, box) in enumerate(sure):
            for m, other in sure[at + 1 :]:
                common = _meet(box, other)
                if common and not (self.table.hit_policy == "ANY" and self._agree(n, m)):
                    yield Overlap(n + 1, m + 1, self._region(common))

    def _agree(self, one: int, other: int) -> bool:
        """Whether two rules have the same constants for results."""
        pairs = zip(self.table.rules[one].results, self.table.rules[other].results, strict=True)
        try:
            return all(constant(left) == constant(right) for left, right in pairs)
        except CannotTell:
            return False

    def _open(self, within: _Box, boxes: Sequence[_Box]) -> Iterator[_Box]:
        """What of a box is in none of these boxes, as boxes."""
        covered: set[tuple[int, int]] = set()
        yield from self._opened((), within, boxes, (1 << len(boxes)) - 1, covered)

    def _opened(
        self,
        done: _Box,
        within: _Box,
        boxes: Sequence[_Box],
        alive: int,
        covered: set[tuple[int, int]],
    ) -> Iterator[_Box]:
        """Column after column, the pieces that the same rules let through at once."""
        at = len(done)
        if not alive:
            yield done + within[at:]
            return
        if at == len(within) or (at, alive) in covered:
            return
        self.looks += len(self.pieces[at]) * alive.bit_count()
        if self.looks > MOST_LOOKS:
            raise _TooManyLooks
        found = False
        for matching, mask in self._alike(at, within[at], boxes, alive).items():
            for box in self._opened((*done, mask), within, boxes, matching, covered):
                found = True
                yield box
        if not found:
            covered.add((at, alive))

    def _alike(self, at: int, within: int, boxes: Sequence[_Box], alive: int) -> Mapping[int, int]:
        """Pieces of a column by the rules that are left if the input is one of them."""
        rules = [(1 << n, box[at]) for n, box in enumerate(boxes) if alive >> n & 1]
        found: dict[int, int] = {}
        for n in range(len(self.pieces[at])):
            if within >> n & 1:
                matching = sum(bit for bit, mask in rules if mask >> n & 1)
                found[matching] = found.get(matching, 0) | 1 << n
        return found

    def _region(self, box: _Box) -> Region:
        return tuple(
            None
            if mask == self.full[at]
            else plain(joined([piece for n, piece in enumerate(self.pieces[at]) if mask >> n & 1]))
            for at, mask in enumerate(box)
        )


def _lets_through(one: Cell, piece: Piece) -> bool:
    if isinstance(piece, Others):
        return one.negated
    return any(span.holds(piece) for span in one.spans) != one.negated


def _meet(one: _Box, other: _Box) -> _Box | None:
    common = tuple(left & right for left, right in zip(one, other, strict=True))
    return common if all(common) else None


def _merged(boxes: Sequence[_Box]) -> list[_Box]:
    """Boxes that differ in one column only, as one."""
    found = list(boxes)
    again = True
    while again:
        again = False
        for at, one in enumerate(found):
            partner = next((m for m in range(at + 1, len(found)) if _differ(one, found[m])), None)
            if partner is not None:
                other = found.pop(partner)
                found[at] = tuple(left | right for left, right in zip(one, other, strict=True))
                again = True
                break
    return found


def _differ(one: _Box, other: _Box) -> bool:
    """In exactly one column."""
    return sum(left != right for left, right in zip(one, other, strict=True)) == 1
