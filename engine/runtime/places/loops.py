"""Activities that run several times: what all loops share, and the standard loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.formulas import Formula
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import Activity
from engine.runtime.tokens import Task, begin, make_ready
from engine.runtime.variables import LOCAL


class Loop(Activity):
    """The loop's own token stands at the element; its iterations run as the token's children."""

    def __init__(self, spec: Any, name: str, node: Any, condition: Formula | None) -> None:
        super().__init__(spec, name, node)
        self.condition = condition
        self.body: Place | None = None

    @property
    def repetition(self) -> Any:
        return self.node.repetition

    def iterate(self, token: Task, counter: int, local: Mapping[str, Any]) -> None:
        assert self.body is not None
        iteration = token.workflow.spawn(self.body, token)
        iteration.internal_data[LOCAL] = {**local, "loopCounter": counter}
        token.workflow.schedule("arrive", iteration)

    def counters(self, token: Task) -> dict[str, Any]:  # noqa: ARG002 - others count by it
        return {}

    def judge(self, iteration: Task) -> None:
        """Before an iteration counts as done: does the loop end with it? May fail."""
        raise NotImplementedError

    def iterated(self, iteration: Task) -> None:
        """An iteration is done: the next one, or on along the flows."""
        raise NotImplementedError


class StandardLoop(Loop):
    """Goes on while its condition is true, at most `loopMaximum` times."""

    def arrive(self, token: Task) -> bool:
        token.internal_data["done"] = 0
        if self.repetition.maximum == 0:
            return True
        if self.repetition.before and not self._goes_on(token, token):
            return True
        begin(token)
        self.guard(token)
        self.iterate(token, 1, {})
        return False

    def _goes_on(self, loop: Task, seen_by: Task, done: int = 0) -> bool:
        maximum = self.repetition.maximum
        if maximum is not None and done >= maximum:
            return False
        if self.condition is None:
            return True
        instance = loop.workflow
        context = instance.variables.context(seen_by)
        if seen_by is loop:  # before the first iteration
            context = {**context, "loopCounter": 0}
        return self.condition.truth(context, instance.around)

    def judge(self, iteration: Task) -> None:
        loop = iteration.parent
        done = loop.internal_data["done"] + 1
        iteration.internal_data["last"] = not self._goes_on(loop, iteration, done)

    def iterated(self, iteration: Task) -> None:
        loop = iteration.parent
        loop.internal_data["done"] += 1
        last = iteration.internal_data["last"]
        loop.workflow.remove(iteration)
        if last:
            make_ready(loop)
        else:
            self.iterate(loop, loop.internal_data["done"] + 1, {})
