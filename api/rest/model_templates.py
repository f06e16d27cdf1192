"""/model-templates: what new diagrams are begun from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields

from api import templating
from api.rest.fields import Nothing, Text
from api.rest.frame import Resource, execute, read
from api.rest.model_drafts import BegunModelDraft, begun
from office.modeling.commands import (
    RIGHT,
    BeginFromTemplate,
    RemoveTemplate,
    SaveTemplate,
)
from office.modeling.commands.templates import LONGEST
from office.modeling.templates import Template
from office.people.rights import demand

resource = Resource(
    "model-templates", __name__, url_prefix="/api/v1/model-templates",
    description="What new diagrams are begun from.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelTemplateRow:
    """No `saved_by`: it is shipped with the product."""

    id: str
    name: str
    description: str
    files: Sequence[str]
    saved_by: str
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ModelTemplate(ModelTemplateRow):
    xml: str


@dataclass(frozen=True, slots=True)
class ModelTemplates:
    items: Sequence[ModelTemplateRow]


@dataclass(frozen=True, slots=True)
class ChangedModelTemplate:
    id: str


class NewModelTemplate(Schema):
    """A draft as it is now."""

    model_draft_id = fields.UUID(required=True)
    name = Text(200, required=True)
    description = Text(LONGEST, shortest=0, load_default="")


class TemplateUse(Schema):
    """The new process's name, and its id where it is to have a certain one."""

    name = Text(200, required=True)
    key = Text(60, shortest=0, load_default="")


def _row(one: Template) -> dict[str, Any]:
    shown = {name: getattr(one, name) for name in ("id", "name", "description")}
    return {**shown, "files": sorted(one.files), "saved_by": one.saved_by,
            "saved_at": one.saved_at}  # fmt: skip


@resource.get("", gives=ModelTemplates)
def listing() -> Any:
    """List the templates: your agency's own, and those that are shipped (right: deploy)."""
    demand(g.actor, RIGHT)
    found = read(templating.offered, g.actor.agency_id)
    return ModelTemplates([ModelTemplateRow(**_row(one)) for one in found])


@resource.get("/<code>", gives=ModelTemplate)
def one(code: str) -> Any:
    """Read one template with its diagram (right: deploy)."""
    demand(g.actor, RIGHT)
    found = read(templating.find, g.actor.agency_id, code)
    return ModelTemplate(**_row(found), xml=found.files[found.file_name])


@resource.post("", takes=NewModelTemplate, gives=ChangedModelTemplate, status=201, scope="deploy")
def save(body: dict[str, Any]) -> Any:
    """Save a draft as a template (right: deploy)."""
    command = SaveTemplate(body["model_draft_id"], body["name"], body["description"])
    return ChangedModelTemplate(execute(command)["id"])


@resource.post(
    "/<code>/begin", takes=TemplateUse, gives=BegunModelDraft, status=201, scope="deploy"
)
def begin(body: dict[str, Any], code: str) -> Any:
    """Begin a draft from a template, under ids of its own (right: deploy)."""
    demand(g.actor, RIGHT)
    found = read(templating.find, g.actor.agency_id, code)
    return begun(execute(BeginFromTemplate(found.files, found.file_name, **body)))


@resource.post(
    "/<uuid:template_id>/remove", takes=Nothing, gives=ChangedModelTemplate, scope="deploy"
)
def remove(body: dict[str, Any], template_id: UUID) -> Any:
    """Remove a template of your agency; what was begun from it stays (right: deploy)."""
    del body
    return ChangedModelTemplate(execute(RemoveTemplate(template_id))["id"])
