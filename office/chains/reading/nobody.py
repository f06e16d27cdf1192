"""The pattern behind a look-up that may find nobody: which policy it is, and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.runtime.diagram import Flow, Node
from office.chains.errors import NotComposable
from office.chains.model import FIND, GO_PAST, Nobody
from office.chains.reading import cards


class Graph(Protocol):
    out: dict[str, list[Flow]]

    def node(self, at: str) -> Node: ...
    def only(self, at: str) -> Flow: ...
    def wrong(self, at: str, why: str, detail: str = "") -> NotComposable: ...


@dataclass(frozen=True, slots=True)
class Nobodies:
    """`gateway`, `other` and `merge` are its elements; the step itself is at `begins`."""

    policy: Nobody
    instead: tuple[str, ...]
    begins: str
    gateway: str
    other: str
    merge: str


def read_nobody(graph: Graph, finder: Node) -> Nobodies | None:
    """None: nobody is an incident."""
    gateway = graph.only(finder.id).target
    flows = graph.out.get(gateway, [])
    no = [flow for flow in flows if flow.condition is not None]
    on = [flow for flow in flows if flow.condition is None]
    if graph.node(gateway).type != "exclusiveGateway" or len(no) != 1 or len(on) != 1:
        return None
    other = graph.node(no[0].target)
    action = other.settings.action
    if action is None or action.name not in (FIND, GO_PAST):
        return None
    merge = graph.only(other.id).target
    if action.name == GO_PAST:
        return Nobodies("pass", (), on[0].target, gateway, other.id, merge)
    if on[0].target != merge:
        raise graph.wrong(other.id, "merge")
    given = {one.name: one.value.text for one in action.inputs}
    instead = cards.quoted(given.get("of", ""))
    return Nobodies("hand", instead, graph.only(merge).target, gateway, other.id, merge)
