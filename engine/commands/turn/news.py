"""Values of engine.events made from held rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.commands.turn.held import Held
from engine.events import TaskRef
from engine.models.task_row import TaskRow, shaped
from engine.ports import Candidate


def task_ref(held: Held, row: Mapping[str, Any]) -> TaskRef:
    return TaskRef(
        agency_id=held.agency_id,
        task_id=row["id"],
        instance_id=row["instance_id"],
        definition_key=held.process_of(row["instance_id"]).definition.key,
        business_key=held.business_key,
        element_id=row["element_id"],
        name=row["name"],
        title=held.title,
        priority=row["priority"],
        due_at=row["due_at"],
        act=row["act"],
    )


def candidates_of(row: Mapping[str, Any]) -> Sequence[Candidate]:
    return tuple(Candidate(**candidate) for candidate in row["candidates"])


def task_shape(held: Held, row: Mapping[str, Any]) -> TaskRow:
    """The task as answers show it."""
    process = held.process_of(row["instance_id"])
    return shaped(
        row,
        definition_key=process.definition.key,
        title=held.title,
        business_key=held.business_key,
    )
