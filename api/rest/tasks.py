"""/tasks: the inbox, one task, and every verb on it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate
from sqlalchemy import Connection

from api.auth.passkeys import ask_signer
from api.rest import answers
from api.rest.confirming import ask_confirmation, complete_by_confirming
from api.rest.fields import LONGEST_TEXT, Nothing, Paging, Text, variables
from api.rest.frame import Resource, Tagged, execute, read, system
from api.rest.signing import complete_by_device, complete_by_signing
from engine.commands.tasks import (
    CONFIRM,
    ChangeList,
    ClaimTask,
    CommentTask,
    CompleteTask,
    DelegateTask,
    ReassignTask,
    ReturnTask,
    UnclaimTask,
)
from engine.commands.tasks.change_list import MOST
from engine.errors import Conflict, NotFound
from engine.offered import with_lists
from engine.queries import definitions
from engine.queries import tasks as queries
from engine.queries.tasks import SORTS, VIEWS, TaskView
from office.documents import device_act, errors
from office.documents.clearing import check_cleared
from office.documents.queries import signing_desk

resource = Resource("tasks", __name__, url_prefix="/api/v1/tasks", description="A person's work.")

Body = dict[str, Any]


_VIEW = validate.Regexp(
    rf"({'|'.join(VIEWS)})(,({'|'.join(VIEWS)})){{0,{len(VIEWS) - 1}}}\Z",
    error=f"Expected one or several of {', '.join(VIEWS)}, with commas between them.",
)


class TaskFilter(Paging):
    """`view`: one, or several with commas between them."""

    view = fields.String(
        load_default="mine", validate=_VIEW, metadata={"example": "mine,claimable"}
    )
    definition_key = Text(load_default=None)
    overdue = fields.Boolean(load_default=False)
    q = Text(200, shortest=0, load_default=None)
    sort = fields.String(load_default="urgency", validate=validate.OneOf(SORTS))


class Completion(Schema):
    outcome = Text(load_default=None, allow_none=True)
    variables = variables()
    comment = Text(LONGEST_TEXT, shortest=0, load_default=None, allow_none=True)
    #: proof by the signer ({method, code, pin}; of a passkey {method, credential, seen, pin}), for
    #: this call alone: neither stored nor logged
    authorization = fields.Dict(
        keys=fields.String(), values=fields.Raw(), load_default=None, allow_none=True
    )


@dataclass(frozen=True, slots=True)
class PasskeyChallenge:
    """`seen`: digest of the letter, its signer, capacity and date, for which the answer is good."""

    options: Mapping[str, Any]
    seen: str


class Answered(Schema):
    """The answer as it will be given."""

    outcome = Text(load_default=None, allow_none=True)
    variables = variables()
    comment = Text(LONGEST_TEXT, shortest=0, load_default=None, allow_none=True)


@dataclass(frozen=True, slots=True)
class ConfirmationChallenge:
    """`options` of `navigator.credentials.get`."""

    options: Mapping[str, Any]


class DeviceAnswer(Schema):
    """`signature`: base64 of PKCS#1 v1.5 or ECDSA (DER), by SHA-256 over `to_be_signed`."""

    signature_id = fields.UUID(required=True)
    signature = Text(4096, required=True)


@dataclass(frozen=True, slots=True)
class DeviceQuestion:
    """What waits for your device: sign `to_be_signed` (base64 of DER) by SHA-256, which is
    `digest`, with the registered key (`mechanism` ecdsa or rsa), before `expires_at`.
    """

    signature_id: UUID
    number: str
    to_be_signed: str
    digest: str
    hash: str
    mechanism: str
    expires_at: datetime


class HandOver(Schema):
    """`to` is a person's sign-in name."""

    to = Text(required=True)
    reason = Text(LONGEST_TEXT, load_default=None, allow_none=True)


class Reassignment(Schema):
    """`to` is a person's sign-in name, or a principal such as `position:deputy-1`."""

    to = Text(required=True)
    reason = Text(LONGEST_TEXT, required=True)


class Return(Schema):
    """`to` is the id of an earlier element along the diagram's return paths."""

    to = Text(required=True)
    reason = Text(LONGEST_TEXT, required=True)
    resume = fields.String(load_default="rerun", validate=validate.OneOf(("rerun", "back_to_me")))


class ListChange(Schema):
    """Items as the list holds them: names, principals or whatever the diagram goes through."""

    add = fields.List(fields.Raw(), load_default=list, validate=validate.Length(max=MOST))
    withdraw = fields.List(fields.Raw(), load_default=list, validate=validate.Length(max=MOST))
    reason = Text(LONGEST_TEXT, required=True)


class NewComment(Schema):
    text = Text(LONGEST_TEXT, required=True)


@resource.get("", query=TaskFilter, gives=answers.TaskPage)
def inbox(query: Body) -> Any:
    """List tasks: yours, those you may take, your posts' and units', or those you have done."""
    return read(queries.inbox, g.actor, now=g.now, **query)


@resource.get("/<uuid:task_id>", gives=answers.Task, tagged=True)
def one(task_id: UUID) -> Any:
    """Read one task with its variables, comments and the verbs that you may use."""
    view = read(_one, task_id)
    return Tagged(_told(view), view.version)


def _one(db: Connection, task_id: UUID) -> TaskView:
    """What is said about a secret letter stays with those who are cleared for it. Whoever may
    complete the task is told what its form offers, as if the case knew it.
    """
    view = queries.one(db, g.actor, task_id)
    check_cleared(db, g.actor, view.task.business_key)
    if view.task.form is None or view.untold or "complete" not in view.verbs:
        return view
    agency_id = g.actor.agency_id
    source = definitions.form(db, agency_id, UUID(view.definition_id), view.task.form)
    known = with_lists(system().services, db, agency_id, source, view.variables)
    return replace(view, variables=known)


