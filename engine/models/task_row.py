"""A task as lists show it and commands answer it: the shape of interfaces.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.instance import process_instance
from engine.models.task import task


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Ids are text, people are named by their sign-in name; `title` is the case's."""

    id: str
    name: str
    element_id: str
    instance_id: str
    definition_key: str
    title: str
    state: str
    assignee: str | None
    #: [{kind, id, name}]
    candidates: Sequence[Mapping[str, str]]
    priority: int
    created_at: datetime
    due_at: datetime | None
    form: str | None
    #: [{id, name, name_en, reason_required}]
    outcomes: Sequence[Mapping[str, Any]]
    business_key: str | None
    act: str | None
    #: element ids that a return may name
    returns: Sequence[str]
    #: new, returned or acknowledge
    because: str
    because_reason: str | None
    returned_by: str | None
    outcome: str | None
    completed_by: str | None
    ended_at: datetime | None
    on_behalf_of: str | None
    skipped: bool


#: A select of these from `TASK_SOURCE` makes rows for `task_row`.
TASK_COLUMNS = (
    task.c.id, task.c.name, task.c.element_id, task.c.instance_id,
    process_definition.c.key.label("definition_key"), process_instance.c.title,
    task.c.state, task.c.assignee, task.c.candidates, task.c.priority, task.c.created_at,
    task.c.due_at, task.c.form, task.c.outcomes, process_instance.c.business_key, task.c.act,
    task.c.returns, task.c.because, task.c.because_reason, task.c.returned_by, task.c.outcome,
    task.c.completed_by, task.c.ended_at, task.c.on_behalf_of, task.c.skipped,
    process_instance.c.secrecy,
)  # fmt: skip

TASK_SOURCE = sa.join(
    sa.join(task, process_instance, process_instance.c.id == task.c.instance_id),
    process_definition,
    process_definition.c.id == process_instance.c.definition_id,
)

_FIELDS = tuple(TaskRow.__dataclass_fields__)
_JOINED = ("definition_key", "title", "business_key")
_OWN = tuple(name for name in _FIELDS if name not in _JOINED)


def task_row(row: AnyRow) -> TaskRow:
    """The value of a row that was selected by TASK_COLUMNS (more columns do no harm)."""
    found = row._asdict()
    return shaped(found, **{name: found[name] for name in _JOINED})


def shaped(
    row: Mapping[str, Any], *, definition_key: str, title: str, business_key: str | None
) -> TaskRow:
    """The value of a task's own columns, with what its instance adds."""
    values = {name: row[name] for name in _OWN}
    values["id"], values["instance_id"] = str(values["id"]), str(values["instance_id"])
    return TaskRow(**values, definition_key=definition_key, title=title, business_key=business_key)
