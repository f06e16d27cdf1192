"""/process-definitions: what can be started, and the diagrams as they were deployed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import ValidationError, fields, validate, validates_schema

from api.rest import answers
from api.rest.fields import Paging, Text
from api.rest.frame import Resource, Tagged, read
from api.rest.window import window
from engine.queries import definitions as queries

resource = Resource(
    "process-definitions", __name__, url_prefix="/api/v1/process-definitions",
    description="Deployed processes, by key and version.",
)  # fmt: skip


class DefinitionFilter(Paging):
    key = Text(load_default=None)
    version = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("version") is not None and not data.get("key"):
            raise ValidationError("Expected key together with version.", "key")


@resource.get("", query=DefinitionFilter, gives=answers.DefinitionPage)
def listing(query: dict[str, Any]) -> Any:
    """List the newest version of each key, or one version of one key."""
    rows = read(queries.latest, g.actor.agency_id, query["key"], query["version"])
    return window([answers.Definition.of(row) for row in rows], query)


@resource.get("/<uuid:definition_id>", gives=answers.Definition, tagged=True)
def one(definition_id: UUID) -> Any:
    """Read one definition. It never changes."""
    row = read(queries.one, g.actor.agency_id, definition_id)
    return Tagged(answers.Definition.of(row), row.id)


@resource.get("/<uuid:definition_id>/xml", gives=None, media="application/xml")
def xml(definition_id: UUID) -> Any:
    """The diagram's file, byte for byte as deployed."""
    content = read(queries.xml, g.actor.agency_id, definition_id)
    response = Response(content, content_type="application/xml")
    response.headers["Content-Disposition"] = "attachment"
    return response
