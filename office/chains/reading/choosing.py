"""The pattern behind a step whose refuser decides where it leads."""

from __future__ import annotations

from typing import Protocol

from engine.runtime.diagram import Flow, Node
from office.chains.errors import NotComposable
from office.chains.model import END, STARTER


class Graph(Protocol):
    out: dict[str, list[Flow]]
    ids: dict[str, str]

    def node(self, at: str) -> Node: ...
    def only(self, at: str) -> Flow: ...
    def wrong(self, at: str, why: str, detail: str = "") -> NotComposable: ...
    def call(self, at: str, name: str) -> None: ...
    def entered(self, at: str) -> str: ...
    def script(self, at: str, name: str) -> str: ...
    def throws(self, step: Node, end: Node) -> bool: ...


def read_choice(graph: Graph, step: Node, at: str) -> tuple[str, tuple[str, ...], str]:
    """Where a refusal ends, if it can, what can be chosen, and what follows otherwise."""
    flows = graph.out.get(at, [])
    on = [flow.target for flow in flows if flow.condition is None]
    no = {flow.target: graph.node(flow.target) for flow in flows if flow.condition is not None}
    ends = [one.id for one in no.values() if one.type == "endEvent"]
    scripts = [one.id for one in no.values() if one.type == "scriptTask"]
    if graph.node(at).type != "exclusiveGateway" or len(on) != 1 or len(ends) > 1:
        raise graph.wrong(at, "refusal")
    if len(scripts) > 1 or len(no) != len(ends) + len(scripts) or not no:
        raise graph.wrong(at, "refusal")
    graph.call(at, f"x_{step.id}")
    may = (END,) if ends else ()
    for end in ends:
        if not graph.throws(step, no[end]):
            graph.call(end, f"end_{step.id}")
    if scripts:
        return "".join(ends), (*may, *read_ways(graph, step, scripts[0])), on[0]
    return "".join(ends), (), on[0]


def read_ways(graph: Graph, step: Node, at: str) -> tuple[str, ...]:
    """What can be chosen, from the script that remembers who sent it back: the steps in the order
    in which the task names them.
    """
    at = graph.script(at, f"b_{step.id}")
    targets = [at]
    if graph.node(at).type == "exclusiveGateway":
        graph.call(at, f"y_{step.id}")
        targets = [flow.target for flow in graph.out.get(at, [])]
    ends = [one for one in targets if graph.node(one).type == "endEvent"]
    for end in ends:
        graph.call(end, f"end_{step.id}")
    _starters(graph, step, [one for one in targets if one not in ends])
    own = f"s_{step.id}"
    named = [graph.ids.get(one.text, one.text) for one in step.settings.returns]
    ways = (STARTER if one == own else one for one in named)
    return (*((END,) if ends else ()), *ways)


def read_back(graph: Graph, step: Node, at: str) -> tuple[str, bool]:
    """Where a refusal leads back to: a step, or STARTER, and then whether it comes straight to the
    step again when it is corrected.
    """
    at = graph.script(at, f"b_{step.id}")
    if graph.entered(at) in graph.ids or graph.node(at).type != "userTask":
        return graph.entered(at), False
    graph.call(at, f"s_{step.id}")
    again = graph.only(at).target
    return STARTER, graph.ids.get(again) != "b_start"


def _starters(graph: Graph, step: Node, targets: list[str]) -> None:
    """The task of whoever started it, where it is one of them, and the gateway behind it."""
    for target in targets:
        if graph.entered(target) in graph.ids:
            continue
        graph.call(target, f"s_{step.id}")
        graph.call(graph.only(target).target, f"g_{step.id}")
