"""Conditional start events of a process (BPMN 2.0.2, table 10.84): they look at the world, not at
an instance, for there is none yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Cause
from engine.runtime.bundle import Bundle
from engine.runtime.errors import Stuck
from engine.runtime.formulas import compile_phrase, names_in
from engine.runtime.values import Surroundings
from engine.runtime.variables import check_given


@dataclass(frozen=True, slots=True)
class Asked:
    """`holds`: None where there is no answer, because the condition names what was not told, or,
    with a `cause`, because it is wrong.
    """

    holds: bool | None
    cause: Cause | None = None


def ask_start(
    bundle: Bundle,
    process_id: str,
    element_id: str,
    facts: Mapping[str, Any],
    around: Surroundings,
) -> Asked:
    """Whether the condition of this start event holds of these facts. Invalid where they could not
    be an instance's variables.
    """
    event = bundle.woven[process_id].process.nodes[element_id].event
    assert event is not None
    assert event.condition is not None
    check_given(facts)
    formula = compile_phrase(event.condition)
    if not names_in(formula) <= facts.keys():
        return Asked(None)
    try:
        return Asked(formula.truth(facts, around))
    except Stuck as stuck:
        detail = {"definition_key": process_id, **stuck.detail}
        return Asked(None, Cause(stuck.code, stuck.message, element_id, detail))
