"""Rules about ways out: conditions only where they decide, defaults where nothing else may hold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime.diagram import Node
from engine.runtime.lint.rule import Subject, called
from engine.runtime.parse.names import ACTIVITIES, EVENTS

_DECIDE = {"exclusiveGateway", "inclusiveGateway"} | ACTIVITIES
_CATCH = {"intermediateCatchEvent", "receiveTask"}
_CATCHABLE = {"message", "signal", "timer", "conditional"}


def conditions(it: Subject) -> Iterator[Problem]:
    """condition_ignored"""
    for flow in it.process.flows.values():
        source = it.process.nodes.get(flow.source)
        if flow.condition is not None and source is not None and source.type not in _DECIDE:
            yield it.error(
                "condition_ignored",
                flow,
                f"Expected conditions only where the process decides, but {called(source)} "
                f"({source.type}) does not.",
                "Put an exclusive or inclusive gateway there.",
                "conditionExpression",
                flow.condition.line,
            )


def defaults(it: Subject) -> Iterator[Problem]:
    """default_unknown, default_condition, default_missing, default_unmarked, condition_missing"""
    for node in it.nodes:
        outgoing = it.graph.outgoing(node.id)
        if node.default is not None:
            yield from _default(it, node)
        elif outgoing and all(flow.condition is not None for flow in outgoing):
            yield it.warning(
                "default_missing",
                node,
                f"{called(node)} has no default flow: where no condition holds, the instance "
                "stops there with an incident.",
                "Mark one flow as the default.",
            )
        if node.type == "exclusiveGateway":
            yield from _unconditional(it, node)


def _default(it: Subject, node: Node) -> Iterator[Problem]:
    flow = it.process.flows.get(node.default or "")
    if flow is None or flow.source != node.id:
        yield it.error(
            "default_unknown",
            node,
            f"Expected the default of {called(node)} to be one of its flows, but "
            f"“{node.default}” is not.",
            "Mark another flow as the default.",
            "default",
        )
    elif flow.condition is not None:
        yield it.error(
            "default_condition",
            flow,
            f"Expected the default flow of {called(node)} without a condition.",
            "Remove the condition, or mark another flow as the default.",
        )
    if node.type not in _DECIDE:
        yield it.error(
            "condition_ignored",
            node,
            f"Expected a default flow only where the process decides, but {called(node)} does not.",
            "Remove the default marker.",
            "default",
        )


def _unconditional(it: Subject, node: Node) -> Iterator[Problem]:
    outgoing = it.graph.outgoing(node.id)
    plain = [f for f in outgoing if f.condition is None and f.id != node.default]
    if len(plain) + (node.default is not None) > 1:
        yield it.error(
            "condition_missing",
            plain[-1],
            f"Expected a condition on every flow but the default out of {called(node)}, but "
            f"{len(plain)} have none.",
            "Add conditions.",
            "conditionExpression",
        )
    elif plain and len(outgoing) > 1 and node.default is None:
        yield it.warning(
            "default_unmarked",
            plain[0],
            f"A flow out of {called(node)} has no condition: it is taken where no other holds.",
            "Mark it as the default, so that everyone sees it.",
        )


def event_gateways(it: Subject) -> Iterator[Problem]:
    """event_gateway"""
    for node in it.nodes:
        if node.type != "eventBasedGateway":
            continue
        targets = [it.process.nodes.get(flow.target) for flow in it.graph.outgoing(node.id)]
        if len(targets) < 2:
            yield it.error(
                "event_gateway",
                node,
                f"Expected at least two events behind {called(node)}, but there are "
                f"{len(targets)}.",
                "Draw the events that compete.",
            )
        for target in targets:
            if target is not None and not _competes(it, target):
                yield it.error(
                    "event_gateway",
                    target,
                    f"Expected a catch event or receive task, with only this flow into it and "
                    f"without boundary events, behind {called(node)}.",
                    "Let the flow lead to a message, signal, timer or conditional catch event.",
                )


def _competes(it: Subject, target: Node) -> bool:
    if target.type not in _CATCH or len(it.graph.incoming(target.id)) != 1:
        return False
    if target.type == "receiveTask":
        return not it.graph.boundaries(target.id) and target.repetition is None
    return target.event is not None and target.event.kind in _CATCHABLE


def loops_on_events(it: Subject) -> Iterator[Problem]:
    """loop_misplaced"""
    for node in it.nodes:
        if node.repetition is not None and (node.type in EVENTS or node.triggered):
            yield it.error(
                "loop_misplaced",
                node,
                f"Expected a loop only on an activity, but {called(node)} is none.",
                "Put what repeats into a subprocess with the loop.",
            )


RULES = (conditions, defaults, event_gateways, loops_on_events)
