"""What a person does to the cards: add, move, remove, replace; each answers the chain after it.

A place is written "row:number"; the row is "" on top, else "card.branch" of the card around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain as chain_up
from itertools import count

from office.chains import words
from office.chains.matrix.cells import usable
from office.chains.matrix.editing import OTHERWISE, add_way, remove_way, way_name
from office.chains.matrix.ways import condition
from office.chains.model import (
    DRAFT,
    Act,
    Ask,
    Branch,
    Call,
    Chain,
    Choose,
    Forked,
    Inform,
    Matrix,
    Outcome,
    Span,
    Step,
    Together,
    Wait,
    Who,
)

Steps = tuple[Step, ...]
#: steps of a letter's route, besides its draft, in which its words may change
_WRITES = ("proofread", "check")
_WHEN = ("เมื่อตรงเงื่อนไข", "When the condition holds")


def new_step(chain: Chain, kind: str, *, english: bool = False) -> Step:
    """A card of a kind in `words.KINDS`, with an id that the chain has not yet. KeyError: none.

    It is named in Thai or `english`, and so are its ways: from then on the name is its author's.
    """
    name = words.KINDS[kind][english]
    step_id = _free_id(chain, kind)
    match kind:
        case "approve":
            buttons = words.outcomes_of("approve", refusal=True)
            return Ask(step_id, "approve", name, Who("superior"), buttons, refusal="end")
        case "proofread":
            buttons = words.outcomes_of("proofread", refusal=False)
            return Ask(step_id, "proofread", name, Who("starter"), buttons)
        case "sign":
            buttons = words.outcomes_of("sign", refusal=True)
            return Ask(step_id, "sign", name, Who("field", ("signer",)), buttons, refusal="end")
        case "consult":
            buttons = words.outcomes_of("consult", refusal=False)
            return Ask(step_id, "consult", name, Who("named"), buttons)
        case "inform":
            return Inform(step_id, name, Who("starter"))
        case "wait":
            return Wait(step_id, name, Span(1))
        case "call":
            return Call(step_id, name, "")
        case "act":
            return Act(step_id, name, "")
        case "choose":
            return Choose(step_id, name, (Branch(_WHEN[english]), Branch(OTHERWISE[english])))
        case "matrix":
            return _matrix(chain, step_id, name, english=english)
        case _:
            ways = (Branch(way_name(n, english=english)) for n in (1, 2))
            return Together(step_id, name, tuple(ways))


def _matrix(chain: Chain, step_id: str, name: str, *, english: bool) -> Matrix:
    """On the amounts and kinds that the form has, with one way beside the last."""
    wanted = [field for field in usable(chain) if field.kind in ("number", "choice")][:3]
    first = way_name(1, english=english)
    way = Branch(first, (), condition(step_id, first, "unique"))
    columns = tuple(field.key for field in wanted if field.required)
    return Matrix(step_id, name, (way, Branch(OTHERWISE[english])), columns=columns)


def _free_id(chain: Chain, kind: str) -> str:
    """In a letter's route the steps that write have the names by which letters know them."""
    taken = {step.id for step in chain.walk()}
    known = _WRITES if chain.letter and kind == "proofread" else ()
    numbered = (f"{kind}{n}" for n in count(1))
    return next(one for one in chain_up(known, numbered) if one not in taken)


def as_letter(chain: Chain, *, english: bool = False) -> Chain:
    """The chain as a letter's route, which begins with its draft."""
    made = replace(chain, letter=True, title=chain.title or "subject")
    return made if made.step(DRAFT) else replace(made, steps=(_draft(english=english), *made.steps))


def _draft(*, english: bool) -> Ask:
    submit = Outcome("submit", "เสนอ", "Submit")
    name = "Draft" if english else "ร่าง"
    return Ask(DRAFT, "proofread", name, Who("starter"), (submit,))


def insert(chain: Chain, place: str, step: Step) -> Chain:
    """KeyError: there is no such place."""
    row, _colon, number = place.rpartition(":")
    at = int(number) if number.isdecimal() and len(number) < 4 else -1

    def put(steps: Steps) -> Steps:
        if not 0 <= at <= len(steps):
            raise KeyError(place)
        return (*steps[:at], step, *steps[at:])

    return _in_row(chain, row, put)


def remove(chain: Chain, step_id: str) -> Chain:
    return _everywhere(chain, lambda steps: tuple(one for one in steps if one.id != step_id))


def place_after(chain: Chain, step_id: str) -> str:
    """The place behind a card. KeyError: there is no such card."""
    for row, steps in rows(chain):
        for number, one in enumerate(steps, 1):
            if one.id == step_id:
                return f"{row}:{number}"
    raise KeyError(step_id)


