"""Rules about steps that sign: one letter has one signature, save where its kind has two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from engine.errors import Problem
from engine.runtime.diagram import Flow, Node
from engine.runtime.graph import Graph
from engine.runtime.lint.rule import Subject, called
from engine.runtime.lint.unheard import compared

#: what signs, among a step's outcomes
_SIGNS = "sign"
#: The step of documents with two signatures that signs first, by its id: the recorder's.
RECORD = "record"
_SPLITS = ("parallelGateway", "inclusiveGateway")


def again(it: Subject) -> Iterator[Problem]:
    """signed_again"""
    for first, second in second_signatures(it.graph):
        if first.id != RECORD:
            yield it.warning(
                "signed_again",
                second,
                f"Expected a letter to be signed once, but {called(second)} signs what "
                f"{called(first)} has signed: it will be refused there.",
                "Let one of them give an opinion instead. Only minutes have two signatures: there "
                f"the recorder's step, which comes first, has the id “{RECORD}”.",
            )


def second_signatures(graph: Graph) -> Iterator[tuple[Node, Node]]:
    """Steps that sign a letter which may be signed by then, each with the one that did: behind it,
    beside it, or the step itself where several do it.
    """
    signing = [n for n in graph.process.nodes.values() if n.settings.act == "sign"]
    for first in signing:
        if first.repetition is not None and first.repetition.kind != "loop":
            yield first, first
    if len(signing) < 2:
        return
    found = {}
    for first in signing:
        behind = _behind(graph, first)
        found.update({n.id: (first, n) for n in signing if n.id in behind and n is not first})
    for one, other in _side_by_side(graph, signing):
        found.setdefault(other.id, (one, other))
    yield from found.values()


def _behind(graph: Graph, signing: Node) -> set[str]:
    """Where the letter may come once this step has signed it. Ways that ask for another outcome are
    not taken, until somebody else chooses one.
    """
    seen: set[tuple[str, bool]] = set()
    open_ = [(signing.id, True)]
    while open_:
        at = open_.pop()
        if at in seen:
            continue
        seen.add(at)
        node_id, just = at
        for after in _after(graph, graph.process.nodes[node_id], signing, just=just):
            open_.append((after, just and graph.process.nodes[after].type != "userTask"))
    return {node_id for node_id, _ in seen}


def _after(graph: Graph, node: Node, signing: Node, *, just: bool) -> Iterator[str]:
    flows = graph.outgoing(node.id)
    chosen = _chosen(flows, signing.settings.outcome_variable) if just else flows
    yield from (flow.target for flow in chosen if flow.target in graph.process.nodes)
    yield from graph.link_targets(node)
    if node is not signing:
        yield from (one.id for one in graph.boundaries(node.id))
    if node.type == "endEvent" and node.parent:
        around = graph.process.nodes[node.parent]
        yield from (flow.target for flow in graph.outgoing(around.id))
    inside = (n for n in graph.process.nodes.values() if n.parent == node.id)
    yield from (n.id for n in inside if n.type == "startEvent" or not graph.incoming(n.id))


def _chosen(flows: Sequence[Flow], variable: str) -> Sequence[Flow]:
    """The ways that are open to what was signed."""
    asked = {
        flow.id: {value for name, value in compared(flow.condition) if name == variable}
        for flow in flows
        if flow.condition is not None
    }
    signed = [flow for flow in flows if asked.get(flow.id) == {_SIGNS}]
    return signed or [f for f in flows if not asked.get(f.id) or _SIGNS in asked[f.id]]


def _side_by_side(graph: Graph, signing: Sequence[Node]) -> Iterator[tuple[Node, Node]]:
    """Two that sign in branches which run at the same time."""
    for node in graph.process.nodes.values():
        flows = graph.outgoing(node.id)
        if node.type in _SPLITS and len(flows) > 1:
            branches = [graph.downstream([flow.target]) for flow in flows]
            together = set.intersection(*branches)
            for one, other in combinations(signing, 2):
                if _apart(one.id, other.id, [branch - together for branch in branches]):
                    yield one, other


def _apart(one: str, other: str, branches: Sequence[set[str]]) -> bool:
    return any(
        one in left and other in right
        for n, left in enumerate(branches)
        for m, right in enumerate(branches)
        if n != m
    )


RULES = (again,)
