"""Rules about the shape of a process: where it begins and ends, what is connected with what."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime import limits
from engine.runtime import starts as starting
from engine.runtime.diagram import Node
from engine.runtime.graph import begins_by_event
from engine.runtime.lint.events import is_link
from engine.runtime.lint.rule import Subject, called
from engine.runtime.parse import instead

#: events that start an event subprocess
_TRIGGERS = {"message", "signal", "timer", "conditional", "error", "escalation"}
_BEGINNING = "a person, a call, a message, a signal, a timer or a condition starts a process"


def starts(it: Subject) -> Iterator[Problem]:
    """start_missing, several_starts, unsupported_start"""
    for parent in [None, *(node for node in it.nodes if node.type == "subProcess")]:
        yield from _starts_of(it, parent)


def _starts_of(it: Subject, parent: Node | None) -> Iterator[Problem]:
    found = [n for n in it.inside(parent.id if parent else None) if n.type == "startEvent"]
    alike = [node for node in found if not begins_by_event(node)]
    if not found or len(alike) > 1:
        what = "one start event" if parent else "one start event that waits for nothing"
        yield it.error(
            "several_starts" if found else "start_missing",
            parent or it.process,
            f"Expected {what}, but there are {len(alike)}.",
            "Draw one start event, and connect it.",
        )
    for node in found:
        yield from _start_kind(it, parent, node, node.event.kind if node.event else "none")


def _start_kind(it: Subject, parent: Node | None, node: Node, kind: str) -> Iterator[Problem]:
    if parent is None:
        fits, where = kind in {"none", *starting.KINDS}, _BEGINNING
        mend = instead.of_start(kind)
    elif parent.triggered:
        fits, where = kind in _TRIGGERS, "an event subprocess starts with an event"
        mend = "Let it wait for a message, signal, timer, condition, error or escalation."
    else:
        fits, where = kind == "none", "a subprocess starts by itself"
        mend = (
            "Draw a plain start event with a catch event behind it, or make it an event subprocess."
        )
    if not fits and kind != "refused":
        yield it.error(
            "unsupported_start",
            node,
            f"Expected a start event that runs here ({where}), but this one is a {kind} event.",
            mend,
        )


def ends(it: Subject) -> Iterator[Problem]:
    """end_unreachable"""
    starts_ = [n.id for n in it.inside(None) if n.type == "startEvent"]
    reached = it.graph.downstream(starts_)
    final = [n for n in reached if n in it.process.nodes and not it.graph.after(n)]
    if starts_ and not final:
        yield it.error(
            "end_unreachable",
            it.process,
            "Expected a way to an end, but the process can never end.",
            "Draw an end event that can be reached.",
        )


def connections(it: Subject) -> Iterator[Problem]:
    """flow_broken, flow_crosses"""
    for flow in it.process.flows.values():
        source = it.process.nodes.get(flow.source)
        target = it.process.nodes.get(flow.target)
        if source is None or target is None:
            yield it.error(
                "flow_broken",
                flow,
                f"Expected a flow between two elements, but “{flow.source}” or “{flow.target}” "
                "is none.",
                "Connect the flow again or remove it.",
            )
        elif source.parent != target.parent:
            yield it.error(
                "flow_crosses",
                flow,
                "Expected a flow within one process or subprocess, but it crosses its border.",
                "Let the flow end at the subprocess itself.",
            )


def directions(it: Subject) -> Iterator[Problem]:
    """flow_into_start, flow_out_of_end, flow_at_event_subprocess"""
    for node in it.nodes:
        incoming, outgoing = it.graph.incoming(node.id), it.graph.outgoing(node.id)
        begins = node.type in ("startEvent", "boundaryEvent")
        if incoming and (begins or is_link(node, "intermediateCatchEvent")):
            yield it.error(
                "flow_into_start",
                node,
                f"Expected no flow into {called(node)}, but {incoming[0].id} leads there.",
                "Lead the flow to the element behind it.",
            )
        if outgoing and (node.type == "endEvent" or is_link(node, "intermediateThrowEvent")):
            yield it.error(
                "flow_out_of_end",
                node,
                f"Expected no flow out of {called(node)}, but {outgoing[0].id} leaves it.",
                "Remove the flow.",
            )
        if (incoming or outgoing) and node.triggered:
            yield it.error(
                "flow_at_event_subprocess",
                node,
                f"Expected no flows at the event subprocess {called(node)}.",
                "Remove them: its start event starts it.",
            )


def reached(it: Subject) -> Iterator[Problem]:
    """Unreachable"""
    for node in it.nodes:
        if node.type in ("startEvent", "boundaryEvent") or node.triggered:
            continue
        if not it.graph.before(node.id):
            yield it.error(
                "unreachable",
                node,
                f"Expected a flow to {called(node)}, but none leads there.",
                "Connect it or remove it.",
            )


def islands(it: Subject) -> Iterator[Problem]:
    """Unreachable"""
    begin = [n.id for n in it.nodes if n.type == "startEvent"]
    seen = it.graph.downstream(begin)
    for node in it.nodes:
        if node.id not in seen and it.graph.before(node.id) and not node.triggered:
            yield it.warning(
                "unreachable",
                node,
                f"{called(node)} can never be reached from a start event.",
                "Connect it or remove it.",
            )


def size(it: Subject) -> Iterator[Problem]:
    """too_many_nodes"""
    count, mend = len(it.process.nodes), "Move parts of it into called processes."
    if count > limits.PROCESS_NODES:
        message = f"Expected at most {limits.PROCESS_NODES:,} elements, but there are {count:,}."
        yield it.error("too_many_nodes", it.process, message, mend)
    elif count > limits.READABLE_NODES:
        message = f"A diagram of {count:,} elements is hard to read."
        yield it.warning("too_many_nodes", it.process, message, mend)


RULES = (
    starts,
    ends,
    connections,
    directions,
    reached,
    islands,
    size,
)
