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


def read_choice(graph: Graph, step: Node, at: str) -> tuple[str, tuple[str, ...], str]:
    """Where a refusal ends, if it can, what can be chosen, and what follows otherwise."""
    flows = graph.out.get(at, [])
    on = [flow.target for flow in flows if flow.condition is None]
    no = [flow.target for flow in flows if flow.condition is not None]
    ends = [one for one in no if graph.node(one).type == "endEvent"]
    scripts = [one for one in no if graph.node(one).type == "scriptTask"]
    known = graph.node(at).type == "exclusiveGateway" and len(on) == len(scripts) == 1
    if not known or len(ends) > 1 or len(no) != len(ends) + 1:
        raise graph.wrong(at, "refusal")
    graph.call(at, f"x_{step.id}")
    for end in ends:
        graph.call(end, f"end_{step.id}")
    ways = _ways(graph, step, graph.script(scripts[0], f"b_{step.id}"))
    may = (*((END,) if ends else ()), *ways)
    return "".join(ends), may, on[0]


def _ways(graph: Graph, step: Node, at: str) -> tuple[str, ...]:
    """The steps to which it can be returned, in the order in which the task names them."""
    targets = [at]
    if graph.node(at).type == "exclusiveGateway":
        graph.call(at, f"y_{step.id}")
        targets = [flow.target for flow in graph.out.get(at, [])]
    _starters(graph, step, targets)
    own = f"s_{step.id}"
    named = [graph.ids.get(one.text, one.text) for one in step.settings.returns]
    return tuple(STARTER if one == own else one for one in named)


def _starters(graph: Graph, step: Node, targets: list[str]) -> None:
    """The task of whoever started it, where it is one of them, and the gateway behind it."""
    for target in targets:
        if graph.entered(target) in graph.ids:
            continue
        graph.call(target, f"s_{step.id}")
        graph.call(graph.only(target).target, f"g_{step.id}")
