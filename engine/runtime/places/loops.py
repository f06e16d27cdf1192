"""Activities that run several times: multi-instance in parallel or in sequence, standard loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.runtime import limits
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import Activity
from engine.runtime.tokens import Task, begin, make_ready
from engine.runtime.variables import CLOSED, LOCAL


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


class MultiInstance(Loop):
    """One iteration for each item of a list, or as many as the cardinality says.

    Each round replaces the output list: it is empty when the round begins and holds, in the
    order of the items, what the iterations done so far have given.
    """

    def __init__(self, spec: Any, name: str, node: Any, source: Formula, **named: Any) -> None:
        super().__init__(spec, name, node, **named)
        self.source = source

    @property
    def is_sequential(self) -> bool:
        return bool(self.repetition.kind == "sequential")

    def arrive(self, token: Task) -> bool:
        items = self._items(token)
        token.internal_data.update(n=len(items), done=0, results=[])
        self._publish(token)
        if not items:
            return True
        begin(token)
        self.guard(token)
        begun = items[:1] if self.is_sequential else items
        if self.is_sequential:
            token.internal_data["items"] = items[1:]
        for index, item in enumerate(begun):
            self._begin(token, index, item)
        return False

    def _items(self, token: Task) -> list[Any]:
        instance = token.workflow
        value = self.source.value(instance.variables.context(token), instance.around)
        if self.repetition.cardinality is not None:
            return list(range(1, _count(value) + 1))
        if not isinstance(value, list | tuple):
            raise Stuck(
                "loop_not_a_list",
                f"Expected a list to go through, but {self.source.text} is "
                f"{'null' if value is None else type(value).__name__}.",
            )
        _check_size(len(value))
        return list(value)

    def _begin(self, token: Task, index: int, item: Any) -> None:
        local = {self.repetition.item: item} if self.repetition.item else {}
        self.iterate(token, index + 1, local)
        if self.repetition.output_item:
            # Whatever an iteration sets stays with it; only its output item is collected.
            token.children[-1].internal_data[CLOSED] = 1

    def counters(self, token: Task) -> dict[str, Any]:
        total, done = token.internal_data["n"], token.internal_data["done"]
        active = min(1, total - done) if self.is_sequential else total - done
        return {
            "numberOfInstances": total,
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": active,
        }

    def judge(self, iteration: Task) -> None:
        loop, instance = iteration.parent, iteration.workflow
        local = iteration.internal_data[LOCAL]
        result = [local["loopCounter"], local.get(self.repetition.output_item)]
        loop.internal_data["done"] += 1  # the condition counts this one as completed
        loop.internal_data["results"].append(result)
        try:
            self._publish(loop)
            last = loop.internal_data["done"] == loop.internal_data["n"] or (
                self.condition is not None
                and self.condition.truth(instance.variables.context(iteration), instance.around)
            )
        except Stuck:
            loop.internal_data["done"] -= 1
            loop.internal_data["results"].remove(result)
            self._publish(loop)
            raise
        iteration.internal_data["last"] = last

    def _publish(self, loop: Task) -> None:
        """The list so far, in the order of the items."""
        if self.repetition.output and (self.repetition.output_item or not loop.internal_data["n"]):
            results = sorted(loop.internal_data["results"], key=lambda result: int(result[0]))
            values = [value for _, value in results]
            loop.workflow.variables.assign(loop, {self.repetition.output: values}, self.node.id)

    def iterated(self, iteration: Task) -> None:
        loop, instance = iteration.parent, iteration.workflow
        last = iteration.internal_data["last"]
        instance.remove(iteration)
        if last:
            for other in loop.children:
                if other.task_spec is self.body:
                    instance.cancel(other, "completion_condition")
            make_ready(loop)
        elif self.is_sequential:
            items = loop.internal_data["items"]
            loop.internal_data["items"] = items[1:]
            self._begin(loop, loop.internal_data["done"], items[0])


def _count(value: Any) -> int:
    if isinstance(value, bool) or value is None or isinstance(value, str | Sequence | Mapping):
        raise Stuck("loop_not_a_number", "Expected a number of times, but got something else.")
    if value != int(value) or value < 0:
        raise Stuck("loop_not_a_number", f"Expected a whole number of times, but got {value}.")
    _check_size(value)
    return int(value)


def _check_size(size: Any) -> None:
    if size > limits.ITERATIONS:
        raise Stuck(
            "limit_iterations",
            f"Expected at most {limits.ITERATIONS} iterations, but there would be {size}.",
        )
