"""/model-drafts: diagrams that are being drawn, from the first line until they are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, fields, validate

from api import bundling, checklist
from api.checklist import Need
from api.downloads import name_download
from api.pages.difference_words import Version
from api.rest.answers import DeploymentWarning
from api.rest.fields import Paging, Text
from api.rest.frame import Resource, Tagged, execute, read, revision_read, system
from api.rest.uploads import posted_set
from api.rest.version_changes import DraftChanges, deployed, drafted, of_draft
from api.rest.window import window
from api.told import Finding
from engine.bus import Answer
from engine.queries.page import Window
from engine.runtime import read_files, variable_names
from engine.untrusted_xml import MAX_BYTES
from office.modeling import cases, checking, queries, rules, trying, verdicts
from office.modeling.commands import (
    RIGHT,
    AddModelFiles,
    CopyModel,
    CreateModel,
    DiscardModel,
    ImportModel,
    OpenModel,
    PublishModel,
    SaveModel,
)
from office.modeling.queries import DraftRow
from office.people import queries as people
from office.people.queries import OrgEvent
from office.people.rights import demand

resource = Resource(
    "model-drafts", __name__, url_prefix="/api/v1/model-drafts",
    description="Diagrams that are being drawn.",
)  # fmt: skip

#: A diagram as large as it may be, each of its Thai letters written as \uXXXX.
LARGEST = 3 * MAX_BYTES
#: All files of a draft, and what frames them in a multipart body.
UPLOAD = rules.LARGEST + (1 << 20)


@dataclass(frozen=True, slots=True)
class ModelDraftRow:
    """`base_version`: of the deployed process that it stands on; `changed`: whether it differs."""

    id: str
    key: str
    name: str
    file_name: str
    revision: int
    base_definition_id: str | None
    base_version: int | None
    changed: bool
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class ModelDraft(ModelDraftRow):
    """`files`: the names of what is deployed beside the diagram."""

    xml: str
    files: Sequence[str]


@dataclass(frozen=True, slots=True)
class ModelDraftPage:
    items: Sequence[ModelDraftRow]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class ModelHistoryPage:
    """`data` of an item is what was said."""

    items: Sequence[OrgEvent]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class BegunModelDraft:
    id: str
    key: str
    name: str
    revision: int


@dataclass(frozen=True, slots=True)
class DiscardedModelDraft:
    id: str


@dataclass(frozen=True, slots=True)
class PublishedModel:
    """The new version of the process; `id` is its definition's. `warnings`: what runs, but perhaps
    not as its designer thinks.
    """

    id: str
    key: str
    version: int
    name: str
    warnings: Sequence[DeploymentWarning]


@dataclass(frozen=True, slots=True)
class MovedComment:
    """A comment of the file whose element is gone: `was` its id, `now` of the one it stands in."""

    text: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class SavedModelDraft:
    id: str
    key: str
    name: str
    revision: int
    updated_at: datetime
    updated_by: str
    moved: Sequence[MovedComment]


@dataclass(frozen=True, slots=True)
class SavedModelFile:
    id: str
    revision: int
    updated_at: datetime
    updated_by: str
    moved: Sequence[MovedComment]


@dataclass(frozen=True, slots=True)
class Findings:
    """`variables`: names that the processes can have, as far as diagrams and forms tell."""

    items: Sequence[Finding]
    variables: Sequence[str]


@dataclass(frozen=True, slots=True)
class ElementNeeds:
    """What one element needs, by its id; null is about none of them. `kind`: its BPMN name, null
    where the diagram has no such element.
    """

    element: str | None
    kind: str | None
    name: str
    findings: Sequence[Finding]

    @classmethod
    def of(cls, need: Need, draft_id: object) -> ElementNeeds:
        drawn = need.element
        return cls(
            need.id or None,
            drawn.kind if drawn else None,
            drawn.name if drawn else "",
            [Finding.of(one, g.actor, draft_id) for one in need.problems],
        )


@dataclass(frozen=True, slots=True)
class Checklist:
    """Only elements that need something, of `elements` that happen or decide. `errors` keep it from
    being published.
    """

    items: Sequence[ElementNeeds]
    elements: int
    errors: int


@dataclass(frozen=True, slots=True)
class TriedFormula:
    """`value` as FEEL text; null where there is none, and then `error` or `notices` say why."""

    value: str | None
    error: str
    notices: Sequence[str]


class NewModelDraft(Schema):
    """A diagram of three elements; no key: one is made."""

    name = Text(rules.LONGEST_NAME, required=True)
    key = Text(60, shortest=0, load_default="")


class DeployedModel(Schema):
    """A process that was deployed, to be drawn on."""

    definition_id = fields.UUID(required=True)


class ModelPublication(Schema):
    """`note` says why. `after`: the newest version that was seen, 0 for none; null or left out:
    the one that the draft stands on.
    """

    note = Text(rules.LONGEST_NOTE, required=True)
    after = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1)
    )


class AgainstPublished(Schema):
    """A published version of the process, by its id; where it is not said, the one that the draft
    stands on.
    """

    against = fields.UUID(load_default=None)


class Drawn(Schema):
    """A diagram's text, as the editor writes it. `drawn`: by a canvas, which knows no comments: it
    gets those of the text before, each at its element.
    """

    xml = fields.String(required=True, validate=validate.Length(min=1, max=MAX_BYTES))
    drawn = fields.Boolean(load_default=False)


class Beside(Schema):
    """A form or a decision model beside the diagram, as its editor writes it. `drawn`: by an
    editor that knows no comments: a decision model gets those of the file before.
    """

    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    content = fields.String(required=True, validate=validate.Length(max=MAX_BYTES))
    drawn = fields.Boolean(load_default=False)


class Formula(Schema):
    """A FEEL expression, and the values that it is tried with."""

    expression = fields.String(required=True, validate=validate.Length(min=1, max=4_000))
    values = fields.String(load_default="", validate=validate.Length(max=20_000))


def _row(row: DraftRow) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ModelDraftRow.__dataclass_fields__}
    base = row.base_definition_id
    return {**told, "id": str(row.id), "base_definition_id": base and str(base)}


@resource.get("", query=Paging, gives=ModelDraftPage)
def listing(query: dict[str, Any]) -> Any:
    """List the drafts of your agency, the one changed last first."""
    demand(g.actor, RIGHT)
    rows = read(queries.drafts, g.actor.agency_id)
    return window([ModelDraftRow(**_row(row)) for row in rows], query)


@resource.post("", takes=NewModelDraft, gives=BegunModelDraft, status=201, scope="deploy")
def create(body: dict[str, Any]) -> Any:
    """Begin a diagram. From a template: /model-templates/{code}/begin (right: deploy)."""
    return begun(execute(CreateModel(**body)))


@resource.post(
    "/import", gives=BegunModelDraft, status=201, scope="deploy",
    max_body=UPLOAD, body_media="multipart/form-data", files="files",
)  # fmt: skip
def bring_in() -> Any:
    """Begin with a .bpmn file, whoever drew it, and what belongs to it: .dmn, .form.json and
    .tests.json files, or with one ZIP of them. Only what cannot be read is refused; the checklist
    says what it needs.
    """
    files = posted_set("files", rules.MOST_TOGETHER, rules.LARGEST_TOGETHER)
    return begun(execute(ImportModel(files)))


@resource.post("/open", takes=DeployedModel, gives=BegunModelDraft, scope="deploy")
def open_deployed(body: dict[str, Any]) -> Any:
    """Begin with a deployed version; a draft that stands on it already is answered as it is."""
    return begun(execute(OpenModel(body["definition_id"])))


def begun(made: Answer) -> BegunModelDraft:
    return BegunModelDraft(str(made["id"]), made["key"], made["name"], made["revision"])


@resource.get("/<uuid:model_draft_id>", gives=ModelDraft, tagged=True)
def one(model_draft_id: UUID) -> Any:
    """Read one draft with its diagram."""
    demand(g.actor, RIGHT)
    row = read(queries.draft, g.actor.agency_id, model_draft_id)
    xml = read(queries.xml, g.actor.agency_id, model_draft_id)
    files = list(read(queries.beside, g.actor.agency_id, model_draft_id))
    return Tagged(ModelDraft(**_row(row), xml=xml, files=files), row.revision)


@resource.put(
    "/<uuid:model_draft_id>", takes=Drawn, gives=SavedModelDraft, guarded=True, scope="deploy",
    max_body=LARGEST,
)  # fmt: skip
def save(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Replace the diagram. If-Match carries the ETag of the one that was changed."""
    return execute(SaveModel(model_draft_id, body["xml"], revision_read(), body["drawn"]))


