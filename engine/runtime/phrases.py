"""Every expression of a process with its owner: what the linter compiles and looks into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.runtime.diagram import Event, Flow, Mapped, Node, Phrase, Process, Repetition, Settings


@dataclass(frozen=True, slots=True)
class Said:
    """A FEEL text: whose it is, and whether its variables are those of the called process."""

    owner: Node | Flow | Process
    phrase: Phrase
    script: bool = False
    inside: bool = False


def said(process: Process) -> Iterator[Said]:
    """FEEL only: literals are left out."""
    return (one for one in _all(process) if one.phrase.is_feel)


def _all(process: Process) -> Iterator[Said]:
    if process.title is not None:
        yield Said(process, process.title)
    for flow in process.flows.values():
        if flow.condition is not None:
            yield Said(flow, flow.condition)
    for node in process.nodes.values():
        for phrase in _of_node(node):
            yield Said(node, phrase)
        if node.script is not None:
            yield Said(node, node.script, script=True)
        for output in (*node.settings.outputs, *_reported(node.settings)):
            yield Said(node, output.value, inside=True)


def _of_node(node: Node) -> Iterator[Phrase]:
    yield from _of_settings(node.settings)
    if node.repetition is not None:
        yield from _of_repetition(node.repetition)
    if node.event is not None:
        yield from _of_event(node.event)


def _of_settings(settings: Settings) -> Iterator[Phrase]:
    for rule in (*settings.assignments, *settings.exclusions):
        if rule.value is not None and rule.kind != "field":
            yield rule.value
    for phrase in (settings.due, settings.priority, settings.correlation):
        if phrase is not None:
            yield phrase
    yield from _values(settings.inputs)
    if settings.action is not None:
        yield from _values(settings.action.inputs)


def _reported(settings: Settings) -> Sequence[Mapped]:
    """Worked out over what the action reports, which no diagram tells."""
    return () if settings.action is None else settings.action.outputs


def _values(mapped: Sequence[Mapped]) -> Iterator[Phrase]:

    for one in mapped:
        yield one.value


def _of_repetition(loop: Repetition) -> Iterator[Phrase]:
    for phrase in (loop.collection, loop.cardinality, loop.condition):
        if phrase is not None:
            yield phrase


def _of_event(event: Event) -> Iterator[Phrase]:
    if event.timer is not None:
        yield event.timer.value
    if event.condition is not None:
        yield event.condition
