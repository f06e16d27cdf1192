"""What a person's task says when it opens: who, until when, how urgent, with which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.runtime.diagram import Node
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula
from engine.runtime.timers import BadTime, as_due
from engine.runtime.values import AssignmentRule, OpenedTask, Surroundings
from engine.runtime.variables import LOCAL


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`variable` is the name of the variable that holds the people (kind "field")."""

    kind: str
    value: Formula | str | None = None
    variable: str | None = None
    level: int = 1

    def resolve(self, context: Mapping[str, Any], around: Surroundings) -> AssignmentRule:
        if self.variable is not None:
            return AssignmentRule(self.kind, _people(_field(context, self.variable), self.variable))
        if isinstance(self.value, Formula):
            value = self.value.value(context, around)
            return AssignmentRule(self.kind, _people(value, self.value.text), self.level)
        return AssignmentRule(self.kind, self.value, self.level)


def _field(context: Mapping[str, Any], variable: str) -> Any:
    if variable not in context:
        raise Stuck(
            "unknown_variable",
            f"Expected the variable “{variable}” to name who gets the task, but it is not set.",
        )
    return context[variable]


def _people(value: Any, source: str) -> Any:
    """Codes or principals as text: one, or a list without gaps."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, Sequence) and all(isinstance(one, str) and one for one in value):
        return list(value)
    raise Stuck(
        "assignment",
        f"Expected “{source}” to give a name or a list of names, but it gave "
        f"{'null' if value is None else type(value).__name__}.",
    )


@dataclass(frozen=True, slots=True)
class TaskForms:
    """The settings of one user task, ready to evaluate."""

    node: Node
    assignments: Sequence[CompiledRule] = ()
    exclusions: Sequence[CompiledRule] = ()
    form: Formula | str | None = None
    due: Formula | str | None = None
    priority: Formula | str | None = None

    def open(self, instance: Any, token: Any) -> OpenedTask:
        context, around = instance.variables.context(token), instance.around
        node, settings = self.node, self.node.settings
        return OpenedTask(
            token=token.id.hex,
            scope=instance.variables.scope_of(token),
            element_id=node.id,
            name=node.name or node.id,
            assignments=tuple(rule.resolve(context, around) for rule in self.assignments),
            excluded=tuple(rule.resolve(context, around) for rule in self.exclusions),
            form=_text(_value(self.form, context, around), "form"),
            outcomes=settings.outcomes,
            returns=tuple(target.text for target in settings.returns),
            due=self._due(context, around),
            due_working=settings.due_working,
            priority=_priority(_value(self.priority, context, around)),
            act=settings.act,
            skip_same_person=settings.skip_same_person,
            remind_at=settings.reminders,
            escalate=settings.escalation,
            lane=node.lane,
            local=dict(token.internal_data.get(LOCAL, {})),
            documentation=node.documentation,
        )

    def _due(self, context: Mapping[str, Any], around: Surroundings) -> timedelta | datetime | None:
        value = _value(self.due, context, around)
        if value is None:
            return None
        try:
            return as_due(value, around.zone)
        except (BadTime, OverflowError, ValueError) as error:
            raise Stuck("due", str(error)) from None


def _value(source: Formula | str | None, context: Mapping[str, Any], around: Surroundings) -> Any:
    return source.value(context, around) if isinstance(source, Formula) else source


def _text(value: Any, what: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise Stuck(what, f"Expected the {what} to be text, but it is {type(value).__name__}.")


def _priority(value: Any) -> int:
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if number is None:
        return 1
    if (
        isinstance(number, bool)
        or not isinstance(number, int | Decimal)
        or number not in (1, 2, 3, 4)
    ):
        raise Stuck("priority", f"Expected a priority from 1 to 4, but got {value!r}.")
    return int(number)
