"""From the facts of a process to places that instances share: one spec for each process.

The spec is complete when it is made and never changes afterwards: instances of all threads
share it. Nothing is connected at run time, and no place listens to another's events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.runtime.decisions import Decide
from engine.runtime.diagram import Event, Flow, Mapped, Node, Process, Rule
from engine.runtime.formulas import (
    Formula,
    compile_phrase,
    formula_or_text,
    literal_or_formula,
    variable_or_formula,
)
from engine.runtime.graph import Graph, begins_by_event
from engine.runtime.parse import names
from engine.runtime.places import (
    containers,
    events,
    gateways,
    loops,
    multi_instance,
    tasks,
)
from engine.runtime.places.opening import CompiledRule, TaskForms
from engine.runtime.places.place import Place, Route
from engine.runtime.timers import clockwork


@dataclass(slots=True)
class Woven:
    """A process ready to run: its root place, and every place by its name."""

    process: Process
    root: containers.Root
    spec: Any
    body: containers.Body
    places: dict[str, Place] = field(default_factory=dict)
    calls: list[containers.Call] = field(default_factory=list)
    title: Formula | None = None


def weave(process: Process, decide: Decide, prefix: str = "") -> Woven:
    """`prefix` tells processes of several files and bundles apart in one state."""
    return _Weaver(process, decide, f"{prefix}{process.id}/").weave()


class _Weaver:
    def __init__(self, process: Process, decide: Decide, prefix: str) -> None:
        self.process = process
        self.decide = decide
        self.prefix = prefix
        self.graph = Graph(process)
        self.spec = BpmnProcessSpec(process.id)
        node = Node(process.id, process.name, "process", process.line)
        self.root = containers.Root(self.spec, prefix, node)
        self.woven = Woven(process, self.root, self.spec, self.root.body)
        self.by_id: dict[str, Place] = {}
        self.makers: Mapping[str, Callable[[str, Node], Place]] = {
            "task": self._pass,
            "manualTask": self._pass,
            "userTask": self._user,
            "scriptTask": self._script,
            "serviceTask": self._service,
            "sendTask": self._service,
            "receiveTask": self._receive,
            "businessRuleTask": self._decision,
            "subProcess": self._subprocess,
            "callActivity": self._call,
            "exclusiveGateway": self._exclusive,
            "parallelGateway": self._parallel,
            "inclusiveGateway": self._inclusive,
            "eventBasedGateway": self._event_based,
        } | dict.fromkeys(names.EVENTS, self._event)
        #: what starts each event subprocess
        self.triggers: dict[str, containers.Trigger] = {}

    def weave(self) -> Woven:
        for node in self.process.nodes.values():
            self.by_id[node.id] = self._make(node)
        for node in self.process.nodes.values():
            self._connect(self.by_id[node.id], node)
        self._fill(self.root.body, None)
        if self.process.title is not None and self.process.title.is_feel:
            self.woven.title = compile_phrase(self.process.title)
        for place in [self.root, *self.by_id.values()]:
            self._register(place)
        return self.woven

    def _register(self, place: Place) -> None:
        self.woven.places[place.name] = place
        if isinstance(place, loops.Loop) and place.body is not None:
            self._register(place.body)
        if isinstance(place, containers.Call):
            self.woven.calls.append(place)

    # -- making -------------------------------------------------------------------------------

    def _make(self, node: Node) -> Place:
        name = self.prefix + node.id
        if node.repetition is None:
            return self.makers[node.type](name, node)
        loop = self._loop(name, node)
        loop.body = self.makers[node.type](f"{name}[]", node)
        loop.body.loop = loop
        return loop

    def _pass(self, name: str, node: Node) -> Place:
        return tasks.PassThrough(self.spec, name, node)

    def _user(self, name: str, node: Node) -> Place:
        return tasks.UserTask(self.spec, name, node, _forms(node))

    def _script(self, name: str, node: Node) -> Place:
        assert node.script is not None
        return tasks.ScriptTask(self.spec, name, node, compile_phrase(node.script, script=True))

    def _service(self, name: str, node: Node) -> Place:
        call = node.settings.action
        if call is None:  # a send task that throws a message
            event = Event("message", node.line, name=node.message)
            return self._throw(name, node, event)
        mapped = _formulas(call.inputs), _formulas(call.outputs)
        return tasks.ServiceTask(self.spec, name, node, call, *mapped)

    def _receive(self, name: str, node: Node) -> Place:
        event = Event("message", node.line, name=node.message)
        return events.Catch(self.spec, name, node, event, formula=_key(node))

    def _decision(self, name: str, node: Node) -> Place:
        call = node.settings.decision
        assert call is not None
        return tasks.DecisionTask(self.spec, name, node, call, self.decide)

    def _subprocess(self, name: str, node: Node) -> Place:
        kind = containers.EventSubProcess if node.triggered else containers.SubProcess
        return kind(self.spec, name, node)

    def _call(self, name: str, node: Node) -> Place:
        inputs, outputs = _formulas(node.settings.inputs), _formulas(node.settings.outputs)
        return containers.Call(self.spec, name, node, inputs, outputs)

    def _exclusive(self, name: str, node: Node) -> Place:
        return gateways.Exclusive(self.spec, name, node)

    def _parallel(self, name: str, node: Node) -> Place:
        return self._join(gateways.Parallel(self.spec, name, node))

    def _inclusive(self, name: str, node: Node) -> Place:
        return self._join(gateways.Inclusive(self.spec, name, node))

    def _join(self, join: gateways.Join) -> Place:
        join.incoming = tuple(flow.id for flow in self.graph.incoming(join.node.id))
        join.upstream = cache(self.graph.upstream)  # worked out when a token first waits here
        return join

    def _event_based(self, name: str, node: Node) -> Place:
        return gateways.EventBased(self.spec, name, node)

    def _loop(self, name: str, node: Node) -> loops.Loop:
        repetition = node.repetition
        assert repetition is not None
        condition = compile_phrase(repetition.condition) if repetition.condition else None
        if repetition.kind == "loop":
            return loops.StandardLoop(self.spec, name, node, condition)
        source = repetition.cardinality or repetition.collection
        assert source is not None
        return multi_instance.MultiInstance(
            self.spec, name, node, source=variable_or_formula(source), condition=condition
        )

    # -- events -------------------------------------------------------------------------------

    def _event(self, name: str, node: Node) -> Place:
        event = node.event
        assert event is not None
        if node.type == "boundaryEvent":
            return self._catch(events.Boundary, name, node, event)
        if node.type == "startEvent":
            return self._start(name, node, event)
        if event.kind in ("none", "link"):
            return tasks.PassThrough(self.spec, name, node)
        if node.type == "intermediateCatchEvent":
            return self._catch(events.Catch, name, node, event)
        return self._throwing(name, node, event)

    def _start(self, name: str, node: Node, event: Event) -> Place:
        """Where tokens begin. In an event subprocess, besides, a trigger that listens."""
        if self.graph.in_event_subprocess(node):
            trigger = self._catch(containers.Trigger, f"{name}!", node, event)
            assert isinstance(trigger, containers.Trigger)
            self.triggers[node.parent or ""] = trigger
            self._register(trigger)
        return tasks.PassThrough(self.spec, name, node)

    def _catch(self, kind: type[events.Catch], name: str, node: Node, event: Event) -> Place:
        clock = None if event.timer is None else clockwork(event.timer)
        formula = _key(node) if event.condition is None else compile_phrase(event.condition)
        return kind(self.spec, name, node, event, clock, formula)

    def _throwing(self, name: str, node: Node, event: Event) -> Place:
        if event.kind == "terminate":
            return events.TerminateEnd(self.spec, name, node)
        if event.kind == "error":
            return events.ErrorEnd(self.spec, name, node, event)
        return self._throw(name, node, event)

    def _throw(self, name: str, node: Node, event: Event) -> Place:
        inputs = _formulas(node.settings.inputs)
        return events.Throw(self.spec, name, node, event, inputs, _key(node))

    # -- connecting ---------------------------------------------------------------------------

    def _connect(self, place: Place, node: Node) -> None:
        if node.attached_to is None:
            place.guards = tuple(self.by_id[b.id] for b in self.graph.boundaries(node.id))
        place.routes = tuple(self._routes(node))
        for route in place.routes:
            place.connect(route.target)
        if node.type == "subProcess":
            inner = place.body if isinstance(place, loops.Loop) else place
            assert isinstance(inner, containers.SubProcess)
            self._fill(inner.body, node.id)

    def _routes(self, node: Node) -> Iterator[Route]:
        for flow in self.graph.outgoing(node.id):
            yield self._route(node, flow)
        for target in self.graph.link_targets(node):
            yield Route(None, self.by_id[target])

    def _route(self, node: Node, flow: Flow) -> Route:
        condition = None if flow.condition is None else compile_phrase(flow.condition)
        return Route(flow.id, self.by_id[flow.target], condition, flow.id == node.default)

    def _fill(self, body: containers.Body, parent: str | None) -> None:
        inside = [node for node in self.process.nodes.values() if node.parent == parent]
        starts = [node for node in inside if node.type == "startEvent"]
        if parent is None:
            body.events = {n.id: self.by_id[n.id] for n in starts if begins_by_event(n)}
        body.starts = tuple(self.by_id[n.id] for n in starts if n.id not in body.events)
        body.triggers = tuple(self._trigger(node) for node in inside if node.triggered)

    def _trigger(self, subprocess: Node) -> Place:
        trigger, place = self.triggers[subprocess.id], self.by_id[subprocess.id]
        assert isinstance(place, containers.EventSubProcess)
        trigger.subprocess = place
        return trigger


def _formulas(mapped: Sequence[Mapped]) -> dict[str, Formula]:
    return {one.name: literal_or_formula(one.value) for one in mapped}


def _key(node: Node) -> Formula | None:
    key = node.settings.correlation
    return literal_or_formula(key) if key else None


def _forms(node: Node) -> TaskForms:
    settings = node.settings
    return TaskForms(
        node,
        tuple(_rule(rule) for rule in settings.assignments),
        tuple(_rule(rule) for rule in settings.exclusions),
        settings.form.text if settings.form else None,
        formula_or_text(settings.due),
        formula_or_text(settings.priority),
    )


def _rule(rule: Rule) -> CompiledRule:
    if rule.kind == "field" and rule.value is not None:
        return CompiledRule(rule.kind, variable=rule.value.text.strip())
    return CompiledRule(rule.kind, formula_or_text(rule.value), level=int(rule.level))
