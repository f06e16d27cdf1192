"""Rules about processes that events start: what begins each, and for whom its tasks then are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine import feel
from engine.errors import Problem
from engine.runtime.diagram import Node
from engine.runtime.graph import begins_by_event
from engine.runtime.lint.rule import Subject, called

#: what a caller with the right can bring about, in words
_FROM_OUTSIDE = {"message": "message", "conditional": "condition"}
_THROWS = ("sendTask", "intermediateThrowEvent", "endEvent")


def repeated(it: Subject) -> Iterator[Problem]:
    """start_repeated"""
    named = [node for node in _starts(it) if _event(node)[1]]
    times = Counter(_event(node) for node in named)
    for node in named:
        kind, name = _event(node)
        if times[kind, name] > 1:
            yield it.error(
                "start_repeated",
                node,
                f"Expected one start event for the {kind} “{name}”, but there are "
                f"{times[kind, name]}.",
                "Lead its flow into a gateway instead of drawing a second start event.",
            )


def keys(it: Subject) -> Iterator[Problem]:
    """correlation_at_start"""
    for node in _starts(it):
        key = node.settings.correlation
        if key is not None:
            yield it.error(
                "correlation_at_start",
                node,
                f"Expected {called(node)} without a correlation key: the message brings its own, "
                "which becomes the business key.",
                "Remove saraban:correlation.",
                key.attribute,
                key.line,
            )


def timers(it: Subject) -> Iterator[Problem]:
    """Timer"""
    for node in _starts(it):
        timer = node.event.timer if node.event else None
        unset = _names(timer.value.feel) if timer is not None and timer.value.is_feel else []
        if timer is not None and unset:
            yield it.error(
                "timer",
                node,
                f"Expected a time that needs no variables, but {called(node)} uses “{unset[0]}”: "
                "before the start there are none.",
                "Write ISO text, or FEEL of constants and now().",
                timer.kind,
                timer.value.line,
            )


def conditions(it: Subject) -> Iterator[Problem]:
    """condition_at_start"""
    for node in _starts(it):
        condition = node.event.condition if node.event else None
        if condition is not None and _is_feel(condition.feel) and not _names(condition.feel):
            yield it.error(
                "condition_at_start",
                node,
                f"Expected a condition on what is told of the world, but that of {called(node)} "
                "names nothing: it would never be asked.",
                "Name what is told, as in “rainfall > 90”; a moment is for a timer start event.",
                "condition",
                condition.line,
            )


def _is_feel(text: str) -> bool:
    try:
        feel.parse(text)
    except feel.FeelError:
        return False  # said already
    return True


def _names(text: str) -> list[str]:
    try:
        return sorted(feel.parse(text).references.variables)
    except feel.FeelError:
        return []  # said already


def nobody(it: Subject) -> Iterator[Problem]:
    """nobody_started"""
    if not any(_starts(it)):
        return
    for node in it.nodes:
        if node.type == "userTask" and _needs_starter(it, node):
            yield it.warning(
                "nobody_started",
                node,
                f"{called(node)} asks for whoever started the instance, but an event may start it: "
                "then nobody has, and the instance stops there with an incident.",
                "Assign it to a post, or name who may start the process with "
                "<saraban:start role=…/>: then its starter's tasks go to that role.",
            )


def _needs_starter(it: Subject, node: Node) -> bool:
    rules = node.settings.assignments
    if any(rule.kind == "superior" and not (rule.value and rule.value.text) for rule in rules):
        return True
    asks = not rules or any(rule.kind == "starter" for rule in rules)
    return asks and it.process.start_role is None


def circles(it: Subject) -> Iterator[Problem]:
    """starts_itself"""
    begins = {_event(node) for node in _starts(it) if _event(node)[1]}
    for node in it.nodes:
        if node.type in _THROWS and _thrown(node) in begins:
            yield it.warning(
                "starts_itself",
                node,
                f"{called(node)} throws what starts this process: without a condition before it, "
                "each instance starts another without end.",
                "Throw it only where a condition holds.",
            )


def internals(it: Subject) -> Iterator[Problem]:
    """internal_start"""
    process = it.process
    if not process.internal:
        return
    given = {"form": process.start_form, "role": process.start_role}
    for name in (name for name, value in given.items() if value is not None):
        yield it.error(
            "internal_start",
            process,
            f"Expected an internal process without a {name} to start it with, but it has one:"
            " nobody would ever be asked for it.",
            f"Remove {name}, or internal.",
            name,
        )
    for node in _starts(it):
        if (kind := _event(node)[0]) in _FROM_OUTSIDE:
            yield it.error(
                "internal_start",
                node,
                f"Expected an internal process that no {_FROM_OUTSIDE[kind]} starts, but"
                f" {called(node)} does: whoever may tell it could start it.",
                "Remove that start event, or internal.",
            )


def _thrown(node: Node) -> tuple[str, str]:
    return ("message", node.message) if node.message else _event(node)


def _starts(it: Subject) -> list[Node]:
    return [node for node in it.nodes if begins_by_event(node)]


def _event(node: Node) -> tuple[str, str]:
    """Its kind and, of messages and signals, its name."""
    return (node.event.kind, node.event.name or "") if node.event else ("none", "")


RULES = (repeated, keys, timers, conditions, nobody, circles, internals)
