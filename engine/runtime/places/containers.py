"""Places that contain others: the process itself, subprocesses, event subprocesses, calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime import limits
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.places.events import Beside, Boundary
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import Activity, evaluate_all
from engine.runtime.tokens import Task, begin, make_ready
from engine.runtime.values import EndedCall, StartedCall


@dataclass(slots=True)
class Body:
    """What runs in a container: where it begins, and its event subprocesses' triggers.

    `events`: a process's start events, by element id, at each of which an event begins it.
    """

    starts: Sequence[Place] = field(default_factory=tuple)
    events: Mapping[str, Place] = field(default_factory=dict)
    triggers: Sequence[Place] = field(default_factory=tuple)


class Container(Activity):
    """Works until nothing in it lives any more."""

    def __init__(self, spec: Any, name: str, node: Any) -> None:
        super().__init__(spec, name, node)
        self.body = Body()

    def arrive(self, token: Task) -> bool:
        _check_depth(token)
        begin(token)
        self.guard(token)
        self.begin(token)
        return False

    def begin(self, token: Task, event: str | None = None) -> None:
        """At the plain start, or at the start event with this id."""
        instance = token.workflow
        for trigger in self.body.triggers:
            instance.schedule("arrive", instance.spawn(trigger, token))
        for place in self.body.starts if event is None else (self.body.events[event],):
            instance.send(place, token)

    def settle(self, token: Task) -> None:
        """Nothing works in it any more: its event subprocesses stop listening, and it is done."""
        instance = token.workflow
        if token.state != TaskState.STARTED or any(is_at_work(child) for child in token.children):
            return
        for child in token.children:
            if isinstance(child.task_spec, Trigger):
                instance.cancel(child, "cancelled")
        make_ready(token)


def _check_depth(token: Task) -> None:
    depth = calls = 0
    while token is not None:
        depth, calls = depth + 1, calls + token.task_spec.opens_scope
        token = token.parent
    if calls > limits.CALLS:
        raise _too_deep("limit_calls", f"{limits.CALLS} calls")
    if depth > limits.DEPTH:
        raise _too_deep("limit_depth", f"{limits.DEPTH} levels")


def _too_deep(code: str, what: str) -> Stuck:
    return Stuck(code, f"Expected at most {what} within each other, but this is one more.")


def is_at_work(token: Task) -> bool:
    """Whether a token keeps its container alive: those that only listen do not."""
    return not isinstance(token.task_spec, Boundary | Trigger)


class Root(Container):
    """The process of the instance itself."""

    def depart(self, token: Task) -> None:
        token.workflow.completed = True


class SubProcess(Container):
    """Shares the variables of the process around it."""


class EventSubProcess(SubProcess):
    """One run of an event subprocess: its end starts nothing, it may end what is around it."""


class Trigger(Beside):
    """The start event of an event subprocess, listening while its container lives."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.subprocess: EventSubProcess | None = None

    def fire(self, token: Task) -> None:
        instance, container = token.workflow, token.parent
        if self.node.interrupting:
            instance.clear(container, "cancelled")
        elif not self.again(token):
            instance.remove(token)
        assert self.subprocess is not None
        instance.send(self.subprocess, container)


class Call(Container):
    """A called process: variables of its own, an id of its own, our lock and commit."""

    opens_scope = True

    def __init__(
        self,
        spec: Any,
        name: str,
        node: Any,
        inputs: Mapping[str, Formula],
        outputs: Mapping[str, Formula],
    ) -> None:
        super().__init__(spec, name, node)
        self.values_in = inputs
        self.values_out = outputs

    def arrive(self, token: Task) -> bool:
        _check_depth(token)
        instance, scope = token.workflow, token.id.hex
        variables, around = instance.variables, instance.around
        given = (
            evaluate_all(self.values_in, variables.context(token), around)
            if self.values_in
            else variables.context(token, counters=False)
        )
        variables.scopes[scope] = dict(given)
        outer = variables.scope_of(token)
        called = self.node.called or ""
        instance.journal.calls.append(StartedCall(scope, outer, self.node.id, called, dict(given)))
        return super().arrive(token)

    def work(self, token: Task) -> bool:
        instance = token.workflow
        inside = instance.variables.scopes[token.id.hex]
        around = instance.around
        given = evaluate_all(self.values_out, inside, around) if self.values_out else inside
        instance.variables.assign(token, dict(given), self.node.id)
        return True

    def depart(self, token: Task) -> None:
        self._close(token, "completed")
        super().depart(token)

    def cancelled(self, token: Task) -> None:
        self._close(token, "cancelled")

    def _close(self, token: Task, status: Any) -> None:
        instance, scope = token.workflow, token.id.hex
        if instance.variables.scopes.pop(scope, None) is not None:
            instance.journal.calls_ended.append(EndedCall(scope, status))
