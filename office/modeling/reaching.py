"""Steps of a diagram that no case reaches, because of the conditions that stand before them.

As of cards (`office.chains.reaching`): told from conditions on one variable each; of all others
nobody knows whether they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.models.forms import form_source
from engine.runtime import Bundle
from engine.runtime.diagram import Flow, Node, Process
from engine.runtime.formulas import keys_of
from engine.runtime.graph import Graph
from engine.runtime.parse.names import TASKS
from forms.definition import BadForm, Component
from forms.reading import read
from office.chains.conditions import Test, read_test
from office.chains.model import GO_PAST, LETTER, Field, FieldKind
from office.chains.reaching import Said, can_be, said_of
from office.foreseen.values import Warned

_Known = frozenset[Said]
_NOTHING: _Known = frozenset()

#: what `read_test` wants one space around
_COMPARISON = re.compile(r"\s*(>=|<=|!=|>|<|=)\s*")
#: what a person fills in, by what a form draws; the rest is compared as no single value
_FIELDS: Mapping[str, FieldKind] = {
    "line": "text", "lines": "lines", "number": "number", "check": "check", "date": "date",
    "select": "choice", "radio": "choice", "person": "person",
}  # fmt: skip
#: what nobody chooses of a field that may be left empty
_EMPTY = "\0"
#: what brings variables in of which the diagram tells no name
_OPEN = frozenset({"message", "signal", "conditional"})
#: what a designer draws as something to come to; gateways say it by their ways
_STEPS = TASKS | {"callActivity", "subProcess", "intermediateCatchEvent", "intermediateThrowEvent"}


@dataclass(frozen=True, slots=True)
class Never:
    """An element that no case reaches, or a gateway with ways that none takes."""

    element: str
    name: str
    warnings: tuple[Warned, ...]


def never_reached(bundle: Bundle, process_id: str) -> list[Never]:
    """In the order of the file: ways at what decides, and the steps that only they lead to."""
    process = next(
        one for diagram in bundle.diagrams for one in diagram.processes if one.id == process_id
    )
    walk = _Walk(process, _fields(bundle.files, process), _constant(bundle.files, process))
    walk.go()
    return [*_told(process, walk)]


def _told(process: Process, walk: _Walk) -> Iterator[Never]:
    for node in process.nodes.values():
        met, around = node.id in walk.known, node.parent is None or node.parent in walk.known
        ways = [flow for flow in walk.graph.outgoing(node.id) if met and flow.id in walk.closed]
        told = [Warned("way_never", _called(flow, process)) for flow in ways]
        if not met and around and node.type in _STEPS:
            told = [Warned("unreached")]
        if told:
            yield Never(node.id, node.name or node.id, tuple(told))


def _called(flow: Flow, process: Process) -> str:
    """A way is known by its name, else by where it leads."""
    target = process.nodes.get(flow.target)
    return flow.name or (target.name if target else "") or flow.id


@dataclass(slots=True)
class _Walk:
    """Everything that some case may come to. `constant`: variables that nothing changes once the
    case has begun, so that what one condition said of them still stands at another.
    """

    process: Process
    fields: Mapping[str, Field]
    constant: frozenset[str]
    graph: Graph = field(init=False)
    #: by the nodes that are reached: what is so whichever way one came
    known: dict[str, _Known] = field(default_factory=dict)
    #: flows that no case takes
    closed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.graph = Graph(self.process)

    def go(self) -> None:
        """Until nothing more is reached, and nothing is less certain than it was taken for."""
        open_ = [self._come(node.id, _NOTHING) for node in self.process.nodes.values()
                 if self._begins(node)]  # fmt: skip
        while open_:
            node_id = open_.pop()
            self.closed -= {flow.id for flow in self.graph.outgoing(node_id)}
            for target, said in self._onward(node_id):
                if target in self.process.nodes and self._learns(target, said):
                    open_.append(self._come(target, said))

    def _begins(self, node: Node) -> bool:
        """What no flow leads to, but for what stands at a border: that is reached with its step."""
        return not self.graph.before(node.id) and (node.parent is None or node.triggered)

    def _learns(self, node_id: str, said: _Known) -> bool:
        return node_id not in self.known or not self.known[node_id] <= said

    def _come(self, node_id: str, said: _Known) -> str:
        self.known[node_id] = self.known.get(node_id, said) & said
        return node_id

    def _onward(self, node_id: str) -> Iterator[tuple[str, _Known]]:
        known, beside = self.known[node_id], self.graph.after(node_id)
        flows = self.graph.outgoing(node_id)
        for flow, said in self._ways(self.process.nodes[node_id], flows, known):
            if can_be(said):
                yield flow.target, frozenset(one for one in said if one.field.key in self.constant)
            else:
                self.closed.add(flow.id)
        to = {flow.target for flow in flows}
        yield from ((other, known) for other in beside if other not in to)
        for inner in self.process.nodes.values():
            if inner.parent == node_id and not self.graph.before(inner.id):
                yield inner.id, known

    def _ways(
        self, node: Node, flows: Sequence[Flow], known: _Known
    ) -> Iterator[tuple[Flow, _Known]]:
        """Each way with what is so where it is taken; as a gateway asks, the default comes last."""
        one_alone = node.type == "exclusiveGateway"
        before = known
        for flow in sorted(flows, key=lambda one: one.id == node.default or not one.condition):
            said = () if flow.id == node.default else self._said(flow)
            holds = before if one_alone or flow.id == node.default else known
            yield flow, holds | {*said}
            if len(said) == 1 and node.type in ("exclusiveGateway", "inclusiveGateway"):
                before |= {replace(said[0], holds=False)}

    def _said(self, flow: Flow) -> Sequence[Said]:
        """All that its condition demands; nothing where that cannot be told."""
        if flow.condition is None or not flow.condition.is_feel:
            return ()
        found = [self._read(part) for part in re.split(r"\sand\s", flow.condition.feel)]
        return [one for one in found if one is not None] if None not in found else ()

    def _read(self, text: str) -> Said | None:
        condition = _COMPARISON.sub(r" \1 ", text.strip(), count=1)
        test = read_test(condition, self.fields.get)
        if test is None:
            return None
        field = self.fields.get(test.field) or _guessed(test, condition.split(" ", 2)[2])
        return said_of(condition, test, field)


def _guessed(test: Test, literal: str) -> Field:
    """What no form asks for is what it is compared with."""
    if literal in ("true", "false"):
        return Field(test.field, test.field, "check")
    if literal.startswith("date("):
        return Field(test.field, test.field, "date")
    return Field(test.field, test.field, "text" if literal.startswith('"') else "number")


# -- what the forms say ---------------------------------------------------------------------------


def _fields(files: Mapping[str, bytes], process: Process) -> Mapping[str, Field]:
    """What its forms ask for; of a letter's route, what it knows of its letter."""
    found = {one.key: one for one in LETTER} if process.internal else {}
    for component in (one for form in _forms(process) for one in _components(files, form)):
        made = _field(component)
        if made is not None:
            same = found.setdefault(made.key, made) == made
            found[made.key] = made if same else replace(made, kind="text", options=())
    return found


