"""A token in its new place: what it waits for is renewed where the new version says otherwise.

What has happened stays so: a reminder that has come does not come again, and a job, a timer or a
subscription that means the same is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.instance import Instance
from engine.runtime.migration.meaning import same
from engine.runtime.migration.targets import Targets, same_event
from engine.runtime.migration.values import (
    ASSIGNMENT,
    DUE,
    PRIORITY,
    REMINDERS,
    RetoldTask,
)
from engine.runtime.places.containers import Container, Trigger
from engine.runtime.places.events import Boundary, Catch
from engine.runtime.places.gateways import EventBased, Join
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import Activity, ServiceTask, UserTask
from engine.runtime.tokens import Task
from engine.runtime.values import Token

#: what a task's row says, and where the diagram says it
_SAYINGS: Sequence[tuple[str, Callable[[Any], Any]]] = (
    ("name", lambda node: node.name or node.id),
    ("documentation", lambda node: node.documentation),
    ("lane", lambda node: node.lane),
    ("form", lambda node: node.settings.form),
    ("outcomes", lambda node: node.settings.outcomes),
    ("returns", lambda node: node.settings.returns),
    ("act", lambda node: node.settings.act),
    (ASSIGNMENT, lambda node: (node.settings.assignments, node.settings.exclusions)),
    (DUE, lambda node: (node.settings.due, node.settings.due_working)),
    (REMINDERS, lambda node: (node.settings.reminders, node.settings.escalation)),
    (PRIORITY, lambda node: node.settings.priority),
)


@dataclass(slots=True)
class Settling:
    """Rehouse every token first, then settle each: expressions then see the whole new version."""

    instance: Instance
    targets: Targets
    tasks: list[RetoldTask] = field(default_factory=list)
    #: tokens that wait for another message, or for another job, than before
    resubscribed: list[Token] = field(default_factory=list)
    asked_anew: list[Token] = field(default_factory=list)
    #: (container or activity, element): a listener that is another now, though its id is not
    _replaced: set[tuple[Token, str]] = field(default_factory=set)

    def leave(self, token: Task) -> None:
        """A listener that the new version does not have, or has as something else."""
        self._replaced.add((token.parent.id.hex, self.targets.image(token.task_spec.node.id)))
        self.instance.remove(token)

    def rehouse(self, token: Task, place: Place) -> None:
        token.task_spec = place
        inner = token.internal_data
        if isinstance(place, Join):
            flows = self.targets.flows.get(token.id, {})
            if "arrived" in inner:
                inner["arrived"] = {flows.get(f, f): n for f, n in inner["arrived"].items()}
            if "via" in inner:
                inner["via"] = flows.get(inner["via"], inner["via"])
        elif "flow" in inner:
            ways = token.parent.task_spec.routes
            inner["flow"] = next(route.flow for route in ways if route.target is place)

    def settle(self, token: Task, was: Place) -> Sequence[str]:
        """What differs for it now. Raises Stuck where an expression of the new version fails."""
        now = token.task_spec
        if isinstance(now, UserTask) and token.state == TaskState.READY:
            return self._retell(token, was, now)
        if isinstance(now, ServiceTask) and token.state == TaskState.STARTED:
            return self._ask_anew(token, was, now)
        if isinstance(now, Catch) and token.state == TaskState.WAITING:
            return self._wait_anew(token, was, now)
        return ()

    # -- people, machines, events -------------------------------------------------------------

    def _retell(self, token: Task, was: Any, now: UserTask) -> Sequence[str]:
        changes = [name for name, say in _SAYINGS if not same(say(was.node), say(now.node))]
        if changes:
            opened = _only(now, changes).open(self.instance, token)
            self.tasks.append(RetoldTask(opened, frozenset(changes)))
        return changes

    def _ask_anew(self, token: Task, was: Any, now: ServiceTask) -> Sequence[str]:
        if was.call.name == now.call.name and same(was.call.inputs, now.call.inputs):
            return ()
        now.want(token)
        self.asked_anew.append(token.id.hex)
        return ["job"]

    def _wait_anew(self, token: Task, was: Any, now: Catch) -> Sequence[str]:
        if same_event(was, now):
            return ()
        if now.event.kind == "conditional":
            token.internal_data.pop("held", None)
            self.instance.variables.dirty = True
        elif now.event.kind in ("message", "signal"):
            self.resubscribed.append(token.id.hex)
        now.ask(token)
        return [now.event.kind]

    # -- listeners that only the new version has ----------------------------------------------

    def listen(self, token: Task, was: Place) -> Sequence[Task]:
        """Set what the new version listens to while this token lives."""
        now = token.task_spec
        added = [*self._guards(token, was, now), *self._triggers(token, was, now)]
        spawned = [self.instance.spawn(place, token) for place in added]
        for listener in spawned:
            self.instance.schedule("arrive", listener)
        return [*spawned, *self._ways(token, was, now)]

    def _guards(self, token: Task, was: Place, now: Place) -> Iterator[Place]:
        if isinstance(now, Activity) and not isinstance(now, Boundary) and _is_guarded(token):
            yield from self._fresh(token, was.guards, now.guards)

    def _triggers(self, token: Task, was: Any, now: Place) -> Iterator[Place]:
        at_work = isinstance(now, Container) and token.state == TaskState.STARTED
        if at_work and not any(_has_taken_over(child) for child in token.children):
            yield from self._fresh(token, was.body.triggers, now.body.triggers)

    def _fresh(
        self, token: Task, before: Sequence[Place], after: Sequence[Place]
    ) -> Iterator[Place]:
        """One that the old version had too has been set, and perhaps has done its work already."""
        known = {self.targets.image(place.node.id) for place in before}
        for place in after:
            id_ = place.node.id
            if id_ not in known or (token.id.hex, id_) in self._replaced:
                yield place

    def _ways(self, token: Task, was: Place, now: Place) -> Iterator[Task]:
        """Further events of an event-based gateway."""
        if not isinstance(now, EventBased) or token.state != TaskState.STARTED:
            return
        known = {self.targets.image(route.target.node.id) for route in was.routes}
        for route in now.routes:
            if route.target.node.id not in known:
                child = self.instance.send(route.target, token)
                child.internal_data["flow"] = route.flow
                yield child


def _only(task: UserTask, changes: Sequence[str]) -> Any:
    """The settings to evaluate: what stays as it is may not even have a value any more."""
    kept: dict[str, Any] = {}
    if ASSIGNMENT not in changes:
        kept |= {"assignments": (), "exclusions": ()}
    kept |= {part: None for part in (DUE, PRIORITY) if part not in changes}
    return replace(task.forms, **kept)


def _is_guarded(token: Task) -> bool:
    """Whether its boundary events live: not yet where it got stuck on arriving, and no more once
    it has done its work.
    """
    if token.state == TaskState.ERROR:
        stuck = token.internal_data.get("stuck")
        return stuck == "run" and "worked" not in token.internal_data
    return bool(token.state in (TaskState.READY, TaskState.WAITING, TaskState.STARTED))


def _has_taken_over(child: Task) -> bool:
    """Whether this is an event subprocess that interrupted its container: nothing else listens."""
    return any(
        place.subprocess is child.task_spec and place.node.interrupting
        for place in child.parent.task_spec.body.triggers
        if isinstance(place, Trigger)
    )
