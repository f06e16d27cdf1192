"""Multi-instance, in parallel or in sequence: over a list that may change while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.errors import Conflict
from engine.runtime import limits
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.places.loops import Loop
from engine.runtime.tokens import Task, begin, make_ready
from engine.runtime.variables import CLOSED, LOCAL


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

    def add(self, loop: Task, item: Any) -> None:
        """At the end of the list, while it is gone through. May refuse."""
        if loop.internal_data["n"] >= limits.ITERATIONS:
            raise Conflict(
                f"Expected a list of at most {limits.ITERATIONS}, but it would have more.",
                code="list_too_long",
            )
        loop.internal_data["n"] += 1
        if self.is_sequential:
            loop.internal_data["items"] = [*loop.internal_data["items"], item]
        else:
            self._begin(loop, self._last_counter(loop), item)
        self._rewrite(loop, lambda items: [*items, item])

    def withdraw(self, loop: Task, item: Any) -> None:
        """Out of the list; its work ends if it was begun. Its results are not there. May refuse."""
        iteration = self._iteration(loop, item)
        later = loop.internal_data.get("items", [])
        if iteration is None and item not in later:
            raise Conflict(
                "Expected an item that is gone through, but it is not in the list or is done.",
                code="not_in_list",
            )
        if loop.internal_data["n"] == 1:
            raise Conflict(
                "Expected an item to remain, but this is the last one: add another first, or end"
                " the case.",
                code="last_in_list",
            )
        loop.internal_data["n"] -= 1
        if iteration is None:
            loop.internal_data["items"] = _without(later, item)
        else:
            loop.workflow.cancel(iteration, "withdrawn")
            self._after_withdrawal(loop)
        self._rewrite(loop, lambda items: _without(items, item))

    def _last_counter(self, loop: Task) -> int:
        begun = (c.internal_data[LOCAL]["loopCounter"] for c in self._begun(loop))
        done = (counter for counter, _ in loop.internal_data["results"])
        return int(max(*begun, *done, 0))

    def _begun(self, loop: Task) -> list[Task]:
        return [child for child in loop.children if child.task_spec is self.body]

    def _iteration(self, loop: Task, item: Any) -> Task | None:
        name = self.repetition.item
        begun = self._begun(loop)
        return next((one for one in begun if one.internal_data[LOCAL].get(name) == item), None)

    def _after_withdrawal(self, loop: Task) -> None:
        if loop.internal_data["done"] == loop.internal_data["n"]:
            make_ready(loop)
        elif self.is_sequential:
            self._next(loop)

    def _rewrite(self, loop: Task, change: Callable[[list[Any]], list[Any]]) -> None:
        """A list that is a variable itself stays true for the rounds to come."""
        variables, name = loop.workflow.variables, self.source.text
        items = variables.context(loop, counters=False).get(name)
        if isinstance(items, list | tuple):
            variables.assign(loop, {name: change(list(items))}, self.node.id)

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
            for other in self._begun(loop):
                instance.cancel(other, "completion_condition")
            make_ready(loop)
        elif self.is_sequential:
            self._next(loop)

    def _next(self, loop: Task) -> None:
        items = loop.internal_data["items"]
        loop.internal_data["items"] = items[1:]
        self._begin(loop, loop.internal_data["done"], items[0])


def list_around(token: Task) -> Task:
    """The token of the innermost activity around this one that goes through a list."""
    frame = token
    while frame is not None:
        place = frame.task_spec
        if isinstance(place, MultiInstance) and place.repetition.item:
            return frame
        frame = frame.parent
    raise Conflict(
        "Expected a task of somebody in a list that is gone through, but it is in none.",
        code="no_list",
    )


def _without(items: Sequence[Any], item: Any) -> list[Any]:
    """Without its first occurrence, if there is one."""
    at = next((n for n, one in enumerate(items) if one == item), len(items))
    return [*items[:at], *items[at + 1 :]]


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
