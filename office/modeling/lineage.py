"""When each token of a play begins at the latest, and who surely did what led to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.runtime import FlowFact
from engine.runtime.values import Step

_JOINS = ("parallelGateway", "inclusiveGateway")
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Come:
    """`at`: if each step before took all of its time; `before`: who surely did the step before,
    empty where nobody knows.
    """

    at: datetime
    before: str


@dataclass(slots=True)
class Lineage:
    """Of the tokens of one play. `flows`: by the process and the id; `kind`: of an element."""

    flows: Mapping[tuple[str, str], FlowFact]
    kind: Callable[[str, str], str]
    tokens: dict[str, Come] = field(default_factory=dict)
    #: of ways that have come to a place: the latest, and how many since it let any on
    _latest: dict[_Place, datetime] = field(default_factory=dict)
    _came: Counter[_Place] = field(default_factory=Counter)

    def onward(
        self, come: Come, steps: Sequence[Step], process: Callable[[str], str]
    ) -> Callable[[str, str], Come]:
        """What comes of `come` along these steps, asked by scope and element."""
        found: dict[_Place, Come] = {}
        on = come
        for step in steps:
            scope, element = step.scope, step.element_id
            if step.kind != "flow":
                on = found.setdefault((scope, element), on)
                continue
            flow = self.flows.get((process(scope), element))
            if flow is not None:
                on = self._left((scope, flow.source), found.get((scope, flow.source), on))
                found[(scope, flow.source)] = on
                found[(scope, flow.target)] = on
                self._reached((scope, flow.target), on)
        return lambda scope, element: found.get((scope, element), on)

    def _left(self, source: _Place, come: Come) -> Come:
        """Ways that have come together go on with the latest; of several nobody knows which it is
        that is done last.
        """
        if self.kind(*source) not in _JOINS:
            return come
        before = "" if self._came.pop(source, 0) > 1 else come.before
        return Come(max(come.at, self._latest.pop(source, come.at)), before)

    def _reached(self, target: _Place, come: Come) -> None:
        if self.kind(*target) in _JOINS:
            self._came[target] += 1
            self._latest[target] = max(come.at, self._latest.get(target, come.at))
