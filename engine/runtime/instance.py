"""A live instance: SpiffWorkflow's workflow with an agenda, budgets and a journal."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.errors import Cause
from engine.runtime import limits
from engine.runtime.errors import LimitReached, Stuck
from engine.runtime.journal import Journal
from engine.runtime.places.containers import Container, Trigger
from engine.runtime.places.events import Boundary, Catch
from engine.runtime.places.gateways import Join
from engine.runtime.places.place import Place, Route
from engine.runtime.script_engine import NoScripts
from engine.runtime.tokens import Task, fail
from engine.runtime.values import ClosedTask, Scope, Step, StuckToken, Surroundings
from engine.runtime.variables import Variables

#: "look" is only remembered: a join or condition that rests looks again when it is retried
Phase = Literal["arrive", "run", "settle", "look"]
Reason = Literal["boundary", "terminated", "completion_condition", "withdrawn", "cancelled"]
_LISTENERS = (Boundary, Trigger)


# SpiffWorkflow ships no types, so its classes are Any to the type checker.
class Instance(BpmnWorkflow):  # type: ignore[misc]
    """One advance works on one Instance and throws it away: nothing survives an exception."""

    def __init__(
        self, spec: Any, scopes: Mapping[Scope, Mapping[str, Any]], around: Surroundings
    ) -> None:
        super().__init__(spec, script_engine=NoScripts(), deserializing=True)
        self.around = around
        self.journal = Journal()
        self.variables = Variables(scopes, self.journal)
        self.agenda: deque[tuple[Phase, Task]] = deque()
        self.steps = 0
        self.allowance = around.allowance

    # -- the agenda ---------------------------------------------------------------------------

    def schedule(self, phase: Phase, token: Task) -> None:
        self.agenda.append((phase, token))

    def drive(self) -> None:
        """Go on until every token waits for something outside."""
        with self.allowance.running():
            while self.agenda or self._look_again():
                phase, token = self.agenda.popleft()
                if self.has(token):
                    self._attempt(phase, token)

    def _attempt(self, phase: Phase, token: Task) -> None:
        try:
            self._spend()
            _PHASES[phase](token)
        except LimitReached as limit:
            self._stop_all(phase, token, limit)
        except Stuck as stuck:
            self.stick(phase, token, stuck)
        except MemoryError:
            self._stop_all(phase, token, _limit("memory", "less memory to be needed"))

    def _spend(self) -> None:
        self.steps += 1
        self.allowance.steps -= 1
        if self.steps > limits.STEPS or self.allowance.steps < 0:
            raise _limit("steps", f"at most {limits.STEPS:,} steps without a pause")
        if len(self.tasks) > limits.TOKENS:
            raise _limit("tokens", f"at most {limits.TOKENS:,} tokens")
        if self.variables.weight > limits.DATA:
            raise _limit("data", f"at most {limits.DATA:,} characters of variables set at once")
        if self.allowance.left < 0:
            raise _limit("time", f"at most {limits.SECONDS} seconds of work at once")

    def _stop_all(self, phase: Phase, token: Task, limit: LimitReached) -> None:
        self.agenda.appendleft((phase, token))
        while self.agenda:
            phase, token = self.agenda.popleft()
            if not self.has(token):
                continue
            if phase == "settle":  # moves nothing, but makes its container run, and that sticks
                token.task_spec.settle(token)
            else:
                self.stick(phase, token, limit)

    def stick(self, phase: Phase, token: Task, stuck: Stuck) -> None:
        """An incident: the token stays where it is, and remembers what to try again."""
        place = token.task_spec
        token.internal_data["stuck"] = phase
        fail(token)
        cause = Cause(stuck.code, stuck.message, place.node.id, stuck.detail)
        scope = self.variables.scope_of(place.anchor(token))
        self.journal.stuck[token.id.hex] = StuckToken(token.id.hex, scope, cause)

    def _look_again(self) -> bool:
        """Everything rests: do conditions hold now, may joins fire, does one wait in vain?"""
        if self.completed:
            return False
        self._look_at_conditions()
        if not self.agenda:
            self._look_at_joins()
        return bool(self.agenda)

    def _look_at_conditions(self) -> None:
        if not self.variables.dirty:
            return
        self.variables.dirty = False
        for token in list(self.tasks.values()):
            place = token.task_spec
            if isinstance(place, Catch) and place.event.kind == "conditional":
                self._look_at_condition(place, token)

    def _look_at_condition(self, place: Catch, token: Task) -> None:
        if token.state != TaskState.WAITING or not self.has(token):
            return
        try:
            self._spend()
            if place.holds(token):
                place.fire(token)
        except Stuck as stuck:
            self.stick("look", token, stuck)

    def _look_at_joins(self) -> None:
        waiting = [t for t in self.tasks.values() if "arrived" in t.internal_data]
        waiting = [t for t in waiting if t.state == TaskState.WAITING]
        for token in waiting:
            if self.has(token) and token.task_spec.may_fire(token):
                token.task_spec.fire(token)
        if self.agenda:
            return
        for token in waiting:
            if token.task_spec.starved(token):
                self.stick("look", token, _starved(token.task_spec))

    # -- tokens -------------------------------------------------------------------------------

    def has(self, token: Task) -> bool:
        return self.tasks.get(token.id) is token

    def spawn(self, place: Place, parent: Task) -> Task:
        """A token that is simply there: nothing is written down about it yet."""
        return parent._add_child(place, TaskState.FUTURE)  # noqa: SLF001 - see tokens.py

    def send(self, place: Place, home: Task, via: str | None = None) -> Task:
        token = self.spawn(place, home)
        if place.counts_arrivals:
            token.internal_data["via"] = via
        self.enter_step(place, token)
        self.schedule("arrive", token)
        return token

    def follow(self, routes: Sequence[Route], home: Task) -> None:
        for route in routes:
            if route.flow is not None:
                self.flow_step(route.flow, home)
            self.send(route.target, home, route.flow)
        if not routes:
            self.check(home)

    def check(self, container: Task) -> None:
        """Something in a container has ended: it may have been the last."""
        if isinstance(container.task_spec, Container):
            self.schedule("settle", container)

    def remove(self, token: Task) -> None:
        """A token leaves the tree, and what hung under it: boundary events, iterations."""
        for gone in list(self._below(token)):
            self.journal.forget(gone.id.hex)
        self._remove_task(token.id)

    def cancel(self, token: Any, reason: Reason) -> None:
        """End a token before its time, with all in it."""
        for gone in list(self._below(token)):
            self._cancel_one(gone, reason)
        self._remove_task(token.id)

    def _cancel_one(self, token: Task, reason: Reason) -> None:
        place, id_ = token.task_spec, token.id.hex
        is_open = place.waits_for == "task" and token.state == TaskState.READY
        if is_open and id_ not in self.journal.opened:
            self.journal.closed.append(ClosedTask(id_, reason))
        if not isinstance(place, _LISTENERS) and place.loop is None:
            self._step("cancelled", place.node.id, token)
        self.journal.forget(id_)
        place.cancelled(token)

    def clear(self, container: Task, reason: Reason) -> None:
        """End everything in a container; what guards the container itself stays."""
        for child in container.children:
            if not isinstance(child.task_spec, Boundary):
                self.cancel(child, reason)

    def _below(self, token: Task) -> Iterator[Task]:
        for child in token.children:
            yield from self._below(child)
        yield token

    # -- errors and escalations ---------------------------------------------------------------

    def propagate(
        self, origin: Task, kind: str, code: str | None, values: Mapping[str, Any] | None = None
    ) -> bool:
        """Outwards from a token to the nearest event that catches this, and fire it."""
        inner, holder = origin, origin
        while holder is not None:
            catcher = self._catcher(holder, inner, kind, code)
            if catcher is not None:
                if values:
                    catcher.task_spec.receive(catcher, values)
                catcher.task_spec.fire(catcher)
                return True
            inner, holder = holder, holder.parent
        return False

    def _catcher(self, holder: Task, inner: Task, kind: str, code: str | None) -> Task | None:
        """Event subprocesses inside `holder` come before the boundary events on it; a catcher of
        just this code before one of any code.
        """
        listening = [c for c in holder.children if isinstance(c.task_spec, _LISTENERS)]
        found = [
            c
            for c in listening
            if c.task_spec.catches(kind, code)
            and c.state == TaskState.WAITING
            and not (isinstance(c.task_spec, Trigger) and c.task_spec.subprocess is inner.task_spec)
        ]
        found.sort(
            key=lambda c: (isinstance(c.task_spec, Boundary), c.task_spec.event.code is None)
        )
        return found[0] if found else None

    # -- writing down -------------------------------------------------------------------------

    def _step(self, kind: Any, element_id: str, token: Task) -> None:
        scope = self.variables.scope_of(token.task_spec.anchor(token))
        self.journal.steps.append(Step(kind, element_id, scope))

    def enter_step(self, place: Place, token: Task) -> None:
        self._step("entered", place.node.id, token)

    def completed_step(self, place: Place, token: Task) -> None:
        self._step("completed", place.node.id, token)
        if place.node.type == "endEvent":
            self.journal.end_element = place.node.id

    def flow_step(self, flow: str, home: Task) -> None:
        scope = home.id.hex if home.task_spec.opens_scope else self.variables.scope_of(home)
        self.journal.steps.append(Step("flow", flow, scope))


_PHASES: Mapping[Phase, Any] = {
    "arrive": lambda token: token.task_spec._update(token),  # noqa: SLF001 - see tokens.py
    "run": lambda token: token.run(),
    "settle": lambda token: token.task_spec.settle(token),
}


def _limit(name: str, what: str) -> LimitReached:
    return LimitReached(
        f"limit_{name}", f"Expected {what}, but the process goes on: it may run in a circle."
    )


def _starved(place: Join) -> Stuck:
    return Stuck(
        "join_starved",
        f"Expected a token on every flow into “{place.node.name or place.node.id}”, but none can "
        "come any more on at least one of them.",
    )
