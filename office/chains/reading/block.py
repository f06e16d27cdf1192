"""Parallel work that a refusal can leave: the subprocess, and what its errors lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from engine.runtime.diagram import Flow, Node
from office.chains.errors import NotComposable
from office.chains.exits import Whole
from office.chains.model import Ask, Choose, Matrix, Step, Together, takes_several
from office.chains.reading.choosing import read_back, read_ways


class Graph(Protocol):
    out: dict[str, list[Flow]]
    ids: dict[str, str]
    thrown: dict[str, str]

    def node(self, at: str) -> Node: ...
    def only(self, at: str) -> Flow: ...
    def wrong(self, at: str, why: str, detail: str = "") -> NotComposable: ...
    def call(self, at: str, name: str) -> None: ...
    def entered(self, at: str) -> str: ...
    def script(self, at: str, name: str) -> str: ...
    def throws(self, step: Node, end: Node) -> bool: ...
    def starts(self, parent: str | None) -> list[Node]: ...
    def attached(self, node: Node) -> list[Node]: ...
    def ways(self, fork: Node) -> tuple[Step, str]: ...
    def matrix(self, task: Node) -> tuple[Step, str]: ...
    def comes_again(self, step: Ask) -> bool: ...


def read_block(graph: Graph, whole: Node) -> Step:
    starts = graph.starts(whole.id)
    if len(starts) != 1:
        raise graph.wrong(whole.id, "element", whole.type)
    fork = graph.node(graph.only(starts[0].id).target)
    step, end = graph.matrix(fork) if fork.type == "businessRuleTask" else graph.ways(fork)
    if not takes_several(step) or graph.node(end).type != "endEvent":
        raise graph.wrong(end, "branches")
    graph.call(whole.id, f"w_{step.id}")
    graph.call(starts[0].id, f"u_{step.id}")
    graph.call(end, f"v_{step.id}")
    for caught in graph.attached(whole):
        event = caught.event
        if caught.id in graph.ids:
            continue  # somebody is informed
        left = graph.thrown.get((event.code if event else None) or "")
        if event is None or event.kind != "error" or left is None:
            raise graph.wrong(caught.id, "element", caught.type)
        graph.call(caught.id, f"o_{left}")
        step = _left(graph, step, left, graph.only(caught.id).target)
    if isinstance(step, Matrix):
        return step
    return replace(step, name=whole.name, note=whole.documentation)


def _left(graph: Graph, whole: Whole, step_id: str, at: str) -> Whole:
    """The card with what a refusal of the step inside leads to."""

    def told(step: Ask) -> Ask:
        if graph.node(at).type == "endEvent":
            graph.call(at, f"end_{step_id}")
            return step
        if step.refusal == "chosen":
            return replace(step, may=read_ways(graph, graph.node(step_id), at))
        back_to, straight = read_back(graph, graph.node(step_id), at)
        back = replace(step, refusal="back", back_to=back_to)
        return replace(back, to_me=straight or graph.comes_again(back))

    def within(step: Step) -> Step:
        if isinstance(step, Ask):
            return told(step) if step.id == step_id else step
        if not isinstance(step, Choose | Together):
            return step
        ways = (replace(one, steps=tuple(map(within, one.steps))) for one in step.branches)
        return replace(step, branches=tuple(ways))

    found = within(whole)
    assert takes_several(found), "it is the same card"
    return found