def _told(view: TaskView) -> answers.Task:
    row = {name: getattr(view.task, name) for name in type(view.task).__dataclass_fields__}
    return answers.Task(
        **row,
        definition_id=view.definition_id,
        instance_status=view.instance_status,
        documentation=view.documentation,
        variables=view.variables,
        comments=[answers.Comment(c.id, c.author, c.text, c.at) for c in view.comments],
        verbs=sorted(view.verbs),
    )


@resource.post("/<uuid:task_id>/claim", takes=Nothing, gives=answers.ChangedTask)
def claim(_body: Body, task_id: UUID) -> Any:
    """Take a task that you are a candidate for."""
    return execute(ClaimTask(task_id))


@resource.post("/<uuid:task_id>/unclaim", takes=Nothing, gives=answers.ChangedTask)
def unclaim(_body: Body, task_id: UUID) -> Any:
    """Give a task back to its candidates."""
    return execute(UnclaimTask(task_id))


@resource.post(
    "/<uuid:task_id>/complete",
    takes=Completion,
    gives=answers.CompletedTask,
    also={202: answers.WaitingTask},
)
def complete(body: Body, task_id: UUID) -> Any:
    """Complete a task. One that signs takes `authorization` and may answer 202; one whose act is
    `confirm` takes `authorization` {method: "totp", code} or {method: "passkey", credential}.
    """
    authorization = body.pop("authorization")
    if authorization is not None and read(queries.one, g.actor, task_id).task.act == CONFIRM:
        return complete_by_confirming(task_id, body, authorization)
    if authorization is not None:
        return complete_by_signing(task_id, body, authorization)
    try:
        return execute(CompleteTask(task_id, **body))
    except Conflict as refused:
        if refused.code != "authorization_required":
            raise
        return complete_by_signing(task_id, body, None)


@resource.post(
    "/<uuid:task_id>/passkey-challenge", takes=Nothing, gives=PasskeyChallenge, scope="sign"
)
def passkey_challenge(_body: Body, task_id: UUID) -> Any:
    """Ask your passkey for this letter as it stands: `navigator.credentials.get` takes `options`,
    and its answer goes into the completion as `authorization` {method: "passkey", credential, seen,
    pin}, within five minutes and once.
    """
    seen = read(signing_desk, g.actor, task_id, g.now).seen
    return PasskeyChallenge(ask_signer(task_id, seen), seen or "")


@resource.post(
    "/<uuid:task_id>/confirmation-challenge",
    takes=Answered,
    gives=ConfirmationChallenge,
    scope="sign",
)
def confirmation_challenge(body: Body, task_id: UUID) -> Any:
    """Ask your passkey for this answer to a task whose act is `confirm`; what it answers goes into
    the same completion as `authorization` {method: "passkey", credential}, within five minutes and
    once. Refused where the answer itself would be.
    """
    return ConfirmationChallenge(ask_confirmation(task_id, body))


@resource.get("/<uuid:task_id>/device-signature", gives=DeviceQuestion)
def device_question(task_id: UUID) -> Any:
    """What your device is to sign, after a completion that answered waiting_device."""
    found = device_act.pending(system().bus, g.actor, task_id)
    if found is None:
        raise NotFound("Expected a letter that waits for your device, but none does here.")
    return DeviceQuestion(
        found.signature_id,
        found.number,
        b64encode(found.to_be_signed).decode(),
        found.digest,
        "sha256",
        found.mechanism,
        found.expires_at,
    )


@resource.post(
    "/<uuid:task_id>/device-signature",
    takes=DeviceAnswer,
    gives=answers.CompletedTask,
    also={202: answers.WaitingTask},
    scope="sign",
)
def device_signature(body: Body, task_id: UUID) -> Any:
    """Bring your device's signature: the letter is signed and the task completed, or 202 while the
    timestamp is waited for. A wrong signature is 422, and the right one is still waited for.
    """
    try:
        given = b64decode(body["signature"], validate=True)
    except ValueError:
        raise errors.foreign_signature() from None
    return complete_by_device(task_id, body["signature_id"], given)


@resource.post("/<uuid:task_id>/delegate", takes=HandOver, gives=answers.ChangedTask)
def delegate(body: Body, task_id: UUID) -> Any:
    """Hand your task to someone else, who gives it back or completes it."""
    return execute(DelegateTask(task_id, **body))


@resource.post("/<uuid:task_id>/reassign", takes=Reassignment, gives=answers.ChangedTask)
def reassign(body: Body, task_id: UUID) -> Any:
    """Give a task to another person (right: reassign, or a grant to administer its process)."""
    return execute(ReassignTask(task_id, **body))


@resource.post("/<uuid:task_id>/return", takes=Return, gives=answers.CompletedTask)
def send_back(body: Body, task_id: UUID) -> Any:
    """Send the matter back to an earlier step that the diagram allows."""
    return execute(ReturnTask(task_id, **body))


@resource.post("/<uuid:task_id>/list", takes=ListChange, gives=answers.ChangedList)
def change_list(body: Body, task_id: UUID) -> Any:
    """Change who takes part while a task goes round a list (right: reassign, or a grant to
    administer its process).
    """
    return execute(ChangeList(task_id, **body))


@resource.post("/<uuid:task_id>/comments", takes=NewComment, gives=answers.AddedComment, status=201)
def comment(body: Body, task_id: UUID) -> Any:
    """Say something about a task."""
    return execute(CommentTask(task_id, **body))