def only_if(chain: Chain, step_id: str, *, english: bool = False) -> tuple[Chain, Step]:
    """The card within a new condition, which it is done under alone; and that condition.

    KeyError: there is no such card.
    """
    step = chain.step(step_id)
    if step is None:
        raise KeyError(step_id)
    made = new_step(chain, "choose", english=english)
    assert isinstance(made, Choose)
    when, *others = made.branches
    around = replace(made, branches=(replace(when, steps=(step,)), *others))
    inside = {step_id: around}
    return _everywhere(chain, lambda steps: tuple(inside.pop(one.id, one) for one in steps)), around


def change(chain: Chain, step: Step) -> Chain:
    """The card of this id as it is now."""
    return _everywhere(
        chain, lambda steps: tuple(step if one.id == step.id else one for one in steps)
    )


def move(chain: Chain, step_id: str, by: int) -> Chain:
    """Up (-1) or down (1) within its row; at the edge nothing changes."""

    def shift(steps: Steps) -> Steps:
        at = next((n for n, one in enumerate(steps) if one.id == step_id), -1)
        if at < 0 or not 0 <= at + by < len(steps):
            return steps
        listed = list(steps)
        listed.insert(at + by, listed.pop(at))
        return tuple(listed)

    return _everywhere(chain, shift)


#: stands for a card while it is carried elsewhere: no card is called so
_CARRIED = "\0"


def carry(chain: Chain, step_id: str, place: str) -> Chain:
    """The card, with those inside it, at a place of any row. KeyError: there is no such card or
    place, or the place lies within the card.
    """
    step = chain.step(step_id)
    if step is None or place.rpartition(":")[0] in within(step):
        raise KeyError(place)
    shown = insert(chain, place, Act(_CARRIED, "", ""))
    left = remove(shown, step_id)
    return _everywhere(
        left, lambda steps: tuple(step if one.id == _CARRIED else one for one in steps)
    )


def within(step: Step) -> frozenset[str]:
    """The rows inside a card, by name."""
    return frozenset(name for name, _steps in rows(Chain("", "", (step,))) if name)


def add_branch(chain: Chain, step_id: str, *, english: bool = False) -> Chain:
    """Before the way that is taken otherwise, else at the end."""

    def grown(step: Forked) -> Forked:
        if isinstance(step, Matrix):
            return add_way(step, english=english)
        number = len(step.branches) + isinstance(step, Together)
        label = way_name(number, english=english)
        last = len(step.branches) - isinstance(step, Choose)
        branches = (*step.branches[:last], Branch(label), *step.branches[last:])
        return replace(step, branches=branches)

    return _forked(chain, step_id, grown)


def remove_branch(chain: Chain, step_id: str, number: int) -> Chain:
    """With the cards in it; the last two ways stay, and so does the way otherwise."""

    def shrunk(step: Forked) -> Forked:
        if isinstance(step, Matrix):
            return remove_way(step, number)
        most = len(step.branches) - isinstance(step, Choose)
        if len(step.branches) < 3 or not 0 <= number < most:
            return step
        branches = (*step.branches[:number], *step.branches[number + 1 :])
        return replace(step, branches=branches)

    return _forked(chain, step_id, shrunk)


def places(chain: Chain) -> Iterator[str]:
    """Every place at which a card can be put, in reading order."""
    for row, steps in rows(chain):
        yield from (f"{row}:{number}" for number in range(len(steps) + 1))


def rows(chain: Chain) -> Iterator[tuple[str, Steps]]:
    yield "", chain.steps
    for step in chain.walk():
        if isinstance(step, Choose | Together):
            for number, branch in enumerate(step.branches):
                yield f"{step.id}.{number}", branch.steps


def _forked(chain: Chain, step_id: str, to: Callable[[Forked], Forked]) -> Chain:
    step = chain.step(step_id)
    return change(chain, to(step)) if isinstance(step, Choose | Together) else chain


def _everywhere(chain: Chain, to: Callable[[Steps], Steps]) -> Chain:
    return replace(chain, steps=_each_row(chain.steps, "", lambda _row, steps: to(steps)))


def _in_row(chain: Chain, row: str, to: Callable[[Steps], Steps]) -> Chain:
    if row not in {name for name, _steps in rows(chain)}:
        raise KeyError(row)
    steps = _each_row(chain.steps, "", lambda here, steps: to(steps) if here == row else steps)
    return replace(chain, steps=steps)


def _each_row(steps: Steps, row: str, to: Callable[[str, Steps], Steps]) -> Steps:
    return tuple(_inside(step, to) for step in to(row, steps))


def _inside(step: Step, to: Callable[[str, Steps], Steps]) -> Step:
    if not isinstance(step, Choose | Together):
        return step
    branches = tuple(
        replace(branch, steps=_each_row(branch.steps, f"{step.id}.{number}", to))
        for number, branch in enumerate(step.branches)
    )
    return replace(step, branches=branches)
