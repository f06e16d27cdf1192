"""What the cards of one chain say and those of another do not: pure, and in no language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from office.chains.model import Chain, Choose, Step, Together

Verb: TypeAlias = Literal["added", "removed", "changed", "moved"]
#: what a chain says beside its cards
FACTS = ("name", "fields", "title", "start_role", "letter", "note", "english")


@dataclass(frozen=True, slots=True)
class CardDifference:
    """`before` and `after`: the card in each of the two, None where it is not there. One that says
    otherwise and stands elsewhere is changed, and `moved` too.
    """

    verb: Verb
    id: str
    before: Step | None
    after: Step | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class CardDifferences:
    """`facts`: which of FACTS are others; `cards` in the order of the newer, what is gone last."""

    facts: Sequence[str]
    cards: Sequence[CardDifference]


def compare(before: Chain, after: Chain) -> CardDifferences:
    """Cards are the same where their ids are."""
    facts = [name for name in FACTS if getattr(before, name) != getattr(after, name)]
    was, now = _placed(before), _placed(after)
    moved = _moved(was, now)
    cards = [
        *(one for id_, (step, _row) in now.items() if (one := _card(was, id_, step, id_ in moved))),
        *(CardDifference("removed", id_, step, None) for id_, (step, _) in was.items()
          if id_ not in now),
    ]  # fmt: skip
    return CardDifferences(facts, cards)


_Placed: TypeAlias = Mapping[str, tuple[Step, str]]


def _placed(chain: Chain) -> _Placed:
    """Each card by its id, in reading order, with the row that it stands in."""
    return {step.id: (step, row) for step, row in _rows(chain.steps, "")}


def _rows(steps: Sequence[Step], row: str) -> Iterator[tuple[Step, str]]:
    for step in steps:
        yield step, row
        if isinstance(step, Choose | Together):
            for number, branch in enumerate(step.branches):
                yield from _rows(branch.steps, f"{step.id}.{number}")


def _moved(was: _Placed, now: _Placed) -> frozenset[str]:
    """As few cards as explain the new order, and those that went into another row."""
    old = [(id_, row) for id_, (_step, row) in was.items() if id_ in now]
    new = [(id_, row) for id_, (_step, row) in now.items() if id_ in was]
    blocks = SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks()
    stayed = {id_ for block in blocks for id_, _row in new[block.b : block.b + block.size]}
    return frozenset(id_ for id_, _row in new) - stayed


def _card(was: _Placed, id_: str, after: Step, moved: bool) -> CardDifference | None:
    if id_ not in was:
        return CardDifference("added", id_, None, after)
    before, _row = was[id_]
    if _own(before) != _own(after):
        return CardDifference("changed", id_, before, after, moved)
    return CardDifference("moved", id_, before, after, True) if moved else None


def _own(step: Step) -> Step:
    """Without the cards inside it, which are told for themselves."""
    if isinstance(step, Choose | Together):
        return replace(step, branches=tuple(replace(one, steps=()) for one in step.branches))
    return step
