"""Rules about words that nothing obeys: settings out of place, outcomes that no task offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from engine import feel
from engine.errors import Problem
from engine.feel import syntax
from engine.feel.analysis import children
from engine.runtime.diagram import Node, Phrase
from engine.runtime.formulas import compile_phrase
from engine.runtime.lint.rule import Subject, called
from engine.runtime.lint.setters import setters
from engine.runtime.parse.names import EVENTS

_THROW = ("intermediateThrowEvent", "endEvent")


def settings(it: Subject) -> Iterator[Problem]:
    """extension_ignored"""
    for node in it.nodes:
        event = node.event.kind if node.event else ""
        inputs, key = node.settings.inputs, node.settings.correlation
        if inputs and not _takes_inputs(node, event):
            yield _ignored(it, node, "saraban:input", inputs[0].line, "it sends nothing along")
        if key is not None and not _has_key(node, event):
            yield _ignored(it, node, "saraban:correlation", key.line, "no message comes or goes")
        timer = node.event.timer if node.event else None
        if timer is not None and timer.working and timer.kind != "timeDuration":
            why = "only a timeDuration can count working time"
            yield _ignored(it, node, "saraban:working", timer.value.line, why)
        if node.type == "sendTask" and node.message and node.settings.action is not None:
            why = "the task runs its action and sends no message"
            yield _ignored(it, node, "messageRef", node.line, why)


def _takes_inputs(node: Node, event: str) -> bool:
    if node.type in EVENTS:
        return node.type in _THROW and event in ("message", "signal")
    return node.settings.action is None


def _has_key(node: Node, event: str) -> bool:
    """That of a start event is refused by a rule of its own."""
    if node.type == "sendTask":
        return node.settings.action is None
    return node.type == "receiveTask" or event == "message"


def _ignored(it: Subject, node: Node, what: str, line: int, why: str) -> Problem:
    return it.error(
        "extension_ignored",
        node,
        f"Expected {what} only where it means something, but at {called(node)} {why}.",
        "Remove it, or put it where it is meant.",
        what,
        line,
    )


def outcomes(it: Subject) -> Iterator[Problem]:
    """outcome_unknown"""
    offered = _offered(it)
    for flow in it.process.flows.values() if offered else ():
        if flow.condition is None:
            continue
        for variable, value in compared(flow.condition):
            known = offered.get(variable)
            if known is not None and value not in known:
                yield it.warning(
                    "outcome_unknown",
                    flow,
                    f"No task offers the outcome “{value}”: there are {', '.join(sorted(known))}."
                    f"{_hint(value, known)}",
                    "Correct the condition, or add the outcome to the task.",
                    flow.condition.attribute,
                    flow.condition.line,
                )


def _offered(it: Subject) -> Mapping[str, set[str]]:
    """Outcomes by the variable that nothing but tasks sets."""
    found: dict[str, set[str]] = {}
    for node in it.nodes:
        if node.settings.outcomes:
            ids = found.setdefault(node.settings.outcome_variable, {"return"})
            ids |= {outcome.id for outcome in node.settings.outcomes}
    by_node = setters(it).by_node if found else {}
    others = [names for id_, names in by_node.items() if it.process.nodes[id_].type != "userTask"]
    return {name: ids for name, ids in found.items() if not any(name in set_ for set_ in others)}


def compared(phrase: Phrase) -> Iterator[tuple[str, str]]:
    """Variables with the texts that a condition compares them with."""
    try:
        tree = compile_phrase(phrase).tree
    except feel.FeelError:
        return  # said already
    if tree is not None:
        yield from _within(tree.root)


def _within(node: syntax.Node) -> Iterator[tuple[str, str]]:
    for name, value in _pairs(node):
        text = value.value if isinstance(value, syntax.Literal) else None
        if isinstance(name, syntax.Name) and isinstance(text, str):
            yield name.name, text
    for child in children(node):
        yield from _within(child)


def _pairs(node: syntax.Node) -> Iterator[tuple[syntax.Node, syntax.Node]]:
    """What is compared with what: a = b both ways, and a in (b, c)."""
    if isinstance(node, syntax.Comparison) and node.operator in ("=", "!="):
        yield from ((node.left, node.right), (node.right, node.left))
    elif isinstance(node, syntax.In):
        yield from ((node.value, test.operand) for test in node.tests if test.operator is None)


def _hint(value: str, known: set[str]) -> str:
    close = get_close_matches(value, known, n=1)
    return f" Is “{close[0]}” meant?" if close else ""


def texts(it: Subject) -> Iterator[Problem]:
    """text_or_variable"""
    known = setters(it).names
    for node in it.nodes:
        action = node.settings.action
        given = (*node.settings.inputs, *(action.inputs if action else ()))
        named = [(one.value, known) for one in given]
        # An output is worked out elsewhere: its own name is all that can be told here.
        back = (*node.settings.outputs, *(action.outputs if action else ()))
        named += [(one.value, {one.name}) for one in back]
        if node.settings.correlation is not None:
            named.append((node.settings.correlation, known))
        for value, variables in named:
            if not value.is_feel and value.text in variables:
                yield it.warning(
                    "text_or_variable",
                    node,
                    f"The text “{value.text}” itself is meant at {called(node)}, not the variable "
                    "of this name.",
                    f"Write “={value.text}” for the variable.",
                    value.attribute,
                    value.line,
                )


RULES = (settings, outcomes, texts)
