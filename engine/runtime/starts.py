"""Which events start a process by themselves, as its diagram tells."""

from __future__ import annotations

from dataclasses import dataclass

from engine.runtime.diagram import Node, Process
from engine.runtime.graph import begins_by_event

KINDS = frozenset({"message", "signal", "timer", "conditional"})


@dataclass(frozen=True, slots=True)
class StartEvent:
    """kind: message, signal (`name` is theirs), timer or condition."""

    element_id: str
    kind: str
    name: str
    line: int


def starts_of(process: Process) -> tuple[StartEvent, ...]:
    return tuple(_start(node) for node in process.nodes.values() if begins_by_event(node))


def _start(node: Node) -> StartEvent:
    assert node.event is not None
    kind = "condition" if node.event.kind == "conditional" else node.event.kind
    return StartEvent(node.id, kind, node.event.name or "", node.line)


def startable(process: Process) -> bool:
    """Whether it has a plain start event, for a person or a call."""
    return any(
        node.type == "startEvent" and node.parent is None and not begins_by_event(node)
        for node in process.nodes.values()
    )
