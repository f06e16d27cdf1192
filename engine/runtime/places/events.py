"""Events that wait and events that are thrown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.runtime import limits
from engine.runtime.diagram import Event, Node
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.places.gateways import EventBased
from engine.runtime.places.place import Place, Waiting
from engine.runtime.places.tasks import Activity, evaluate_all
from engine.runtime.timers import Clockwork, following
from engine.runtime.tokens import Task, make_ready, wait
from engine.runtime.values import SetTimer, Subscription, Thrown

_WAITS: Mapping[str, Waiting] = {"timer": "timer", "message": "message", "signal": "signal"}


#: internal data of the root: how many timers have been set for so soon
HASTY = "hasty"


def _count_hasty(instance: Any, due: datetime) -> None:
    if due - instance.around.now >= limits.SHORTEST_CYCLE:
        return
    root = instance.task_tree.internal_data
    if root.get(HASTY, 0) >= limits.HASTY_TIMERS:
        raise Stuck(
            "limit_timers",
            f"Expected at most {limits.HASTY_TIMERS:,} timers of less than"
            f" {limits.SHORTEST_CYCLE} in one case, but this is one more: it may run in a circle.",
        )
    root[HASTY] = root.get(HASTY, 0) + 1


class Catch(Activity):
    """Waits for a timer, a message, a signal or a condition (also the receive task)."""

    def __init__(
        self,
        spec: Any,
        name: str,
        node: Node,
        event: Event,
        clockwork: Clockwork | None = None,
        formula: Formula | None = None,
    ) -> None:
        super().__init__(spec, name, node)
        self.event = event
        self.clockwork = clockwork
        #: the correlation key of a message, or the condition
        self.formula = formula

    @property
    def waits_for(self) -> Waiting:  # type: ignore[override]  # a class constant elsewhere
        return _WAITS.get(self.event.kind, "other")

    def arrive(self, token: Task) -> bool:
        if self.event.kind == "conditional" and self.holds(token):
            self.fire(token)
            return False
        self.ask(token)
        wait(token)
        self.guard(token)
        return False

    def ask(self, token: Task) -> None:
        """For what it waits for: a new timer or subscription takes the place of the old one."""
        if self.clockwork is not None:
            self._set_timer(token, self.clockwork)
        elif self.event.kind in ("message", "signal"):
            self._subscribe(token)

    def _set_timer(self, token: Task, clockwork: Clockwork) -> None:
        instance = token.workflow
        context = instance.variables.context(self.anchor(token))
        timer = clockwork.start(context, instance.around)
        _count_hasty(instance, timer["due"])
        token.internal_data["timer"] = timer
        self._tell_timer(token)

    def _tell_timer(self, token: Task) -> None:
        timer, id_ = token.internal_data["timer"], token.id.hex
        token.workflow.journal.timers[id_] = SetTimer(id_, self.node.id, timer["due"], timer["n"])

    def _subscribe(self, token: Task) -> None:
        instance, kind = token.workflow, self.event.kind
        name, id_ = self.event.name or "", token.id.hex
        if kind == "message":
            key = correlation_key(self.formula, instance, self.anchor(token))
            asked = Subscription(id_, self.node.id, "message", name, key)
        else:
            asked = Subscription(id_, self.node.id, "signal", name, None)
        instance.journal.subscriptions[id_] = asked

    def holds(self, token: Task) -> bool:
        """Whether the condition holds now; a condition that held before does not fire again."""
        instance = token.workflow
        if self.formula is None:
            return False
        context = instance.variables.context(self.anchor(token))
        now = self.formula.truth(context, instance.around)
        before = token.internal_data.get("held", False)
        token.internal_data["held"] = now
        return now and not before

    def catches(self, kind: str, code: str | None) -> bool:
        return self.event.kind == kind and self.event.code in (None, code)

    def again(self, token: Task) -> bool:
        """After firing without interrupting: whether it goes on waiting.

        Messages, signals, conditions and escalations may come again; a timer only in a cycle.
        """
        if self.clockwork is None:
            return True
        token.internal_data["timer"] = following(
            token.internal_data["timer"], token.workflow.around.now
        )
        if token.internal_data["timer"] is None:
            return False
        self._tell_timer(token)
        return True

    def receive(self, token: Task, variables: Mapping[str, Any]) -> None:
        token.workflow.variables.assign(self.anchor(token), variables, self.node.id)

    def fire(self, token: Task) -> None:
        instance = token.workflow
        instance.journal.forget(token.id.hex)
        if isinstance(token.parent.task_spec, EventBased):
            self._decide(token)
        make_ready(token)

    def _decide(self, token: Task) -> None:
        """The first event after an event-based gateway ends the others."""
        instance, gateway = token.workflow, token.parent
        for other in gateway.children:
            if other is not token:
                instance.cancel(other, "cancelled")
        instance.completed_step(gateway.task_spec, gateway)
        instance.flow_step(token.internal_data.pop("flow"), gateway)

    def home(self, token: Task) -> Task:
        """After an event-based gateway the way goes on where the gateway stood."""
        parent = token.parent
        if not isinstance(parent.task_spec, EventBased):
            return parent
        return parent.parent

    def depart(self, token: Task) -> None:
        gateway = token.parent if isinstance(token.parent.task_spec, EventBased) else None
        super().depart(token)
        if gateway is not None:
            token.workflow.remove(gateway)


class Beside(Catch):
    """Listens beside other work, which it may leave alone and go on listening."""

    def arrive(self, token: Task) -> bool:
        if self.event.kind != "conditional" or self.node.interrupting:
            return super().arrive(token)
        # It waits first: a condition that holds at once may come true again later.
        wait(token)
        if self.holds(token):
            self.fire(token)
        return False


class Boundary(Beside):
    """Sits on an activity as its token's child, and acts in the activity's surroundings."""

    def anchor(self, token: Task) -> Task:
        return token.parent

    def fire(self, token: Task) -> None:
        instance, host = token.workflow, token.parent
        home = host.task_spec.home(host)
        instance.enter_step(self, token)
        instance.completed_step(self, token)
        if self.node.interrupting:
            instance.cancel(host, "boundary")
        elif not self.again(token):
            instance.remove(token)
        instance.follow(self.routes, home)


class Throw(Place):
    """Throws a message, a signal or an escalation, as an end or on the way; goes on after it."""

    def __init__(
        self,
        spec: Any,
        name: str,
        node: Node,
        event: Event,
        inputs: Mapping[str, Formula],
        key: Formula | None = None,
    ) -> None:
        super().__init__(spec, name, node)
        self.event = event
        self.values_in = inputs
        self.key = key

    def work(self, token: Task) -> bool:
        instance = token.workflow
        if self.event.kind == "escalation":
            # Whoever catches it may interrupt us; nobody catching it is no mistake.
            instance.propagate(token, "escalation", self.event.code)
            return bool(instance.has(token))
        payload = evaluate_all(self.values_in, instance.variables.context(token), instance.around)
        is_message = self.event.kind == "message"
        key = correlation_key(self.key, instance, token) if is_message else None
        name = self.event.name or ""
        if is_message:
            thrown = Thrown(self.node.id, "message", name, key, payload)
        else:
            thrown = Thrown(self.node.id, "signal", name, None, payload)
        instance.journal.thrown.append(thrown)
        return True


class ErrorEnd(Place):
    """Ends the innermost activity that catches this error; uncaught it is an incident."""

    def __init__(self, spec: Any, name: str, node: Node, event: Event) -> None:
        super().__init__(spec, name, node)
        self.event = event

    def work(self, token: Task) -> bool:
        code = self.event.code
        values = {"error_code": code, "error_message": self.node.name}
        if token.workflow.propagate(token, "error", code, values):
            return False
        raise Stuck(
            "error_not_caught",
            f"Expected a boundary event or event subprocess for the error “{self.event.code}”, "
            "but there is none.",
        )


class TerminateEnd(Place):
    """Ends everything in the innermost process or subprocess."""

    def work(self, token: Task) -> bool:
        instance, container = token.workflow, token.parent
        instance.completed_step(self, token)
        instance.journal.end_element = self.node.id
        instance.clear(container, "terminated")
        instance.check(container)
        return False


def correlation_key(formula: Formula | None, instance: Any, token: Task) -> str | None:
    if formula is None:
        key: str | None = instance.around.business_key
        return key
    value = formula.value(instance.variables.context(token), instance.around)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Stuck(
            "correlation_key",
            "Expected the correlation key to be text or a number, but it is "
            f"{type(value).__name__}.",
        )
    return str(value)
