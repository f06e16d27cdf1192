"""What a new card takes from those that stand before it, so that whoever composes says it once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from office.chains import editing, rules, words
from office.chains.model import Ask, Chain, Due, Late, Step, Who

#: ways to name somebody that a card like it has as well, each with others
_OF_A_KIND = ("named", "head", "members")
_HIGHEST = 9
#: what a deadline may do to a decision without anybody having said so of this one
_HARMLESS = ("wait", "superior")
#: where a default shows that it does not fit
_FITS = frozenset({"refusal", "may", "back_to", "due", "outcomes"})


def add(chain: Chain, kind: str, place: str, *, english: bool = False) -> tuple[Chain, Step]:
    """The chain with a new card at a place, and that card. KeyError: no such kind or place.

    Somebody like whom the card of its kind before it names, one level higher up where that is a
    superior; the same way for a refusal, in a letter's route whichever the refuser chooses; the
    deadline of the card before. A refusal that would be a fault there is left out.
    """
    step = editing.new_step(chain, kind, english=english)
    plain = editing.insert(chain, place, step)
    if not isinstance(step, Ask):
        return plain, step
    before = list(_before(plain, step))
    step = replace(_asking(chain, step, before), due=_due(step, before))
    refusing, odd = _refusing(plain, step, before), _odd(chain)
    yes = words.outcomes_of(step.kind, refusal=False)
    silent = replace(step, refusal="none", back_to="", may=(), outcomes=yes)
    for tried in (refusing, step):
        made = editing.change(plain, tried)
        if not _odd(made) - odd:
            return made, tried
    return editing.change(plain, silent), silent


def _before(chain: Chain, step: Step) -> Iterator[Ask]:
    """Those that are asked before it in reading order."""
    for one in chain.walk():
        if one.id == step.id:
            return
        if isinstance(one, Ask):
            yield one


def _last(before: Sequence[Ask], kind: str) -> Ask | None:
    return next((one for one in reversed(before) if one.kind == kind), None)


def _asking(chain: Chain, step: Ask, before: Sequence[Ask]) -> Ask:
    """With whom it asks, as far as that can be guessed."""
    last = _last(before, step.kind)
    if step.kind == "consult":
        step = replace(step, how="all")
    if step.kind == "sign" or last is None:
        return step
    if last.who.kind in _OF_A_KIND:
        return replace(step, who=Who(last.who.kind))
    if last.who.kind == "superior" and step.who.kind == "superior":
        return replace(step, who=Who("superior", level=min(last.who.level + 1, _HIGHEST)))
    # whoever drafts a letter does not proofread it
    letters = chain.letter and step.kind == "proofread"
    return replace(step, who=Who("named")) if letters else step


def _due(step: Ask, before: Sequence[Ask]) -> Due | None:
    """The last deadline. What was not said in time is done without; a decision is waited for."""
    timed = [one for one in before if one.due is not None]
    if not timed or timed[-1].due is None:
        return None
    late: Late = "wait"
    if step.kind == "consult":
        late = "pass"
    elif step.kind != "sign":
        said = [one.due.late for one in timed if one.due and one.kind in ("approve", "proofread")]
        late = said[-1] if said and said[-1] in _HARMLESS else "wait"
    return replace(timed[-1].due, late=late)


def _refusing(chain: Chain, step: Ask, before: Sequence[Ask]) -> Ask:
    """With the way for a refusal that the last of its kind has."""
    last = _last(before, step.kind)
    if step.kind == "consult":
        return step
    if last is None or not (last.can_refuse or last.ways_back):
        return _letting_choose(chain, step) if chain.letter else step
    if last.refusal == "chosen":
        return _letting_choose(chain, step)
    buttons = words.outcomes_of(step.kind, refusal=True)
    return replace(
        step, refusal=last.refusal, back_to=last.back_to, to_me=last.to_me, outcomes=buttons
    )


def _letting_choose(chain: Chain, step: Ask) -> Ask:
    may = tuple(rules.may_choose(chain, step))
    buttons = words.outcomes_of(step.kind, refusal=True)
    return replace(step, refusal="chosen", may=may, outcomes=buttons)


def _odd(chain: Chain) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (one.step, one.field, one.code) for one in rules.faults(chain) if one.field in _FITS
    )
