"""/incidents: what is stuck and why, and trying it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import fields, validate

from api.rest import answers
from api.rest.fields import Nothing, Paging, Text
from api.rest.frame import Resource, execute, read
from engine.commands.incidents import RetryIncident
from engine.queries import incidents as queries
from engine.queries.incidents import IncidentRow

resource = Resource(
    "incidents", __name__, url_prefix="/api/v1/incidents", description="Stuck, with its cause."
)

STATES = ("open", "resolved", "all")


class IncidentFilter(Paging):
    state = fields.String(load_default="open", validate=validate.OneOf(STATES))
    instance_id = fields.UUID(load_default=None)
    process = Text(load_default=None)


@resource.get("", query=IncidentFilter, gives=answers.IncidentPage)
def listing(query: dict[str, Any]) -> Any:
    """List incidents, newest first: all for whoever sees every case, else those of the processes
    that you administer; of one instance, for whoever sees it.
    """
    state = query.pop("state")
    return read(queries.listing, g.actor, state=None if state == "all" else state, **query)


@resource.get("/<uuid:incident_id>", gives=IncidentRow)
def one(incident_id: UUID) -> Any:
    """Read one incident."""
    return read(queries.one, g.actor, incident_id)


@resource.post(
    "/<uuid:incident_id>/retry", takes=Nothing, gives=answers.RetriedIncident, scope="operate"
)
def retry(_body: dict[str, Any], incident_id: UUID) -> Any:
    """Try again what was stuck (right: operate, or a grant to administer its process)."""
    return execute(RetryIncident(incident_id))
