"""Rules about events: where boundary events sit, whether they can happen, where links lead."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime.diagram import Node
from engine.runtime.lint.rule import Subject, called
from engine.runtime.parse import instead
from engine.runtime.parse.names import ACTIVITIES

#: what is refused elsewhere is no second mistake here
_HOSTS = ACTIVITIES | instead.ELEMENTS.keys()


def is_link(node: Node, kind: str) -> bool:
    return node.type == kind and node.event is not None and node.event.kind == "link"


def boundaries(it: Subject) -> Iterator[Problem]:
    """boundary_detached, boundary_event"""
    for node in it.nodes:
        if node.type != "boundaryEvent":
            continue
        host = it.process.nodes.get(node.attached_to or "")
        if host is None or host.type not in _HOSTS or host.parent != node.parent:
            yield it.error(
                "boundary_detached",
                node,
                "Expected a boundary event on an activity of its own level, but "
                f"“{node.attached_to}” is none.",
                "Attach it to an activity.",
                "attachedToRef",
            )
        elif host.triggered:
            yield it.error(
                "boundary_detached",
                node,
                "Expected a boundary event on an activity, but an event subprocess has none.",
                "Draw the event inside it.",
            )
        if node.event is None or node.event.kind == "none":
            yield it.error(
                "boundary_event",
                node,
                f"Expected the boundary event {called(node)} to wait for something.",
                "Add a timer, message, signal, error, escalation or conditional event definition.",
            )


#: activities that are done as soon as they are reached, without work that could be interrupted
_AT_ONCE = frozenset({"task", "manualTask", "scriptTask", "businessRuleTask"})
_WITHIN = frozenset({"subProcess", "callActivity"})


def never(it: Subject) -> Iterator[Problem]:
    """boundary_never"""
    for node in it.nodes:
        host = it.process.nodes.get(node.attached_to or "")
        if host is None or node.event is None:
            continue
        if _is_at_once(host):
            why = f"{called(host)} is done as soon as it is reached"
        elif not _can_happen(host, node.event.kind):
            why = f"nothing in {called(host)} throws an {node.event.kind}"
        else:
            continue
        yield it.warning(
            "boundary_never",
            node,
            f"The boundary event {called(node)} never happens: {why}.",
            "Remove it, or attach it to the activity in which it can happen.",
        )


def _is_at_once(node: Node) -> bool:
    throws = node.type == "sendTask" and node.settings.action is None
    return throws or node.type in _AT_ONCE


def _can_happen(host: Node, kind: str) -> bool:
    """People complete tasks; only jobs, subprocesses and calls can end in an error."""
    if kind == "error":
        return host.type in _WITHIN | {"serviceTask", "sendTask"}
    return kind != "escalation" or host.type in _WITHIN


def catches(it: Subject) -> Iterator[Problem]:
    """catch_nothing"""
    for node in it.nodes:
        kind = node.event.kind if node.event else ""
        if node.type == "intermediateCatchEvent" and kind == "none":
            yield it.error(
                "catch_nothing",
                node,
                f"Expected {called(node)} to wait for something, but it has no event definition.",
                "Add a timer, message, signal or conditional event definition.",
            )


def links(it: Subject) -> Iterator[Problem]:
    """link_broken"""
    for node in it.nodes:
        if node.event is not None and node.event.kind == "link" and not _link(node).strip():
            yield it.error(
                "link_broken",
                node,
                f"Expected the link {called(node)} to have a name, but it has none.",
                "Give the two ends of a link one name.",
                "name",
            )
            continue
        if is_link(node, "intermediateThrowEvent") and len(it.graph.link_targets(node)) != 1:
            yield it.error(
                "link_broken",
                node,
                f"Expected exactly one link catch event named “{_link(node)}” on the same level, "
                f"but there are {len(it.graph.link_targets(node))}.",
                "Name one catch event alike.",
            )
        if is_link(node, "intermediateCatchEvent") and not it.graph.link_sources(node):
            yield it.error(
                "link_broken",
                node,
                f"Expected a link throw event named “{_link(node)}”, but there is none.",
                "Name a throw event alike.",
            )


def _link(node: Node) -> str:
    return (node.event.name if node.event else "") or ""


RULES = (boundaries, never, catches, links)