@resource.get("/<uuid:model_draft_id>/xml", gives=None, media="application/xml")
def xml(model_draft_id: UUID) -> Any:
    """The diagram's file, to be taken elsewhere."""
    demand(g.actor, RIGHT)
    row = read(queries.draft, g.actor.agency_id, model_draft_id)
    text = read(queries.xml, g.actor.agency_id, model_draft_id)
    response = Response(text, content_type="application/xml")
    name_download(response, row.file_name)
    return response


@resource.get("/<uuid:model_draft_id>/zip", gives=None, media=bundling.MEDIA_TYPE)
def whole(model_draft_id: UUID) -> Any:
    """The diagram and all that is deployed with it, as one ZIP: to be brought in again by /import
    or /deployments.
    """
    demand(g.actor, RIGHT)
    row = read(queries.draft, g.actor.agency_id, model_draft_id)
    return bundling.sent(read(queries.files, g.actor.agency_id, row), row.key or row.file_name)


@resource.get("/<uuid:model_draft_id>/changes", query=AgainstPublished, gives=DraftChanges)
def changes(query: dict[str, Any], model_draft_id: UUID) -> Any:
    """What the draft says and a published version does not: diagram, decision tables, forms and
    tests, by element or file, in words of both languages.
    """
    demand(g.actor, RIGHT)
    me = g.actor.agency_id
    row = read(queries.draft, me, model_draft_id)
    older = of_draft(row.key, query["against"], row.base_version)
    drawn = read(queries.xml, me, row.id).encode()
    after = Version(drawn, read(queries.beside, me, row.id))
    return drafted(older, row.id, row.revision, deployed(older), after)