def _field(component: Component) -> Field | None:
    kind = _FIELDS.get(component.kind)
    if component.key is None or kind is None:
        return None
    if kind != "choice":
        return Field(component.key, component.label, kind)
    if component.options_from or component.default is not None:
        return Field(component.key, component.label)
    options = [option.value for option in component.options]
    options += [] if component.rules.required and component.hide is None else [_EMPTY]
    return Field(component.key, component.label, "choice", options=tuple(options))


def _forms(process: Process) -> Iterator[str]:
    for form in (process.start_form, *(node.settings.form for node in process.nodes.values())):
        if form is not None:
            yield form.text


def _components(files: Mapping[str, bytes], form: str) -> Iterator[Component]:
    source = form_source(files, form)
    try:
        components = read(source) if source else ()
    except BadForm:
        return
    for one in components:
        yield from one.walk()


def _constant(files: Mapping[str, bytes], process: Process) -> frozenset[str]:
    """What the form asks for that starts it, and nothing changes after."""
    if process.start_form is None:
        return frozenset()
    found = {one.key for one in _components(files, process.start_form.text) if one.key}
    for node in process.nodes.values():
        changed = _changed(files, node)
        if changed is None:
            return frozenset()
        found -= changed
    return frozenset(found)


def _changed(files: Mapping[str, bytes], node: Node) -> set[str] | None:
    """Variables that the node can bring in; None: any."""
    settings, call = node.settings, node.settings.action
    named = {one.name for one in settings.outputs} | {settings.outcome_variable}
    if node.type == "receiveTask" or (node.event is not None and node.event.kind in _OPEN):
        return None
    if node.type == "callActivity" and not settings.outputs:
        return None
    if node.script is not None:
        written = {settings.result} if settings.result else keys_of(node.script)
        return None if written is None else written
    if node.repetition is not None:
        named |= {node.repetition.item or "", node.repetition.output or ""}
    if call is not None:
        named |= {one.name for one in call.outputs} | {call.result or ""}
        if call.name != GO_PAST and not (call.outputs or call.result):
            return None
    if settings.decision is not None:
        named.add(settings.decision.result or settings.decision.ref)
    asked = _components(files, settings.form.text) if settings.form else ()
    return named | {one.key for one in asked if one.key and one.read_only is not True}
