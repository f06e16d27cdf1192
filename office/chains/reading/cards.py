"""One element as a card. Guesses freely: whether it says the same is compared afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.actor import KINDS
from engine.runtime.diagram import Node, Phrase
from office.chains.errors import NotComposable
from office.chains.model import (
    Act,
    Ask,
    AskKind,
    Call,
    Due,
    How,
    Inform,
    Late,
    Outcome,
    Refusal,
    Span,
    Wait,
    Who,
    refuses,
)

_SPAN = re.compile(r"P(?:T([1-9]\d{0,3})H|([1-9]\d{0,3})D)")
NAME = re.compile(r"[^\W\d]\w*")
LIST = re.compile(r'\[("[^"\\]*"(?:, "[^"\\]*")*)\]')
FLAT = re.compile(r"flatten\(\[(.*)\]\)", re.DOTALL)
FOUND = re.compile(r"(\w+)\.people")
_SHARE = re.compile(r">= (\d{1,3}) \* \(?numberOfInstances")


def ask(node: Node, refusal: Refusal, back_to: str, late: Late | None) -> Ask:
    """`late`: what a timer on the border leads to, where there is one."""
    settings = node.settings
    counted, share = how(node)
    return Ask(
        id=node.id,
        kind=_kind(node),
        name=node.name,
        who=who(node),
        outcomes=tuple(
            Outcome(one.id, one.name, one.name_en, one.reason_required) for one in settings.outcomes
        ),
        how=counted,
        share=share,
        due=_due(node, late),
        refusal=refusal,
        back_to=back_to,
        hides=_hides(node),
        not_starter=any(one.kind == "starter" for one in settings.exclusions),
        not_those=tuple(_text(one.value) for one in settings.exclusions if one.kind == "performer"),
        skip_same=settings.skip_same_person,
        confirm=settings.act == "confirm",
        note=node.documentation,
    )


def _kind(node: Node) -> AskKind:
    ids = {one.id for one in node.settings.outcomes}
    if all(map(refuses, ids)):
        raise NotComposable(node.id, node.name, "outcomes")
    if node.settings.act == "sign":
        return "sign"
    return "consult" if "agree" in ids else "approve" if "approve" in ids else "proofread"


def who(node: Node) -> Who:
    if node.repetition is not None:
        return _listed(node)
    rules = node.settings.assignments
    if rules and all(rule.kind in KINDS for rule in rules):
        codes = (f"{rule.kind}:{_text(rule.value)}" for rule in rules)
        return Who("named", tuple(codes))
    if len(rules) != 1:
        raise NotComposable(node.id, node.name, "people")
    kind, value = rules[0].kind, _text(rules[0].value)
    match kind:
        case "starter":
            return Who("starter")
        case "superior":
            return Who("superior", level=int(rules[0].level))
        case "field":
            return Who("field", (value,))
        case "performer":
            return Who("performer", (value,))
        case _:
            return Who("formula", (value,))


def found(finder: Node) -> Who:
    """Those whom a rule names, as the call before their step says."""
    told = given(finder)
    own: Any = told.get("if_starter", "same")
    others = quoted(told.get("instead_of_starter", ""))
    return replace(_rule(told), if_starter=own, instead_of_starter=others)


def given(finder: Node) -> Mapping[str, str]:
    """What a call is given, as it is written."""
    assert finder.settings.action is not None
    return {one.name: one.value.text for one in finder.settings.action.inputs}


def _rule(told: Mapping[str, str]) -> Who:
    of = told.get("of", "")
    values = quoted(of)
    match told.get("kind"):
        case "ladder":
            return Who("ladder", rank=told.get("rank", ""))
        case "superior":
            level = told.get("level", "1")
            return Who("superior", level=int(level) if level.isdecimal() else 1)
        case "starter":
            return Who("starter")
        case "performer":
            return Who("performer", (of,))
        case "field" | "formula" as kind:
            flat = FLAT.fullmatch(of.removeprefix("="))
            return Who("field" if kind == "field" else "formula", (flat[1],) if flat else ())
        case "head":
            return Who("head", values)
        case "named":
            return Who("named", values)
        case _:
            return Who("members", values)


def quoted(text: str) -> tuple[str, ...]:
    """The texts in a list of FEEL."""
    return tuple(re.findall(r'"([^"]*)"', text))


def _text(value: Phrase | None) -> str:
    return "" if value is None else value.text.strip()


def _listed(node: Node) -> Who:
    """Those whom a loop goes through."""
    assert node.repetition is not None
    collection = node.repetition.collection
    if collection is None or not collection.is_feel:
        raise NotComposable(node.id, node.name, "people")
    people = collection.feel.strip()
    if FOUND.fullmatch(people):
        return Who("members")
    listed, flat = LIST.fullmatch(people), FLAT.fullmatch(people)
    if listed is not None:
        return Who("named", tuple(re.findall(r'"([^"]*)"', listed[1])))
    if flat is None:
        raise NotComposable(node.id, node.name, "people")
    return Who("field" if NAME.fullmatch(flat[1]) else "formula", (flat[1],))


def how(node: Node) -> tuple[How, int]:
    """How several do it, and the share of them that counts."""
    loop = node.repetition
    if loop is None:
        return "one", 100
    enough = _text(loop.condition)
    share = _SHARE.search(enough)
    if loop.kind == "sequential":
        return "in_order", 100
    if share is not None:
        return "share", int(share[1])
    return ("first" if enough.startswith("numberOfCompletedInstances") else "all"), 100


def _due(node: Node, late: Late | None) -> Due | None:
    settings = node.settings
    if settings.due is None:
        return None
    found = span(node, settings.due, working=settings.due_working)
    told: Late = "superior" if settings.escalation else "wait"
    return Due(found, bool(settings.reminders), late or told)


def span(node: Node, text: Phrase, *, working: bool) -> Span:
    found = _SPAN.fullmatch(text.text.strip())
    if found is None:
        raise NotComposable(node.id, node.name, "span", text.text)
    if found[1]:
        return Span(int(found[1]), "hours", working)
    return Span(int(found[2]), "days", working)


def inform(node: Node, late: Late | None) -> Inform:
    """`late` as in `ask`."""
    due = _due(node, late)
    return Inform(node.id, node.name, who(node), node.documentation, _hides(node), due)


def _hides(node: Node) -> tuple[str, ...]:
    return tuple(one.text for one in node.settings.hidden)


def wait(node: Node) -> Wait:
    timer = node.event.timer if node.event else None
    if timer is None:
        raise NotComposable(node.id, node.name, "element", node.type)
    if timer.kind == "timeDate":
        return Wait(node.id, node.name, None, text_of_field(timer.value), node.documentation)
    found = span(node, timer.value, working=timer.working)
    return Wait(node.id, node.name, found, "", node.documentation)


def call(node: Node) -> Call:
    return Call(node.id, node.name, node.called or "", node.documentation)


def act(node: Node) -> Act:
    action = node.settings.action
    if action is None:
        raise NotComposable(node.id, node.name, "element", node.type)
    inputs = tuple((one.name, one.value.text) for one in action.inputs)
    return Act(node.id, node.name, action.name, inputs, node.documentation)


def text_of_field(value: Phrase | None) -> str:
    """The name in a text that is FEEL of one variable."""
    return "" if value is None else value.text.strip().removeprefix("=")
