"""/unit-load: the tasks of the units that one heads, by person, and handing them on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from flask import g
from marshmallow import Schema, ValidationError, fields, validate

from api.idempotency import command_id
from api.problems import of_rejection
from api.rest import answers
from api.rest.fields import LONGEST_TEXT, Paging, Text
from api.rest.frame import Resource, execute, read, system
from engine.errors import Rejected
from office.workload import queries
from office.workload.commands import ReassignInUnit
from office.workload.queries import UnitLoad

#: tasks of one call, as of one page's form
MOST = 50

resource = Resource(
    "unit-load", __name__, url_prefix="/api/v1/unit-load",
    description="What the people of one's unit have to do; for its head.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandedOnTask:
    """What came of one: `assignee` where it is done, else `code` and `detail` of the refusal."""

    task_id: str
    done: bool
    assignee: str | None
    code: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class HandedOn:
    """One item for each task, in the order in which they were given."""

    items: Sequence[HandedOnTask]
    done: int
    refused: int


def _each_once(tasks: Sequence[UUID]) -> None:
    if len(set(tasks)) < len(tasks):
        raise ValidationError("Expected each task once.")


class UnitTaskFilter(Paging):
    """`who`: a sign-in name, or `-` for what nobody has claimed."""

    who = Text(load_default=None)
    late = fields.Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class HandingOn(Schema):
    """`to`: the sign-in name of somebody of the unit."""

    to = Text(required=True)
    reason = Text(LONGEST_TEXT, required=True)


@resource.get("", gives=UnitLoad)
def load() -> Any:
    """The load of the units that you head, or act for the head of, and of all beneath."""
    return read(queries.load, g.actor, g.now)


@resource.get("/tasks", query=UnitTaskFilter, gives=answers.UnitTaskPage)
def tasks(query: dict[str, Any]) -> Any:
    """List these tasks, due ones first. Those of secret letters that you may not read have no
    title.
    """
    return read(queries.tasks, g.actor, g.now, **query)


class ManyHandedOn(HandingOn):
    """`tasks`: ids, each once."""

    tasks = fields.List(
        fields.UUID(), required=True, validate=[validate.Length(min=1, max=MOST), _each_once]
    )


@resource.post("/tasks/<uuid:task_id>/reassign", takes=HandingOn, gives=answers.ChangedTask)
def reassign(body: dict[str, Any], task_id: UUID) -> Any:
    """Give one of these tasks to another person of the unit."""
    return execute(ReassignInUnit(task_id, **body))


@resource.post("/reassignments", takes=ManyHandedOn, gives=HandedOn)
def reassign_many(body: dict[str, Any]) -> Any:
    """Give up to 50 of these tasks to another person of the unit: each by itself, so that one that
    is refused keeps back none of the others. A repeated Idempotency-Key repeats each answer.
    """
    wanted: list[UUID] = body.pop("tasks")
    key = command_id(g.actor)
    items = [_handed_on(one, key and uuid5(key, str(one)), body) for one in wanted]
    done = sum(one.done for one in items)
    return HandedOn(items, done, len(items) - done)


def _handed_on(task_id: UUID, key: UUID | None, body: dict[str, Any]) -> HandedOnTask:
    try:
        answer = system().bus.execute(ReassignInUnit(task_id, **body), g.actor, key)
    except Rejected as refused:
        if refused.code == "not_head":  # whoever heads nothing is told once
            raise
        said = of_rejection(refused)
        told = [f"{one['field']}: {one['message']}" for one in said.errors]
        codes = [one["code"] for one in said.errors]
        detail = "; ".join(told) or said.detail
        return HandedOnTask(str(task_id), False, None, codes[0] if codes else said.code, detail)
    return HandedOnTask(str(task_id), True, answer["task"]["assignee"], None, None)
