"""/model-drafts/<id>/files: the forms, decision models and tests that belong to a diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.downloads import name_download
from api.rest.fields import Text
from api.rest.frame import Resource, Tagged, execute, read, revision_read
from api.rest.model_drafts import UPLOAD, SavedModelFile
from api.rest.uploads import posted_files
from engine.errors import NotFound
from office.modeling import blank, queries, rules
from office.modeling.commands import RIGHT, AddModelFiles, BeginModelFile, RemoveModelFile
from office.modeling.queries import DraftRow
from office.people.rights import demand

resource = Resource(
    "model-files", __name__, url_prefix="/api/v1/model-drafts/<uuid:model_draft_id>/files",
    description="Forms, decision models and tests beside a diagram.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelFile:
    """`size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class ModelFiles:
    items: Sequence[ModelFile]


@dataclass(frozen=True, slots=True)
class BegunModelFile(SavedModelFile):
    file: str


@dataclass(frozen=True, slots=True)
class RemovedModelFile:
    revision: int


class NewModelFile(Schema):
    """The least that can be drawn on; no key: one is made."""

    kind = fields.String(required=True, validate=validate.OneOf(blank.KINDS))
    name = Text(rules.LONGEST_NAME, required=True)
    key = Text(60, shortest=0, load_default="")


@resource.get("", gives=ModelFiles, tagged=True)
def listing(model_draft_id: UUID) -> Any:
    """List what is deployed with the diagram. The ETag is the draft's."""
    row, files = read(with_files, model_draft_id)
    found = [ModelFile(name, len(content)) for name, content in files.items()]
    return Tagged(ModelFiles(found), row.revision)


def with_files(db: Connection, model_draft_id: UUID) -> tuple[DraftRow, dict[str, bytes]]:
    demand(g.actor, RIGHT)
    row = queries.draft(db, g.actor.agency_id, model_draft_id)
    return row, dict(queries.beside(db, g.actor.agency_id, model_draft_id))


@resource.get("/<path:file>", gives=None, media="application/octet-stream")
def one(model_draft_id: UUID, file: str) -> Any:
    """One file's bytes, always as a download."""
    _row, files = read(with_files, model_draft_id)
    if file not in files:
        raise NotFound("Expected a file of this draft, but it has none so named.")
    response = Response(files[file], content_type="application/octet-stream")
    name_download(response, file)
    return response


@resource.post(
    "", gives=SavedModelFile, guarded=True, scope="deploy",
    max_body=UPLOAD, body_media="multipart/form-data", files="files",
)  # fmt: skip
def add(model_draft_id: UUID) -> Any:
    """Add .bpmn, .dmn, .form.json and .tests.json files; of one name the new one stays. If-Match
    carries the draft's ETag.
    """
    files = posted_files("files", rules.MOST_FILES)
    return execute(AddModelFiles(model_draft_id, files, revision_read()))


@resource.post(
    "/begin", takes=NewModelFile, gives=BegunModelFile, status=201, guarded=True, scope="deploy"
)
def begin(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Begin an empty form or decision model. If-Match carries the draft's ETag."""
    return execute(BeginModelFile(model_draft_id, **body, revision=revision_read()))


@resource.delete("/<path:file>", gives=RemovedModelFile, guarded=True, scope="deploy")
def remove(model_draft_id: UUID, file: str) -> Any:
    """Take a file away. If-Match carries the draft's ETag."""
    return execute(RemoveModelFile(model_draft_id, file, revision_read()))
