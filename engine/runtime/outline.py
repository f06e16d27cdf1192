"""What a diagram shows: elements with their places, and flows, for viewer and table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.runtime.bundle import Bundle
from engine.runtime.diagram import Box, Diagram, Node, Process
from engine.runtime.graph import Graph


@dataclass(frozen=True, slots=True)
class ElementFact:
    """`type` is the BPMN name, such as userTask; `parent` the id of the subprocess around it."""

    id: str
    name: str
    type: str
    lane: str | None
    parent: str | None
    bounds: Box | None
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class FlowFact:
    id: str
    name: str
    source: str
    target: str
    condition: str | None
    waypoints: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """Elements in the order of the flow (from the start events on), then flows."""

    process_id: str
    name: str
    elements: Sequence[ElementFact]
    flows: Sequence[FlowFact]


def outline(bundle: Bundle, process_id: str) -> Outline:
    for diagram in bundle.diagrams:
        for process in diagram.processes:
            if process.id == process_id:
                return _outline(diagram, process)
    raise KeyError(process_id)


def _outline(diagram: Diagram, process: Process) -> Outline:
    elements = tuple(_element(diagram, node) for node in _in_order(process))
    flows = tuple(
        FlowFact(
            flow.id,
            flow.name,
            flow.source,
            flow.target,
            flow.condition.text if flow.condition else None,
            diagram.lines.get(flow.id, ()),
        )
        for flow in process.flows.values()
    )
    return Outline(process.id, process.name, elements, flows)


def _element(diagram: Diagram, node: Node) -> ElementFact:
    return ElementFact(
        node.id,
        node.name,
        node.type,
        node.lane,
        node.parent,
        diagram.boxes.get(node.id),
        node.documentation,
    )


def _in_order(process: Process) -> list[Node]:
    """Breadth first along the flows; a subprocess's own elements follow it."""
    graph, seen = Graph(process), dict[str, Node]()
    open_ = [n for n in process.nodes.values() if n.type == "startEvent" and n.parent is None]
    open_ += list(process.nodes.values())  # what no flow reaches comes last
    while open_:
        node = open_.pop(0)
        if node.id in seen:
            continue
        seen[node.id] = node
        inner = [n for n in process.nodes.values() if n.parent == node.id]
        inner.sort(key=lambda n: n.type != "startEvent")
        after = [process.nodes[id_] for id_ in graph.after(node.id) if id_ in process.nodes]
        open_ = inner + after + open_ if inner else after + open_
    return list(seen.values())
