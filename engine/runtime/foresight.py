"""What a diagram says of work that was begun, beyond what an advance tells: for whoever only tries
it and wants to know who is asked after all, and when time would be up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.runtime.bundle import Bundle
from engine.runtime.diagram import Node
from engine.runtime.errors import Stuck
from engine.runtime.places.multi_instance import MultiInstance
from engine.runtime.places.opening import TaskForms
from engine.runtime.places.place import Place
from engine.runtime.places.tasks import UserTask
from engine.runtime.timers import clockwork
from engine.runtime.values import AssignmentRule, OpenedTask, SetTimer, Surroundings

#: so many that one answer is enough of them only where one is enough of any number
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class Ringing:
    """A timer: when it rings, and whether that is a day or moment whatever came before (`fixed`).
    `host`: the activity at whose border it stands, if at one.
    """

    due: datetime
    fixed: bool
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A person's task that goes through a list: `rules` name the people of each item, in order."""

    rules: Sequence[Sequence[AssignmentRule]]
    sequential: bool
    _loop: MultiInstance
    _known: Mapping[str, Any]
    _around: Surroundings

    def enough(self, answers: int, answer: str) -> bool:
        """Whether so many who answer this end it, though there are others."""
        return _ends(self._loop, self._known, self._around, answers, answer, len(self.rules))


@dataclass(slots=True)
class Foresight:
    bundle: Bundle
    _places: dict[tuple[str, str], Place] = field(init=False)

    def __post_init__(self) -> None:
        named = (
            (name.rpartition("/")[0].rpartition(":")[2], place)
            for name, place in self.bundle.places.items()
            if not name.endswith(("[]", "!"))
        )
        self._places = {(process, place.node.id): place for process, place in named}

    def node(self, process_id: str, element_id: str) -> Node | None:
        place = self._places.get((process_id, element_id))
        return place.node if place is not None else None

    def asks_each(
        self,
        process_id: str,
        element_id: str,
        known: Mapping[str, Any],
        around: Surroundings,
        answer: str,
    ) -> bool:
        """Whether it goes through a list, and not only until the first has answered this."""
        loop = self._places.get((process_id, element_id))
        if not isinstance(loop, MultiInstance) or not loop.repetition.item:
            return False
        return not _ends(loop, known, around, 1, answer, _MANY)

    def nodes(self, process_id: str) -> Sequence[Node]:
        return [place.node for (process, _), place in self._places.items() if process == process_id]

    def uses(self, process_id: str, element_id: str, variable: str) -> bool:
        """Whether what the variable holds says who does the step."""
        node = self.node(process_id, element_id)
        if node is None or node.type != "userTask":
            return False
        phrases = [rule.value for rule in node.settings.assignments]
        phrases += [node.repetition.collection] if node.repetition is not None else []
        return any(
            one is not None and re.search(rf"\b{re.escape(variable)}\b", one.text)
            for one in phrases
        )

    def listed(
        self, process_id: str, task: OpenedTask, known: Mapping[str, Any], around: Surroundings
    ) -> Listed | None:
        """None where each such task is asked by itself. `known`: the variables of its process."""
        loop = self._places.get((process_id, task.element_id))
        if not isinstance(loop, MultiInstance) or not isinstance(loop.body, UserTask):
            return None
        item = loop.repetition.item
        if not item or loop.repetition.collection is None:
            return None
        context = {name: value for name, value in task.local.items() if name != item}
        try:
            context = {**known, **context}
            items = loop.source.value(context, around)
            if not isinstance(items, list | tuple):
                return None
            rules = [_rules(loop.body.forms, {**context, item: one}, around) for one in items]
        except Stuck:
            return None
        return Listed(rules, loop.is_sequential, loop, context, around)

    def ringing(
        self,
        process_id: str,
        timer: SetTimer,
        known: Mapping[str, Any],
        around: Surroundings,
        begun: datetime,
    ) -> Ringing | None:
        """When the timer rings if it was begun at that moment."""
        node = self.node(process_id, timer.element_id)
        if node is None or node.event is None or node.event.timer is None:
            return None
        asked = node.event.timer
        if asked.kind == "timeDate":
            return Ringing(timer.due_at, True, node.attached_to)
        try:
            found = clockwork(asked).start(known, replace(around, now=begun))
        except Stuck:
            return None
        return Ringing(found["due"], False, node.attached_to)


def _ends(
    loop: MultiInstance,
    known: Mapping[str, Any],
    around: Surroundings,
    answers: int,
    answer: str,
    number: int,
) -> bool:
    """Whether so many answers, of so many who are asked, end the list before the others."""
    if loop.condition is None or not 0 < answers < number:
        return False
    given: dict[str, Any] = {
        "numberOfInstances": number,
        "numberOfCompletedInstances": answers,
        "numberOfActiveInstances": 1 if loop.is_sequential else number - answers,
    }
    if loop.repetition.output_item:
        given[loop.repetition.output_item] = answer
    if loop.repetition.output:
        given[loop.repetition.output] = [answer] * answers
    try:
        return loop.condition.truth({**known, **given}, around)
    except Stuck:
        return False  # it asks for something else, so that all are waited for


def _rules(
    forms: TaskForms, context: Mapping[str, Any], around: Surroundings
) -> Sequence[AssignmentRule]:
    return tuple(rule.resolve(context, around) for rule in forms.assignments)
