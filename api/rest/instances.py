"""/process-instances: starting a process, following it, stopping it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g
from marshmallow import Schema, fields, validate

from api.downloads import name_download
from api.evidence import sending
from api.rest import answers
from api.rest.fields import LONGEST_TEXT, Nothing, Paging, Text, variables
from api.rest.frame import Resource, Tagged, execute, read, system
from engine.commands.instances import CancelInstance, StartInstance
from engine.commands.migration import MigrateInstance, UndoMigration
from engine.models.instance import ACTIVE, CANCELLED, COMPLETED, INCIDENT
from engine.queries import instances as queries
from engine.queries.instances import InstanceView
from office.files import cases, storage

resource = Resource(
    "process-instances", __name__, url_prefix="/api/v1/process-instances",
    description="Processes under way.",
)  # fmt: skip

STATUSES = (ACTIVE, COMPLETED, CANCELLED, INCIDENT)
#: events in one answer of the history
MOST_EVENTS = 1_000
#: of one process
MOST_ELEMENTS = 1_000


class Start(Schema):
    definition_key = Text(required=True)
    version = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(min=1, max=2**31 - 1),
    )
    business_key = Text(load_default=None, allow_none=True)
    variables = variables()


class InstanceFilter(Paging):
    definition_key = Text(load_default=None)
    status = fields.String(load_default=None, validate=validate.OneOf(STATUSES))
    business_key = Text(load_default=None)
    started_by = Text(load_default=None)
    q = Text(200, shortest=0, load_default=None)


class Cancellation(Schema):
    reason = Text(LONGEST_TEXT, required=True)


class Migration(Schema):
    """`mapping` leads from element ids of the version that runs to other ids in the target."""

    target_definition_id = fields.UUID(required=True)
    dry_run = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    mapping = fields.Dict(
        keys=Text(), values=Text(), load_default=dict, validate=validate.Length(max=MOST_ELEMENTS)
    )


class HistoryWindow(Schema):
    """`after` is the `next` of the answer before."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    page_size = fields.Integer(
        load_default=MOST_EVENTS, validate=validate.Range(min=1, max=MOST_EVENTS)
    )


@resource.post("", takes=Start, gives=answers.StartedInstance, status=201)
def start(body: dict[str, Any]) -> Any:
    """Start a process; `next` are its first tasks that are yours."""
    return execute(StartInstance(**body))


@resource.get("", query=InstanceFilter, gives=answers.InstancePage)
def listing(query: dict[str, Any]) -> Any:
    """List the instances that you may see, newest first."""
    return read(queries.listing, g.actor, **query)


@resource.get("/<uuid:instance_id>", gives=answers.Instance, tagged=True)
def one(instance_id: UUID) -> Any:
    """Read one instance: status, variables, tasks, incidents."""
    view = read(queries.one, g.actor, instance_id)
    return Tagged(_told(view), view.version)


def _told(view: InstanceView) -> answers.Instance:
    row = {name: getattr(view.instance, name) for name in type(view.instance).__dataclass_fields__}
    return answers.Instance(
        **row,
        variables=view.variables,
        tasks=view.tasks,
        called=view.called,
        incidents=view.incidents,
        verbs=sorted(view.verbs),
    )


@resource.post("/<uuid:instance_id>/cancel", takes=Cancellation, gives=answers.CancelledInstance)
def cancel(body: dict[str, Any], instance_id: UUID) -> Any:
    """Stop an instance for good."""
    return execute(CancelInstance(instance_id, **body))


@resource.post(
    "/<uuid:instance_id>/migrate", takes=Migration, gives=answers.MigratedInstance, scope="operate"
)
def migrate(body: dict[str, Any], instance_id: UUID) -> Any:
    """Take it to another version of its process, or ask what that would do (right: operate, or a
    grant to administer its process).
    """
    return execute(MigrateInstance(instance_id, **body))


@resource.post(
    "/<uuid:instance_id>/undo-migration", takes=Nothing, gives=answers.UndoneMigration,
    scope="operate",
)  # fmt: skip
def undo_migration(_body: dict[str, Any], instance_id: UUID) -> Any:
    """Take it back to the version before, while it has not moved since (right: operate, or a
    grant to administer its process).
    """
    return execute(UndoMigration(instance_id))


@resource.get("/<uuid:instance_id>/history", query=HistoryWindow, gives=answers.History)
def history(query: dict[str, Any], instance_id: UUID) -> Any:
    """What happened, in order."""
    size = query["page_size"]
    events = read(queries.history, g.actor, instance_id, after_seq=query["after"], limit=size)
    following = str(events[-1].seq) if len(events) == size else None
    return answers.History(events, following)


@resource.get("/<uuid:instance_id>/files", gives=answers.CaseFiles)
def files(instance_id: UUID) -> Any:
    """The files that the case has by its forms, oldest first, also those that a later step has
    replaced; without what your steps hide from you.
    """
    return answers.CaseFiles(read(cases.of_case, g.actor, instance_id))


@resource.get(
    "/<uuid:instance_id>/files/<uuid:file_id>", gives=None, media="application/octet-stream"
)
def file(instance_id: UUID, file_id: UUID) -> Any:
    """One file's bytes, always as a download."""
    found = read(cases.one_of_case, g.actor, instance_id, file_id)
    content = storage.read(system().storage, g.actor.agency_id, found.sha256)
    response = Response(content, content_type="application/octet-stream")
    name_download(response, found.name)
    return response


@resource.get("/<uuid:instance_id>/evidence", gives=None, media=sending.MEDIA_TYPE)
def evidence(instance_id: UUID) -> Any:
    """The whole case in one file that verifies offline (right: audit). The ETag is its seal."""
    return sending.sent(system().bus, g.actor, instance_id)
