"""Refusals that end parallel work: which cards they leave, and where those become a block.

Parallel work that a refusal can leave, and a matrix by which several ways go on, is a block: when
one of its ways is left, the others end with it. It is left as a whole, so that coming back begins
it anew. Whoever is informed in one is told outside: what they acknowledge neither holds the block
up nor ends with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from office.chains.model import (
    STARTER,
    Ask,
    Chain,
    Choose,
    Inform,
    Matrix,
    Step,
    Together,
    takes_several,
    walk,
    with_earlier,
)

Whole = Together | Matrix


@dataclass(frozen=True, slots=True)
class Exits:
    """By a step's id the card of parallel work that its way back, or its end, leaves; of one who is
    informed, the card outside which that happens.
    """

    backs: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, chain: Chain) -> Exits:
        asked = [
            (step, around) for step, around in _with_wholes(chain.steps) if isinstance(step, Ask)
        ]
        backs = {step.id: left[0].id for step, around in asked if (left := _left(step, around))}
        blocks = set(backs.values())
        ends = {
            step.id: whole[0]
            for step, around in asked
            if step.can_end and (whole := [one.id for one in around if one.id in blocks])
        }
        tells = {
            step.id: whole[0]
            for step, around in _with_wholes(chain.steps)
            if isinstance(step, Inform)
            and (whole := [one.id for one in around if one.id in blocks])
        }
        return cls(backs, ends, tells)

    def home(self, step_id: str) -> str:
        """The card that a refusal of the step leaves. Empty: none."""
        return self.backs.get(step_id) or self.ends.get(step_id, "")

    def leaving(self, whole: Whole) -> list[Ask]:
        """The steps whose refusal leaves this card."""
        inner = (one for branch in whole.branches for one in walk(branch.steps))
        return [one for one in inner if isinstance(one, Ask) and self.home(one.id) == whole.id]

    def told(self, whole: Whole) -> list[Inform]:
        """Those who are informed in this card, which happens outside it."""
        inner = (one for branch in whole.branches for one in walk(branch.steps))
        return [
            one for one in inner if isinstance(one, Inform) and self.tells.get(one.id) == whole.id
        ]


def _with_wholes(
    steps: Sequence[Step], around: tuple[Whole, ...] = ()
) -> Iterator[tuple[Step, tuple[Whole, ...]]]:
    """Each step with the parallel work around it, the outermost first."""
    for step in steps:
        yield step, around
        if isinstance(step, Choose | Together):
            inner = (*around, step) if takes_several(step) else around
            for branch in step.branches:
                yield from _with_wholes(branch.steps, inner)


def _left(step: Ask, around: Sequence[Whole]) -> list[Whole]:
    """The parallel work that some way back leaves."""
    return [whole for whole in around for target in step.ways_back if is_left(whole, target)]


def is_left(whole: Whole, target: str) -> bool:
    return target == STARTER or all(one.id != target for one in walk((whole,)))


def mixed(chain: Chain, exits: Exits) -> Iterator[str]:
    """Steps whose refusals leave different cards, or one and none."""
    for step, around in _with_wholes(chain.steps):
        if not isinstance(step, Ask):
            continue
        homes = {
            next((one.id for one in around if is_left(one, target)), "")
            for target in step.ways_back
        }
        end = exits.ends.get(step.id)
        apart = end is not None and step.id in exits.backs and end != exits.backs[step.id]
        if len(homes) > 1 or apart:
            yield step.id


def passed(chain: Chain, step: Ask, target: str) -> tuple[Step, ...]:
    """What a refusal of the step goes back over: from the step where it leads to, with it. Parallel
    work that it leaves is gone over as a whole.
    """
    earlier = next((before for one, before in with_earlier(chain.steps) if one is step), ())
    found = (n for n, one in enumerate(earlier) if one.id == target)
    at = 0 if target == STARTER else next(found, len(earlier))
    around = next((wholes for one, wholes in _with_wholes(chain.steps) if one is step), ())
    left = [one for one in around if is_left(one, target)][:1]
    return tuple({one.id: one for one in walk((*earlier[at:], *left))}.values())


def forgets(chain: Chain, step: Ask, target: str) -> tuple[str, ...]:
    """The steps whose work leads straight to whoever had sent it back no more, when this one sends
    it back to the target: those that it goes over again.
    """
    if target == STARTER:
        return ()
    over = {one.id: one for one in (*passed(chain, step, target), step)}
    return tuple(one.id for one in over.values() if isinstance(one, Ask) and chain.senders(one))
