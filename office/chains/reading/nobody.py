"""The pattern behind a look-up that may find nobody: which policy it is, and where it goes on."""

from __future__ import annotations

from collections.abc import Mapping
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
    passes: bool
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
        policy, instead = _where_it_passes(cards.given(finder))
        return Nobodies(policy, True, instead, on[0].target, gateway, other.id, merge)
    if on[0].target != merge:
        raise graph.wrong(other.id, "merge")
    instead = cards.quoted(cards.given(other).get("of", ""))
    return Nobodies("hand", False, instead, graph.only(merge).target, gateway, other.id, merge)


def _where_it_passes(given: Mapping[str, str]) -> tuple[Nobody, tuple[str, ...]]:
    """What is done where nobody can, of a look-up that lets the starter's own step pass: that says
    it itself.
    """
    if given.get("if_starter") != "pass":
        return "pass", ()
    instead = cards.quoted(given.get("instead", ""))
    return ("hand" if instead else "pass" if "empty" in given else "stop"), instead
