"""/document-templates: letters kept as patterns for new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from api.rest.fields import Text
from api.rest.frame import Resource, execute, read
from office.documents import queries
from office.documents.commands import KeepTemplate, PutTemplateAway
from office.documents.commands.templates import LONGEST_NAME
from office.documents.queries import TemplateRow

resource = Resource(
    "document-templates", __name__, url_prefix="/api/v1/document-templates",
    description="Letters that serve as patterns.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Templates:
    items: Sequence[TemplateRow]


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PutAwayTemplate:
    id: str


class NewTemplate(Schema):
    """`unit`: the code of a unit of yours; null: the whole agency (right: registry)."""

    document_id = fields.UUID(required=True)
    name = Text(LONGEST_NAME, required=True)
    unit = Text(60, required=True, allow_none=True)


@resource.get("", gives=Templates)
def listing() -> Any:
    """The patterns of the agency and of your units, by name."""
    return Templates(read(queries.templates, g.actor))


@resource.post("", takes=NewTemplate, gives=KeptTemplate, status=201)
def keep(body: dict[str, Any]) -> Any:
    """Keep a document's words as a pattern."""
    return execute(KeepTemplate(**body))


@resource.delete("/<uuid:template_id>", gives=PutAwayTemplate)
def put_away(template_id: UUID) -> Any:
    """Offer a pattern no longer. What was begun from it stays."""
    return execute(PutTemplateAway(template_id))
