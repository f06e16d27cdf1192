"""/migrations: all running instances of a process to another version, asked first, in bulk."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema, fields, validate

from api.rest import answers
from api.rest.fields import Nothing, Paging, Text
from api.rest.frame import Resource, execute, read
from api.rest.window import window
from engine.commands.migration import (
    CarryOutMigration,
    CheckMigration,
    Choice,
    ChooseInstances,
    UndoBatch,
)
from engine.models.migration import OUTCOMES
from engine.queries import migrations as queries
from engine.queries.migrations import BatchRow

resource = Resource(
    "migrations", __name__, url_prefix="/api/v1/migrations",
    description="Running instances to another version, many at once.",
)  # fmt: skip

#: of one process
MOST_ELEMENTS = 1_000
#: named in one call
MOST_CHOSEN = 5_000


class Check(Schema):
    """`source_definition_id` names the only version to take them from; `mapping` leads from
    element ids of old versions to other ids in the target.
    """

    target_definition_id = fields.UUID(required=True)
    source_definition_id = fields.UUID(load_default=None, allow_none=True)
    mapping = fields.Dict(
        keys=Text(), values=Text(), load_default=dict, validate=validate.Length(max=MOST_ELEMENTS)
    )


def _instances(**options: Any) -> fields.List[Any]:
    limits = validate.Length(max=MOST_CHOSEN)
    return fields.List(fields.UUID(), validate=limits, **options)


class Chosen(Schema):
    """`instances` are those to migrate; all others stay in their version."""

    instances = _instances(required=True)


class CarryOut(Schema):
    """`instances`, where given, are those to migrate; left out: all that were found possible, but
    for those that were not chosen.
    """

    instances = _instances(load_default=None)


class BatchFilter(Paging):
    key = Text(required=True)


class FateFilter(Paging):
    outcome = fields.String(load_default=None, validate=validate.OneOf(OUTCOMES))


@resource.post("", takes=Check, gives=answers.BegunMigration, status=202, scope="deploy")
def check(body: dict[str, Any]) -> Any:
    """Ask what would become of every running instance (right: deploy, or a grant to administer
    its process). Nothing changes: a job asks, and `GET /migrations/{id}` says how far it is.
    """
    return execute(CheckMigration(**body))


@resource.get("", query=BatchFilter, gives=answers.MigrationPage)
def listing(query: dict[str, Any]) -> Any:
    """List the latest migrations of a process (right: deploy, operate or audit, or a grant to
    administer it).
    """
    return window(read(queries.of_process, g.actor, query["key"]), query)


@resource.get("/<uuid:migration_id>", gives=BatchRow)
def one(migration_id: UUID) -> Any:
    """How far a migration is, and how many instances came out how."""
    return read(queries.one, g.actor, migration_id)


@resource.get("/<uuid:migration_id>/instances", query=FateFilter, gives=answers.FatePage)
def fates(query: dict[str, Any], migration_id: UUID) -> Any:
    """List what became, or would become, of each instance."""
    return read(queries.fates, g.actor, migration_id, **query)


@resource.post(
    "/<uuid:migration_id>/choose", takes=Chosen, gives=answers.ChosenInstances, scope="deploy"
)
def choose(body: dict[str, Any], migration_id: UUID) -> Any:
    """Say which instances of a checked migration are to migrate: at first, all that can (right:
    deploy, or a grant to administer its process). Nothing migrates yet.
    """
    return execute(ChooseInstances(migration_id, Choice(tuple(body["instances"]))))


@resource.post(
    "/<uuid:migration_id>/carry-out", takes=CarryOut, gives=answers.BegunMigration, status=202,
    scope="deploy",
)  # fmt: skip
def carry_out(body: dict[str, Any], migration_id: UUID) -> Any:
    """Migrate what was found possible and chosen, behind the request (right: deploy, or a grant to
    administer its process).
    """
    named = body["instances"]
    return execute(CarryOutMigration(migration_id, None if named is None else Choice(tuple(named))))


@resource.post(
    "/<uuid:migration_id>/undo", takes=Nothing, gives=answers.BegunMigration, status=202,
    scope="deploy",
)  # fmt: skip
def undo(_body: dict[str, Any], migration_id: UUID) -> Any:
    """Take all back that has not moved since, behind the request (right: deploy, or a grant to
    administer its process).
    """
    return execute(UndoBatch(migration_id))
