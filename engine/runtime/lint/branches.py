"""Rules about parallel branches: two that change one variable overtake one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from engine.errors import Problem
from engine.runtime.lint.rule import Subject, called
from engine.runtime.lint.setters import setters


def shared(it: Subject) -> Iterator[Problem]:
    """shared_variable"""
    by_node = setters(it).by_node
    times = Counter(name for names in by_node.values() for name in names)
    if not any(count > 1 for count in times.values()):
        return
    for node in it.nodes:
        outgoing = it.graph.outgoing(node.id)
        if node.type not in ("parallelGateway", "inclusiveGateway") or len(outgoing) < 2:
            continue
        branches = [it.graph.downstream([flow.target]) for flow in outgoing]
        together = set.intersection(*branches)
        sets = [_sets(branch - together, by_node) for branch in branches]
        both = {name for one, other in combinations(sets, 2) for name in one & other}
        for name in sorted(both):
            yield it.warning(
                "shared_variable",
                node,
                f"Two branches behind {called(node)} set “{name}”: the one that comes later wins.",
                "Let each branch set a variable of its own.",
            )


def _sets(branch: set[str], by_node: dict[str, set[str]]) -> set[str]:
    return set().union(*(by_node.get(node, set()) for node in branch))


RULES = (shared,)
