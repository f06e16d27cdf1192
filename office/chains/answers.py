"""Conditions on what was answered in an earlier step: one step, one of its buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from office.chains.model import (
    STARTER,
    Ask,
    Chain,
    Choose,
    Outcome,
    Step,
    outcome_variable,
    outcomes_variable,
    walk,
    with_earlier,
)

_SAID = re.compile(
    r'(?:get or else\((?P<lenient>\w+)_outcome, null\)|(?P<plain>\w+)_outcome) = "(?P<one>\w+)"'
    r"|list contains\((?:get or else\((?P<several>\w+)_outcomes, \[\]\)|(?P<listed>\w+)_outcomes),"
    r' "(?P<any>\w+)"\)'
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered; `several`: by at least one of those who were asked."""

    step: str
    outcome: str
    several: bool = False


def read_said(condition: str, chain: Chain) -> Said | None:
    """None: the condition is about something else."""
    found = _SAID.fullmatch(condition)
    if found is None:
        return None
    if found["any"]:
        return Said(found["several"] or found["listed"], found["any"], several=True)
    step = found["lenient"] or found["plain"]
    return None if chain.field(f"{step}_outcome") else Said(step, found["one"])


def write_said(step: Ask, outcome: str) -> str:
    """FEEL. Where the step was not done, or nobody has answered, it does not hold."""
    if step.how == "one":
        return f'get or else({outcome_variable(step)}, null) = "{outcome}"'
    return f'list contains(get or else({outcomes_variable(step)}, []), "{outcome}")'


def answers(chain: Chain, step_id: str) -> Iterator[tuple[Ask, Outcome]]:
    """What a condition at the step can ask about, in reading order. Who refuses alone does not
    come this far.
    """
    for step in walk(_before(chain, step_id)):
        if isinstance(step, Ask):
            yield from ((step, o) for o in step.outcomes if step.how != "one" or not o.refuses)


def _before(chain: Chain, step_id: str) -> tuple[Step, ...]:
    found = (before for step, before in with_earlier(chain.steps) if step.id == step_id)
    return next(found, ())


def wrong(chain: Chain, step_id: str, said: Said) -> tuple[str, str] | None:
    """A fault's code and detail, where the condition at the step can say nothing sure."""
    before = _before(chain, step_id)
    step = next((one for one in walk(before) if one.id == said.step), None)
    if not isinstance(step, Ask):
        return "answer_step", said.step
    if said.several != (step.how != "one") or said.outcome not in [o.id for o in step.outcomes]:
        return "answer_gone", step.name
    passes = step.due is not None and step.due.late == "pass"
    sure = any(one.id == step.id for one in before) and not passes
    return None if sure or not _repeated(chain, step) else ("answer_old", step.name)


def _repeated(chain: Chain, step: Ask) -> bool:
    """Whether a case can come past the step again: an answer of the round before stays."""
    places = {one.id: number for number, one in enumerate(chain.walk())} | {STARTER: -1}
    here = places[step.id]
    return any(
        places.get(target, here + 1) <= here <= places[one.id]
        for one in chain.walk()
        if isinstance(one, Ask)
        for target in one.ways_back
    )


def asked_about(chain: Chain) -> list[Ask]:
    """The steps on whose answers ways depend."""
    said = [
        read_said(branch.condition, chain)
        for step in chain.walk()
        if type(step) is Choose
        for branch in step.branches
    ]
    ids = {one.step for one in said if one is not None}
    return [one for one in chain.walk() if isinstance(one, Ask) and one.id in ids]


def told(said: Said, chain: Chain, english: bool) -> str:
    """“ตรวจ” ตอบ “มีข้อสังเกต”."""
    step = chain.step(said.step)
    outcomes = step.outcomes if isinstance(step, Ask) else ()
    found = next((one for one in outcomes if one.id == said.outcome), None)
    name = step.name if step else said.step
    answer = (found.name_en if english else found.name) if found else said.outcome
    if english:
        who = f"somebody answered “{answer}” in" if said.several else f"the answer is “{answer}” in"
        return f"{who} “{name}”"
    return f"{'มีผู้ตอบ' if said.several else 'ตอบ'} “{answer}” ในขั้น “{name}”"
