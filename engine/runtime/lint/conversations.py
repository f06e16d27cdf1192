"""Rules about pools that talk to one another: messages go by their names, not by what is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem
from engine.runtime.diagram import Diagram, Flow, Node
from engine.runtime.lint.rule import Expected, called
from engine.runtime.reading_files import Reading

_SEND = ("sendTask", "intermediateThrowEvent", "endEvent")


def message_flows(reading: Reading, _: Expected) -> Iterator[Problem]:
    """message_flow"""
    for diagram in reading.diagrams:
        run = {
            id_: node
            for process in diagram.processes
            if process.executable
            for id_, node in process.nodes.items()
        }
        for flow in diagram.message_flows:
            why = _why_not(run.get(flow.source), run.get(flow.target))
            if why:
                yield _drawn(diagram, flow, why)


def _why_not(source: Node | None, target: Node | None) -> str | None:
    """What makes nothing go along the flow; of pools that nobody executes nothing is known."""
    if source is not None and (source.type not in _SEND or not _message(source)):
        return f"{called(source)} sends no message"
    if target is not None and (target.type in _SEND or not _message(target)):
        return f"{called(target)} waits for no message"
    if source is None or target is None or _message(source) == _message(target):
        return None
    return (
        f"{called(source)} sends “{_message(source)}”, and {called(target)} waits for "
        f"“{_message(target)}”"
    )


def _message(node: Node) -> str | None:
    if node.message is not None:
        return node.message
    event = node.event
    return event.name if event is not None and event.kind == "message" else None


def _drawn(diagram: Diagram, flow: Flow, why: str) -> Problem:
    return Problem(
        diagram.file,
        flow.line,
        flow.id or None,
        None,
        "message_flow",
        f"The message flow is only drawn: {why}.",
        "Let both ends name the same message; by that name it finds its way.",
        "warning",
    )


RULES = (message_flows,)
