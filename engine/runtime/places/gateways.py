"""Gateways: one way, all ways, some ways, whichever event comes first; and joins that count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from engine.runtime.places.place import Place, Route, holds
from engine.runtime.tokens import Task, begin, make_ready, wait


class Exclusive(Place):
    """The first way whose condition holds, else the default."""

    def choose(self, token: Task) -> Sequence[Route]:
        context, around = token.workflow.variables.context(token), token.workflow.around
        for route in self.routes:
            if route.condition and not route.default and route.condition.truth(context, around):
                return (route,)
        # A single way without a condition is the default even where nobody marked it.
        unconditional = [r for r in self.routes if r.condition is None or r.default]
        return unconditional[:1] or (() if not self.routes else self.no_way())


class Join(Place):
    """A gateway that waits for several flows: one token waits here and counts who arrived."""

    counts_arrivals = True
    needs_all: ClassVar[bool] = True

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.incoming: Sequence[str] = ()
        #: nodes from which a token can still come along an incoming flow, not through here
        self.upstream: Callable[[str], frozenset[str]] = lambda _: frozenset()

    def arrive(self, token: Task) -> bool:
        waiting = self._waiting(token)
        arrived = dict(waiting.internal_data["arrived"]) if waiting else {}
        via = token.internal_data.pop("via")
        arrived[via] = arrived.get(via, 0) + 1
        if waiting is not None:
            token.workflow.remove(token)
            token = waiting
        token.internal_data["arrived"] = arrived
        wait(token)
        if self.may_fire(token):
            self.fire(token)
        return False

    def _waiting(self, token: Task) -> Task | None:
        for other in token.parent.children:
            if other.task_spec is self and "arrived" in other.internal_data:
                return other
        return None

    def fire(self, token: Task) -> None:
        """Take one token of each flow; what is left over waits for the next round."""
        arrived = token.internal_data.pop("arrived")
        left = {flow: count - 1 for flow, count in arrived.items() if count > 1}
        make_ready(token)
        if left:
            rest = token.workflow.spawn(self, token.parent)
            rest.internal_data["arrived"] = left
            wait(rest)

    def missing(self, token: Task) -> list[str]:
        arrived = token.internal_data["arrived"]
        return [flow for flow in self.incoming if flow not in arrived]

    def may_fire(self, token: Task) -> bool:
        return not self.missing(token)

    def may_come(self, token: Task, flow: str) -> list[Task]:
        """Tokens of this container from which one can still arrive along the flow: those elsewhere,
        and those that have set out and only wait for their turn to arrive here.
        """
        upstream = self.upstream(flow)
        return [
            other
            for other in token.parent.children
            if other is not token
            and (
                other.internal_data.get("via") == flow
                if other.task_spec is self
                else other.task_spec.node.id in upstream
            )
        ]

    def starved(self, token: Task) -> bool:
        """Whether a flow is missing along which nothing can come any more."""
        return self.needs_all and any(
            not self.may_come(token, flow) for flow in self.missing(token)
        )


class Parallel(Join):
    """All flows in, all flows out."""


class Inclusive(Join):
    """Waits only for flows along which a token can still come; takes every way that holds."""

    needs_all = False

    def choose(self, token: Task) -> Sequence[Route]:
        context, around = token.workflow.variables.context(token), token.workflow.around
        taken = [r for r in self.routes if not r.default and holds(r, context, around)]
        default = [r for r in self.routes if r.default]
        return taken or default or (() if not self.routes else self.no_way())

    def may_fire(self, token: Task) -> bool:
        """The rule of the standard: a token that can also reach a flow where one has arrived does
        not hold the gateway up.
        """
        arrived = token.internal_data["arrived"]
        return not any(
            not any(other.task_spec.node.id in self.upstream(flow) for flow in arrived)
            for missing in self.missing(token)
            for other in self.may_come(token, missing)
        )


class EventBased(Place):
    """Waits for several events; the first one decides."""

    waits_for = "other"

    def arrive(self, token: Task) -> bool:
        begin(token)
        for route in self.routes:
            child = token.workflow.send(route.target, token)
            child.internal_data["flow"] = route.flow
        return False
