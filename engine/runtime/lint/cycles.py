"""Rules about circles: one that never waits, one that multiplies tokens, joins inside one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.errors import Problem
from engine.runtime.diagram import Node
from engine.runtime.lint.rule import Subject, called

#: types at which a token rests, so that a circle through them takes time
_REST = {"userTask", "serviceTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"}
_JOINS = {"parallelGateway", "inclusiveGateway"}


def restless(it: Subject) -> Iterator[Problem]:
    """cycle_without_wait"""
    for circle in it.graph.circles(lambda id_: _passes(it, id_, _rests)):
        node = min((it.process.nodes[id_] for id_ in circle), key=lambda n: n.line)
        yield it.warning(
            "cycle_without_wait",
            node,
            f"{called(node)} lies in a circle in which nothing waits: the instance stops with an "
            "incident if it goes around too often.",
            "Make sure that a condition leads out of it, or let it wait for something.",
        )


def _passes(it: Subject, id_: str, stops: Callable[[Subject, Node], bool]) -> bool:
    node = it.process.nodes.get(id_)
    return node is not None and not stops(it, node)


def _rests(it: Subject, node: Node) -> bool:
    if node.type in ("subProcess", "callActivity"):
        return any(_rests(it, inner) for inner in it.inside(node.id)) or node.called is not None
    if node.type == "sendTask":
        return node.settings.action is not None
    return node.type in _REST


def forks(it: Subject) -> Iterator[Problem]:
    """fork_in_cycle"""
    circling = _members(it.graph.circles(lambda id_: _passes(it, id_, _is_join)))
    for node in it.nodes:
        if not _is_fork(it, node):
            continue
        if node.id in circling or (_is_join(it, node) and _comes_back(it, node)):
            certain = node.type != "inclusiveGateway"
            report = it.error if certain else it.warning
            yield report(
                "fork_in_cycle",
                node,
                f"Expected the branches of {called(node)} to join before they lead back, but one "
                "leads back to it without a join: every round would double the tokens.",
                "Join the branches first, or put them into a subprocess.",
            )


def _members(circles: list[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*circles)


def _comes_back(it: Subject, node: Node) -> bool:
    """From a gateway that joins and forks back to itself, past no other join."""
    joins = {other.id for other in it.nodes if _is_join(it, other) and other is not node}
    passes = it.graph.circles(lambda id_: id_ in it.process.nodes and id_ not in joins)
    return node.id in _members(passes)


def _is_fork(it: Subject, node: Node) -> bool:
    outgoing = it.graph.outgoing(node.id)
    if len(outgoing) < 2:
        return False
    if node.type in ("exclusiveGateway", "eventBasedGateway"):
        return False
    return sum(flow.condition is None for flow in outgoing) > 1 or node.type == "inclusiveGateway"


def joins(it: Subject) -> Iterator[Problem]:
    """join_in_cycle"""
    circling = _members(it.graph.circles(lambda id_: id_ in it.process.nodes))
    for node in it.nodes:
        if node.parent is None and _is_join(it, node) and node.id in circling:
            yield it.warning(
                "join_in_cycle",
                node,
                f"The join {called(node)} lies in a circle outside a subprocess: it works, but is "
                "hard to read.",
                "Put the parallel part into a subprocess.",
            )


def _is_join(it: Subject, node: Node) -> bool:
    return node.type in _JOINS and len(it.graph.incoming(node.id)) > 1


RULES = (restless, forks, joins)
