"""/archived-instances: what stays of ended cases that were put away, and the policies for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from api.archiving import sending
from api.archiving.commands import (
    MOST_MEMBERS,
    MOST_SPARED,
    RunArchiving,
    StartDestruction,
)
from api.archiving.deciding import LONGEST, HoldCase, ReleaseCase
from api.evidence.sending import MEDIA_TYPE
from api.rest.fields import LONGEST_KEY, Nothing, Paging, Text
from api.rest.frame import Resource, execute, read, system
from engine.actor import Actor
from engine.commands.archiving import (
    LEAST_YEARS,
    MOST_DAYS,
    MOST_YEARS,
    RETENTION,
    SetArchivePolicy,
)
from engine.queries import archive as queries
from engine.queries import destruction
from engine.queries.archive import Policy, Tombstone
from engine.queries.destruction import Item
from engine.queries.instances import one as instance
from office.documents.queries.evidence import reads_case, secret_cases
from office.people.rights import demand

resource = Resource(
    "archived-instances", __name__, url_prefix="/api/v1/archived-instances",
    description="Ended cases that were put away, and when.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tombstones:
    items: Sequence[Tombstone]
    total: int | None
    next: str | None
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class Policies:
    """All that were ever set, the newest first: of each process the first one holds."""

    items: Sequence[Policy]


@dataclass(frozen=True, slots=True)
class DestructionItems:
    """By the numbers that people name; `spared_by` are those of the committee who would keep it.
    `title` is empty where the case has a secret letter that the reader may not read.
    """

    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class DestructionAsked:
    instance_id: str


@dataclass(frozen=True, slots=True)
class CaseChosen:
    id: str


@dataclass(frozen=True, slots=True)
class PolicySet:
    id: str


@dataclass(frozen=True, slots=True)
class ArchivingAsked:
    """The job that does it: GET /jobs/{job_id} tells how far it has come."""

    job_id: str


class TombstoneFilter(Paging):
    definition_key = Text(LONGEST_KEY, load_default=None)
    q = Text(200, load_default=None)


class PolicyBody(Schema):
    """`definition_key` null: all processes without one of their own; `keep_days` null: for ever.
    `old_versions`: those that no case is of any more are withdrawn, and deleted 30 days later.
    `destroy_years` null: archived files of it are never destroyed.
    """

    definition_key = Text(200, load_default=None, allow_none=True)
    keep_days = fields.Integer(
        required=True, allow_none=True, strict=True, validate=validate.Range(0, MOST_DAYS)
    )
    old_versions = fields.Boolean(load_default=False)
    reason = Text(1_000, required=True)
    destroy_years = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(LEAST_YEARS, MOST_YEARS),
    )


class HoldBody(Schema):
    reason = Text(LONGEST, required=True)


class DestructionBody(Schema):
    """`committee`: sign-in names, the chair first, who is not who asks. The head of the agency
    approves, who is none of them.
    """

    committee = fields.List(
        Text(60), required=True, validate=validate.Length(min=3, max=MOST_MEMBERS)
    )
    reason = Text(1_000, required=True)
    spare_years = fields.Integer(
        load_default=5, strict=True, validate=validate.Range(1, MOST_SPARED)
    )


@resource.get("", query=TombstoneFilter, gives=Tombstones)
def listing(query: dict[str, Any]) -> Any:
    """List archived cases, newest first: all for whoever sees every case, else one's own and those
    of processes that one was granted to see or to administer.
    """
    return read(queries.listing, g.actor, **query)


@resource.get("/policies", gives=Policies)
def policies() -> Any:
    """List how long ended cases are kept, now and before (right: retention or audit)."""
    return {"items": read(_policies, g.actor)}


def _policies(db: Any, actor: Actor) -> Sequence[Policy]:
    demand(actor, "audit" if actor.may("audit") else RETENTION)
    return queries.policies(db, actor.agency_id)


@resource.post("/policies", takes=PolicyBody, gives=PolicySet, status=201, scope="operate")
def set_policy(body: dict[str, Any]) -> Any:
    """Say how long ended cases of a process, or of all others, are kept, and after how many years a
    committee may be asked to destroy archived ones (right: retention).
    """
    return execute(SetArchivePolicy(**body))


@resource.post("/runs", takes=Nothing, gives=ArchivingAsked, status=202, scope="operate")
def run(_body: dict[str, Any]) -> Any:
    """Have a worker put away what is due (right: retention)."""
    return execute(RunArchiving())


@resource.post(
    "/destructions", takes=DestructionBody, gives=DestructionAsked, status=201, scope="operate"
)
def destroy(body: dict[str, Any]) -> Any:
    """Ask a committee and then the head of the agency whether the archived files whose time has
    come are destroyed (right: retention). 409 nothing_due, destruction_running, no_head, or
    route_changed: the agency has the process only in another form than it is shipped in.
    """
    return execute(StartDestruction(**body))


@resource.get("/destructions/<uuid:instance_id>", gives=DestructionItems)
def destruction_list(instance_id: UUID) -> Any:
    """Read the list of a destruction that one may see, and what became of each file."""
    return {"items": read(items_as_read, g.actor, instance_id)}


def items_as_read(db: Any, actor: Actor, instance_id: UUID) -> Sequence[Item]:
    """The list, with the titles that the actor may read."""
    instance(db, actor, instance_id)
    found = destruction.items(db, actor.agency_id, instance_id)
    secret = secret_cases(db, actor.agency_id, [one.case_id for one in found])
    return [_as_read(db, actor, one) if one.case_id in secret else one for one in found]


def _as_read(db: Any, actor: Actor, one: Item) -> Item:
    """Of a case with a secret letter, its title only to whom that names."""
    return one if reads_case(db, actor, one.case_id) else replace(one, title="")


@resource.post("/<uuid:instance_id>/hold", takes=HoldBody, gives=CaseChosen, scope="operate")
def hold(body: dict[str, Any], instance_id: UUID) -> Any:
    """Keep an archived case from being destroyed, whatever its policy says (right: retention)."""
    return execute(HoldCase(instance_id, **body))


@resource.post("/<uuid:instance_id>/release", takes=HoldBody, gives=CaseChosen, scope="operate")
def release(body: dict[str, Any], instance_id: UUID) -> Any:
    """End the hold on an archived case (right: retention)."""
    return execute(ReleaseCase(instance_id, **body))


@resource.get("/<uuid:instance_id>", gives=Tombstone)
def one(instance_id: UUID) -> Any:
    """Read what stays of an archived case."""
    return read(queries.one, g.actor, instance_id)


@resource.get("/<uuid:instance_id>/evidence", gives=None, media=MEDIA_TYPE)
def evidence(instance_id: UUID) -> Any:
    """The file that its rows gave way to (right: audit, and whoever its secret letters name). The
    ETag is its seal.
    """
    return sending.sent(system().bus, g.actor, instance_id)
