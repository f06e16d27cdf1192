"""Which variables a process can have, as far as its diagram and forms tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.runtime.diagram import Node
from engine.runtime.formulas import keys_of
from engine.runtime.graph import Graph, begins_by_event
from engine.runtime.lint.rule import Expected, Subject
from engine.runtime.reading_files import Reading

_COUNTERS = frozenset(
    {
        "loopCounter",
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "error_code",
        "error_message",
    }
)
_RETURNED = frozenset({"return_to", "return_reason", "resume", "returned_by_element"})


@dataclass(slots=True)
class Setters:
    """`complete`: nothing but the named elements can bring variables in."""

    names: set[str] = field(default_factory=lambda: set(_COUNTERS))
    complete: bool = True
    by_node: dict[str, set[str]] = field(default_factory=dict)


def setters(it: Subject) -> Setters:
    found = Setters()
    start = _form_keys(it, it.process.start_form.text if it.process.start_form else None)
    found.names |= start or set()
    found.complete = start is not None
    for node in it.nodes:
        own = _SETTERS.get(node.type, _nothing)(it, node)  # None: the diagram does not tell
        found.complete &= own is not None
        found.by_node[node.id] = set(_of_loop(node)) | (own or set())
        found.names |= found.by_node[node.id] | _decided(node)
    return found


def _nothing(_: Subject, node: Node) -> set[str] | None:
    """Messages and signals bring whatever they carry; what starts a process by a condition, what
    was told of the world.
    """
    event = node.event
    brings = event is not None and event.kind in ("message", "signal")
    told = event is not None and event.kind == "conditional" and begins_by_event(node)
    thrown = node.type in ("endEvent", "intermediateThrowEvent")
    return None if told or (brings and not thrown) else set()


def _of_loop(node: Node) -> Iterator[str]:
    if node.repetition is not None:
        for name in (node.repetition.item, node.repetition.output):
            if name:
                yield name


def _decided(node: Node) -> set[str]:
    """What a person's choice sets, whatever else the task may bring."""
    settings = node.settings
    chosen = {settings.outcome_variable} if settings.outcomes or settings.returns else set()
    return chosen | (_RETURNED if settings.returns else set())


def _user(it: Subject, node: Node) -> set[str] | None:
    form = node.settings.form
    keys = _form_keys(it, form.text if form else None)
    return None if keys is None else keys | _decided(node)


def _form_keys(it: Subject, key: str | None) -> set[str] | None:
    source = it.reading.forms.get(key or "")
    return None if source is None else set(it.expected.forms.keys(source))


def _script(_: Subject, node: Node) -> set[str] | None:
    if node.settings.result:
        return {node.settings.result}
    return None if node.script is None else keys_of(node.script)


def _service(_: Subject, node: Node) -> set[str] | None:
    call = node.settings.action
    if call is None:
        return set()
    named = {output.name for output in call.outputs} | ({call.result} if call.result else set())
    return named or None


def _decision(_: Subject, node: Node) -> set[str] | None:
    call = node.settings.decision
    return set() if call is None else {call.result or call.ref}


def _call(_: Subject, node: Node) -> set[str] | None:
    return {output.name for output in node.settings.outputs} or None


def _receive(_: Subject, __: Node) -> set[str] | None:
    return None


_SETTERS: Mapping[str, Callable[[Subject, Node], set[str] | None]] = {
    "userTask": _user,
    "scriptTask": _script,
    "serviceTask": _service,
    "sendTask": _service,
    "businessRuleTask": _decision,
    "callActivity": _call,
    "receiveTask": _receive,
}


def named(reading: Reading, expected: Expected) -> Iterator[str]:
    """What designers can write of: the engine's own counters and marks are left out."""
    for process in reading.processes.values():
        it = Subject(process, Graph(process), reading, expected)
        yield from setters(it).names - _COUNTERS - _RETURNED
