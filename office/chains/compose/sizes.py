"""How much room cards take on the sheet, before any of them is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from office.chains.exits import Exits
from office.chains.model import STARTER, Ask, Choose, Inform, Step, Together, takes_several, walk

#: between two elements in a row
GAP = 60
#: between two back flows above a row, and between two rows
TRACK, ROW = 20, 40
HALF = 40
#: from the axis of a row up to the middle of a script above it
SCRIPT = 100
#: around what stands in a block, and above the block for what its refusals do
PAD, ROOM = 30, 140
#: below a block, for those who are informed in it; and for what happens when their time is up
TOLD, LAPSED = 150, 40
#: from the axis of a row down to the middle of what happens where nobody can do a step
LOW = {"pass": 210, "hand": 110}


def _ways_back(step: Ask, landing: str) -> Iterator[str]:
    """By the step where each leads; `landing` is where work comes to this one again."""
    late = step.due is not None and step.due.late == "refuse"
    for target in step.ways_back:
        if step.refusal == "back" and target == STARTER:
            yield landing if step.to_me else STARTER
            continue
        yield target
        if target == STARTER:
            yield landing
        elif step.comes_again(target):
            yield target
    if step.refusal == "back" and late and landing == step.id:
        yield step.back_to


@dataclass(frozen=True, slots=True)
class Sizes:
    """`marked`: steps above whose gateway stands a script that remembers their refusal, or the
    task of whoever started it.
    """

    marked: frozenset[str] = frozenset()
    exits: Exits = field(default_factory=Exits)

    def is_block(self, step: Step) -> bool:
        return step.id in self.exits.backs.values()

    def backs(self, steps: Sequence[Step]) -> Iterator[str]:
        """The back flows that run above this row: its own, and those that leave rows inside it.

        Each by the step to which it leads.
        """
        for step in steps:
            if isinstance(step, Ask) and step.id not in self.exits.backs:
                yield from _ways_back(step, step.id)
            elif takes_several(step):
                for one in self.exits.leaving(step):
                    if one.id in self.exits.backs:
                        yield from _ways_back(one, step.id)
            elif isinstance(step, Choose):
                for branch in step.branches:
                    inner = {one.id for one in walk(branch.steps)}
                    out = (target for target in self.backs(branch.steps) if target not in inner)
                    yield from out

    def above(self, steps: Sequence[Step]) -> int:
        """From the axis of a row up to its upper edge, back flows included."""
        count = sum(1 for _ in self.backs(steps))
        return self.roof(steps) + (TRACK * count + 10 if count else 0)

    def roof(self, steps: Sequence[Step]) -> int:
        """The same without the back flows: they run above it."""
        return max((self._above(step) for step in steps), default=HALF)

    def _above(self, step: Step) -> int:
        if isinstance(step, Choose | Together):
            inner = max(HALF, self.above(step.branches[0].steps))
            return inner + PAD + ROOM if self.is_block(step) else inner
        if isinstance(step, Ask) and step.id in self.exits.backs:
            return HALF
        if step.id in self.marked:
            return SCRIPT + HALF
        late = isinstance(step, Ask) and step.due is not None and step.due.late == "refuse"
        if isinstance(step, Ask) and step.refusal == "back" and late:
            return HALF + 18
        return HALF

    def below(self, steps: Sequence[Step]) -> int:
        """From the axis of a row down to its lower edge."""
        return max((self._below(step) for step in steps), default=HALF)

    def _below(self, step: Step) -> int:
        if isinstance(step, Choose | Together):
            inner = self.rows(step)[-1] + self.below(step.branches[-1].steps)
            if not takes_several(step) or not self.is_block(step):
                return inner
            told = self.exits.told(step)
            lapsed = LAPSED if any(one.lapses for one in told) else 0
            return inner + PAD + (TOLD + lapsed if told else 0)
        if not isinstance(step, Ask | Inform):
            return HALF
        nobody = step.who.detour
        lowest = HALF if nobody == "stop" else LOW[nobody] + HALF + 10
        return max(lowest, self._itself(step))

    def _itself(self, step: Ask | Inform) -> int:
        if isinstance(step, Inform):
            below = 170 + (LAPSED if step.lapses else 0)
            return HALF + 10 if step.id in self.exits.tells else below
        passes = step.due is not None and step.due.late == "pass"
        return 170 if passes else 135 if step.can_end or step.id in self.exits.backs else HALF + 10

    def rows(self, step: Choose | Together) -> list[int]:
        """How far below the first branch's axis the axis of each branch is."""
        found, at = [0], 0
        for before, branch in zip(step.branches, step.branches[1:], strict=False):
            at += self.below(before.steps) + ROW + self.above(branch.steps)
            found.append(at)
        return found