@resource.get("/<uuid:model_draft_id>/history", query=Paging, gives=ModelHistoryPage)
def history(query: dict[str, Any], model_draft_id: UUID) -> Any:
    """What was done to the draft, newest first: each sitting at it, its files, its versions."""
    demand(g.actor, RIGHT)
    row = read(queries.draft, g.actor.agency_id, model_draft_id)
    window = Window(query["page"], query["page_size"], query["after"])
    return read(people.history, g.actor.agency_id, window, subject_id=row.id)


@resource.delete("/<uuid:model_draft_id>", gives=DiscardedModelDraft, guarded=True, scope="deploy")
def discard(model_draft_id: UUID) -> Any:
    """Throw the draft away; what was published stays. If-Match carries the ETag."""
    return execute(DiscardModel(model_draft_id, revision_read()))


@resource.get("/<uuid:model_draft_id>/checklist", gives=Checklist)
def needs(model_draft_id: UUID) -> Any:
    """What is needed to make the draft run, element by element; errors before warnings."""
    demand(g.actor, RIGHT)
    me = g.actor.agency_id
    row = read(queries.draft, me, model_draft_id)
    found = read(checklist.of_draft, me, system().services, row, g.now)
    needs = [ElementNeeds.of(one, row.id) for one in found.needs]
    return Checklist(needs, found.elements, found.errors)


@resource.post(
    "/<uuid:model_draft_id>/publish", takes=ModelPublication, gives=PublishedModel, guarded=True,
    scope="deploy",
)  # fmt: skip
def publish(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Make a new version of the process. If-Match carries the ETag of the draft that was read; 422
    lists every error and every test that fails, 409 (newer_version) that another version came.
    """
    return execute(PublishModel(model_draft_id, revision_read(), body["note"], body["after"]))


@resource.put(
    "/<uuid:model_draft_id>/file", takes=Beside, gives=SavedModelFile, guarded=True,
    scope="deploy", max_body=LARGEST,
)  # fmt: skip
def save_file(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Replace a form or a decision model beside the diagram, or add one. If-Match carries the
    draft's ETag.
    """
    files = {body["name"]: body["content"].encode()}
    return execute(AddModelFiles(model_draft_id, files, revision_read(), body["drawn"]))


@resource.post(
    "/<uuid:model_draft_id>/copy", takes=Drawn, gives=SavedModelDraft, status=201, scope="deploy",
    max_body=LARGEST,
)  # fmt: skip
def copy(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Keep a diagram as a draft of its own: for whoever comes second and wants to lose nothing."""
    return execute(CopyModel(model_draft_id, body["xml"], body["drawn"]))


@resource.post(
    "/<uuid:model_draft_id>/lint", takes=Drawn, gives=Findings, scope="read", asks=True,
    max_body=LARGEST,
)  # fmt: skip
def lint(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """What a deployment of the draft with this diagram would say. Nothing is kept."""
    demand(g.actor, RIGHT)
    agency_id = g.actor.agency_id
    row = read(queries.draft, agency_id, model_draft_id)
    drawn = read_files(read(queries.files, agency_id, row, body["xml"]))
    services = system().services
    found = read(checking.findings, agency_id, services, drawn, g.now)
    names = variable_names(drawn, actions=services.actions, forms=services.forms)
    return Findings([Finding.of(one, g.actor, row.id) for one in found], names)


@resource.post(
    "/<uuid:model_draft_id>/try", takes=Formula, gives=TriedFormula, scope="read", asks=True
)
def try_formula(body: dict[str, Any], model_draft_id: UUID) -> Any:
    """Work out a FEEL expression with values of one's own: "name = FEEL", one a line."""
    demand(g.actor, RIGHT)
    read(queries.draft, g.actor.agency_id, model_draft_id)
    texts = cases.values_in(body["values"])
    try:
        given = trying.values(texts, dict.fromkeys(texts, ""), g.now)
    except trying.Wrong as wrong:
        return TriedFormula(None, f"{wrong.name}: {wrong.message}", [])
    found = trying.work_out(body["expression"], given, now=g.now)
    value = None if found.value is None else verdicts.said(found.value)
    return TriedFormula(value, found.error, found.notices)
