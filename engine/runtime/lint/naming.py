"""Rules about the names of variables that a diagram sets: such as can be set, and each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.errors import Problem
from engine.runtime.diagram import Mapped, Node
from engine.runtime.formulas import keys_of
from engine.runtime.lint.rule import Subject, called
from engine.runtime.variables import is_reserved


def names(it: Subject) -> Iterator[Problem]:
    """variable_name"""
    for node in it.nodes:
        for name, what, line in _set_by(node):
            if not name.strip() or name.startswith("=") or is_reserved(name):
                yield it.error(
                    "variable_name",
                    node,
                    f"Expected {called(node)} to set a variable with an ordinary name, but it is "
                    f"“{name}”.",
                    "Name the variable: letters first, no “=”, no two underscores.",
                    what,
                    line,
                )


def _set_by(node: Node) -> Iterator[tuple[str, str, int]]:
    """Names, where they stand, and their lines (0: that of the node)."""
    settings, loop = node.settings, node.repetition
    if loop is not None:
        given = {"inputDataItem": loop.item, "loopDataOutputRef": loop.output}
        given["outputDataItem"] = loop.output_item
        yield from ((name, what, loop.line) for what, name in given.items() if name is not None)
    if settings.result is not None:
        yield settings.result, "saraban:result/@variable", 0
    if settings.outcomes:
        yield settings.outcome_variable, "saraban:outcomes/@variable", 0
    for call in (settings.action, settings.decision):
        if call is not None and call.result is not None:
            yield call.result, "resultVariable", call.line
    action = settings.action
    for one in (*settings.inputs, *settings.outputs, *(action.outputs if action else ())):
        yield one.name, "name", one.line
    if node.script is not None and not settings.result:
        for key in sorted(keys_of(node.script) or ()):
            yield key, "script", node.script.line


def mappings(it: Subject) -> Iterator[Problem]:
    """mapping_repeated"""
    for node in it.nodes:
        action = node.settings.action
        for mapped in (
            node.settings.inputs,
            node.settings.outputs,
            (action and action.inputs) or (),
            (action and action.outputs) or (),
        ):
            for one in _repeated(mapped):
                yield it.error(
                    "mapping_repeated",
                    node,
                    f"Expected one value for “{one.name}” at {called(node)}, but there is another.",
                    "Keep one of them.",
                    "name",
                    one.line,
                )


def _repeated(mapped: Sequence[Mapped]) -> Iterator[Mapped]:
    """The last of each name that comes twice."""
    times = Counter(one.name for one in mapped)
    last = {one.name: one for one in mapped}
    return (last[name] for name, count in times.items() if count > 1)


RULES = (names, mappings)
