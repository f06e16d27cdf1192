"""Deploying diagrams, decisions and forms together as immutable versions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks, listening
from engine.commands.turn.bundles import compile_new
from engine.ids import new_id
from engine.models.columns import AnyRow
from engine.models.deployment import definition_event, deployed_file, deployment, process_definition
from engine.runtime import Bundle, ProcessInfo

_definition = process_definition.c
#: Deleted ones as well: their numbers are not given again.
_given = sa.union_all(
    *(
        sa.select(table.c.key, table.c.version).where(
            table.c.agency_id == sa.bindparam("agency"),
            table.c.key.in_(sa.bindparam("keys", expanding=True)),
        )
        for table in (process_definition, definition_event)
    )
).subquery("given")
_VERSIONS = sa.select(_given.c.key, sa.func.max(_given.c.version).label("version")).group_by(
    _given.c.key
)
_OF_BUNDLE = (
    sa.select(
        _definition.id, _definition.key, _definition.version, _definition.name,
        _definition.deployment_id,
    )
    .where(
        _definition.agency_id == sa.bindparam("agency"),
        _definition.bundle_sha == sa.bindparam("sha"),
        _definition.withdrawn_at.is_(None),
    )
    .order_by(_definition.key)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deploy:
    """Files by name. Right: deploy.

    Answer: {id, definitions: [{id, key, version, name}], warnings: [what Problem has]}.

    DeploymentRefused when one file has an error, or a test among them fails (tests_failed): then
    nothing is deployed. Files equal to the newest deployment of their processes answer that one
    again, unless it is withdrawn.
    """

    files: Mapping[str, bytes]
    name: str = ""


def deploy(command: Deploy, ctx: Context) -> Answer:
    checks.demand(ctx.actor, "deploy")
    bundle = compile_new(ctx, command.files)
    versions = _versions(ctx, bundle)
    same = _already(ctx, bundle, versions)
    if same:
        return _answer(same[0].deployment_id, [row._asdict() for row in same], bundle)
    # what files say of themselves must hold, whichever way they come
    ctx.services.model_tests.judge(ctx.db, ctx.actor.agency_id, bundle, ctx.now)
    deployment_id = _add_deployment(ctx, command, bundle)
    rows = [
        _definition_row(ctx, bundle, info, deployment_id, versions.get(info.id, 0) + 1)
        for info in bundle.processes.values()
    ]
    if rows:
        ctx.db.execute(process_definition.insert(), rows)
        listening.listen(ctx, bundle, rows)
    return _answer(deployment_id, rows, bundle)


def _versions(ctx: Context, bundle: Bundle) -> Mapping[str, int]:
    key = {"agency": ctx.actor.agency_id, "keys": list(bundle.processes)}
    return {row.key: row.version for row in ctx.db.execute(_VERSIONS, key)}


def _already(ctx: Context, bundle: Bundle, versions: Mapping[str, int]) -> Sequence[AnyRow]:
    """The definitions of the same files, where each is the newest of its key."""
    found = ctx.db.execute(_OF_BUNDLE, {"agency": ctx.actor.agency_id, "sha": bundle.sha256})
    newest = [row for row in found if versions.get(row.key) == row.version]
    return newest if len(newest) == len(bundle.processes) else []


def _add_deployment(ctx: Context, command: Deploy, bundle: Bundle) -> UUID:
    deployment_id = new_id()
    name = checks.text(command.name, "name", required=False, limit=checks.MAX_NAME)
    ctx.db.execute(
        deployment.insert(),
        {
            "id": deployment_id,
            "agency_id": ctx.actor.agency_id,
            "name": name or ", ".join(sorted(command.files))[: checks.MAX_NAME],
            "bundle_sha": bundle.sha256,
            "pins": dict(bundle.pins),
            "deployed_by": ctx.actor.username,
            "deployed_at": ctx.now,
        },
    )
    ctx.db.execute(
        deployed_file.insert(),
        [
            {
                "id": new_id(),
                "agency_id": ctx.actor.agency_id,
                "deployment_id": deployment_id,
                "name": file,
                "content": content,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for file, content in command.files.items()
        ],
    )
    return deployment_id


def _definition_row(
    ctx: Context, bundle: Bundle, info: ProcessInfo, deployment_id: UUID, version: int
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "agency_id": ctx.actor.agency_id,
        "deployment_id": deployment_id,
        "key": info.id,
        "version": version,
        "name": info.name or info.id,
        "bundle_sha": bundle.sha256,
        "file_name": info.file,
        "start_form": info.start_form,
        "start_role": info.start_role,
        "startable": info.startable and not info.internal,
        "created_at": ctx.now,
    }


def _answer(deployment_id: UUID, rows: Sequence[Mapping[str, Any]], bundle: Bundle) -> Answer:
    shown = ("id", "key", "version", "name")
    return {
        "id": deployment_id,
        "definitions": [{name: row[name] for name in shown} for row in rows],
        "warnings": [asdict(warning) for warning in bundle.warnings],
    }


HANDLERS: dict[type, Handler] = {Deploy: deploy}
