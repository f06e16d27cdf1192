"""Whom the diagrams of a deployment name as they are written, before any case is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import feel
from engine.actor import KINDS, Principal, principals_of
from engine.runtime.diagram import Node, Process, Rule
from engine.runtime.formulas import compile_phrase
from engine.runtime.reading_files import Files, read_files


@dataclass(frozen=True, slots=True)
class Assigned:
    """A user task; without `element` the start of a process (`name` is the process's).

    `principals` are those named whatever the case holds; `open`: others are named by what it
    holds (its starter, a field, whoever did a step). `barred` are those who may not do it.
    """

    file: str
    line: int
    element: str
    name: str
    process: str
    principals: Sequence[Principal]
    open: bool = False
    barred: Sequence[Principal] = ()


def assigned(files: Files, now: datetime) -> list[Assigned]:
    """Of every user task and start role, in the order of the diagrams. `now` is for expressions
    that need no variable.
    """
    return [
        one
        for process in read_files(files).processes.values()
        if process.executable
        for one in _of_process(process, now)
    ]


def _of_process(process: Process, now: datetime) -> Iterator[Assigned]:
    if process.start_role and not process.internal:
        yield Assigned(
            process.file, process.line, "", process.name or process.id, process.id,
            [f"role:{process.start_role}"],
        )  # fmt: skip
    for node in process.nodes.values():
        if node.type == "userTask" and node.settings.assignments:
            yield _of_task(process, node, now)


def _of_task(process: Process, node: Node, now: datetime) -> Assigned:
    named = [_named(rule, now) for rule in node.settings.assignments]
    barred = [_named(rule, now) for rule in node.settings.exclusions]
    return Assigned(
        process.file,
        node.settings.assignments[0].line,
        node.id,
        node.name or node.id,
        process.id,
        _together(named),
        any(one is None for one in named),
        _together(barred),
    )


def _together(found: Sequence[Sequence[Principal] | None]) -> list[Principal]:
    return list(dict.fromkeys(one for each in found for one in each or ()))


def _named(rule: Rule, now: datetime) -> Sequence[Principal] | None:
    """Those whom a rule names; None where that depends on the case."""
    kind = "person" if rule.kind == "expression" else rule.kind
    if rule.value is None or kind not in KINDS:
        return None
    if not rule.value.is_feel:
        return principals_of(rule.value.text.strip(), kind)
    try:
        tree = compile_phrase(rule.value).tree
        if tree is None or tree.references.variables or tree.references.maybe:
            return None
        return principals_of(feel.evaluate(tree, {}, now=now).value, kind)
    except feel.FeelError:
        return None  # the linter tells it, or the case: a rule that fails opens nothing
