"""The look-up before a step, and the ways where it finds nobody: past the step, or to others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from lxml import etree

from office.chains.compose.people import source
from office.chains.compose.sheet import ours, say
from office.chains.model import (
    FIND,
    GO_PAST,
    NOBODY,
    Ask,
    Inform,
    asks_each,
    found_people,
    outcome_variable,
    outcomes_variable,
)


def entry(step: Ask | Inform) -> str:
    """Where work comes to the step again: those who can do it are looked up anew each time."""
    return f"l_{step.id}" if step.who.judged else step.id


def find(node: etree._Element, step: Ask | Inform) -> None:
    """The call that looks up those whom a rule names, before their step."""
    _call(node, step, dict(_given(step)))


def find_others(node: etree._Element, step: Ask | Inform) -> None:
    """The call that looks up those who do it where nobody can."""
    _call(node, step, {"kind": "named", "of": _feel(step.who.instead)})


def _call(node: etree._Element, step: Ask | Inform, given: dict[str, str]) -> None:
    call = say(node, "action", name=FIND, resultVariable=found_people(step).partition(".")[0])
    for name, value in given.items():
        etree.SubElement(call, ours("input"), name=name, value=value)


def _given(step: Ask | Inform) -> Iterator[tuple[str, str]]:
    who = step.who
    yield "kind", "field" if who.kind == "appointed" else who.kind
    match who.kind:
        case "ladder":
            yield "rank", who.rank
        case "superior":
            yield "level", str(who.level)
        case "head" | "members" | "named":
            yield "of", _feel(who.values)
        case "performer":
            yield "of", who.value
        case "starter":
            pass
        case "field" | "appointed" | "formula":
            yield "of", f"=flatten([{source(step)}])"
    if who.if_nobody != "stop":
        yield "empty", "true"
    if who.instead and (asks_each(step) or who.if_starter == "pass"):
        yield "instead", _feel(who.instead)
    if who.if_starter != "same":
        yield from _own(step)
    if who.judged:
        yield from _apart(step)


def _own(step: Ask | Inform) -> Iterator[tuple[str, str]]:
    """What is done where whoever started the case is the one, of all or of each."""
    yield "if_starter", step.who.if_starter
    if step.who.instead_of_starter:
        yield "instead_of_starter", _feel(step.who.instead_of_starter)
    if asks_each(step):
        yield "each", "true"


def _apart(step: Ask | Inform) -> Iterator[tuple[str, str]]:
    """Who may not do it: whoever is barred is as good as nobody."""
    if isinstance(step, Ask) and step.not_starter:
        yield "not_starter", "true"
    if isinstance(step, Ask) and step.not_those:
        yield "not_those", _feel(step.not_those)


def _feel(texts: Sequence[str]) -> str:
    return "=[" + ", ".join(json.dumps(text) for text in texts) + "]"


def nobody(step: Ask | Inform) -> str:
    """FEEL that is true where those who were looked up are nobody."""
    return f"count({found_people(step)}) = 0"


def pass_over(node: etree._Element, step: Ask | Inform) -> None:
    """The call that tells it in the history. What asks for the step's answer later finds one."""
    call = say(node, "action", name=GO_PAST)
    several = isinstance(step, Ask) and step.how != "one"
    if isinstance(step, Ask) and several:
        etree.SubElement(call, ours("output"), name=outcomes_variable(step), value="=[]")
    else:
        etree.SubElement(call, ours("output"), name=outcome_variable(step), value=NOBODY)
