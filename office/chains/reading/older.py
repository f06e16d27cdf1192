"""What cards were written as before, read as they are written now: the same, said otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.runtime.diagram import Flow, Node, Process
from office.chains.compose.people import ASKED

_COUNT = re.compile(r"count\((.*)\)", re.DOTALL)


def as_written_now(process: Process) -> Process:
    """Steps of several once went through the numbers of a list, and so could not take part in its
    changes; their refusals counted the list, where the answers say the same.
    """
    lists = {node.id: people for node in process.nodes.values() if (people := _counted(node))}
    if not lists:
        return process
    answers = [(people, _output(process.nodes[id_])) for id_, people in lists.items()]
    return replace(
        process,
        nodes={id_: _over(node, lists.get(id_, "")) for id_, node in process.nodes.items()},
        flows={id_: _asking(flow, answers) for id_, flow in process.flows.items()},
    )


def _counted(node: Node) -> str:
    """FEEL for the people whose numbers the loop goes through. Empty: it is another loop."""
    loop, rules = node.repetition, node.settings.assignments
    count = _COUNT.fullmatch(loop.cardinality.feel.strip()) if loop and loop.cardinality else None
    if count is None or len(rules) != 1 or rules[0].value is None:
        return ""
    by_number = rules[0].value.feel.strip() == f"{count[1]}[loopCounter]"
    return count[1] if by_number else ""


def _output(node: Node) -> str:
    return (node.repetition and node.repetition.output) or ""


def _over(node: Node, people: str) -> Node:
    if not people:
        return node
    assert node.repetition is not None
    assert node.repetition.cardinality is not None
    collection = replace(node.repetition.cardinality, text=f"={people}", always=False)
    loop = replace(node.repetition, collection=collection, cardinality=None, item=ASKED)
    (rule,) = node.settings.assignments
    assert rule.value is not None
    rule = replace(rule, value=replace(rule.value, text=ASKED))
    return replace(node, repetition=loop, settings=replace(node.settings, assignments=(rule,)))


def _asking(flow: Flow, answers: Sequence[tuple[str, str]]) -> Flow:
    """`answers`: the list and the answers of each such step. Two may have one list."""
    if flow.condition is None:
        return flow
    text = flow.condition.text
    for people, output in answers:
        if output and f"count({output}[" in text:
            text = text.replace(f"count({people})", f"count({output})")
    return replace(flow, condition=replace(flow.condition, text=text))
