"""What probably comes: the diagram walked forward as if every step had its usual outcome.

A picture for people, not the engine's business: whatever cannot be worked out ends the walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from api.pages.diagram import Diagram, Element, Flow
from engine.feel import FeelError, condition

#: gateways of which every fitting flow is taken, not only the first
BROAD = frozenset({"inclusiveGateway", "parallelGateway"})
MOST = 200


def forecast(
    diagram: Diagram,
    live: Sequence[str],
    variables: Mapping[str, Any],
    now: datetime,
    outcome: str | None = None,
) -> list[Element]:
    """Steps behind the live ones, in the order in which they are met; each once.

    `outcome` is what comes of the live ones; without it each has its usual outcome.
    """
    walk = _Walk(diagram, dict(variables), now)
    return [step for step in walk.from_elements(live, outcome) if step.id not in live]


class _Walk:
    def __init__(self, diagram: Diagram, variables: dict[str, Any], now: datetime) -> None:
        self.diagram, self.variables, self.now = diagram, variables, now
        self.seen: set[str] = set()

    def from_elements(self, ids: Sequence[str], given: str | None) -> Iterator[Element]:
        waiting = [(id, self.variables.get("outcome")) for id in ids]
        while waiting and len(self.seen) < MOST:
            id, outcome = waiting.pop(0)
            element = self.diagram.elements.get(id)
            if element is None or id in self.seen:
                continue
            self.seen.add(id)
            if element.decides:  # a table answers at once, and nobody sees it
                self._decide(*element.decides)
            elif element.is_step:
                yield element
                usual = next(iter(element.outcomes), outcome)
                outcome = (given or usual) if id in ids else usual
                self._answer(element, outcome)
            waiting += [(flow.target, outcome) for flow in self._taken(element, outcome)]

    def _decide(self, ref: str, variable: str) -> None:
        self.variables[variable] = None
        if self.diagram.model is not None:
            with suppress(FeelError):
                answer = self.diagram.model.evaluate(ref, self.variables, now=self.now)
                self.variables[variable] = answer

    def _answer(self, element: Element, outcome: str | None) -> None:
        """What the diagram's conditions will read of it; of several, all say the same."""
        if element.answer and outcome:
            self.variables[element.answer] = outcome
            if element.answers:
                self.variables[element.answers] = [outcome]

    def _taken(self, element: Element, outcome: str | None) -> list[Flow]:
        flows = self.diagram.flows.get(element.id, ())
        asked = [flow for flow in flows if flow.id != element.default]
        fitting = [flow for flow in asked if self._fits(flow, outcome)]
        if not fitting:
            return [flow for flow in flows if flow.id == element.default]
        broad = element.kind in BROAD or "Gateway" not in element.kind
        return fitting if broad else fitting[:1]

    def _fits(self, flow: Flow, outcome: str | None) -> bool:
        if flow.condition is None:
            return True
        known = {**self.variables, "outcome": outcome}
        try:
            return condition(flow.condition, known, now=self.now)
        except FeelError:
            return False
