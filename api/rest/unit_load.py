"""/unit-load: the tasks of the units that one heads, by person, and handing them on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from api.rest import answers
from api.rest.fields import LONGEST_TEXT, Paging, Text
from api.rest.frame import Resource, execute, read
from office.workload import queries
from office.workload.commands import ReassignInUnit
from office.workload.queries import UnitLoad

resource = Resource(
    "unit-load", __name__, url_prefix="/api/v1/unit-load",
    description="What the people of one's unit have to do; for its head.",
)  # fmt: skip


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


@resource.post("/tasks/<uuid:task_id>/reassign", takes=HandingOn, gives=answers.ChangedTask)
def reassign(body: dict[str, Any], task_id: UUID) -> Any:
    """Give one of these tasks to another person of the unit."""
    return execute(ReassignInUnit(task_id, **body))
