"""Stored deployments as bundles, each loaded once in a process: for commands and for the audit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.deployment import deployed_file, deployment, process_definition
from engine.runtime import Bundle, bundle_cache, bundle_hash, load_bundle

_FILES = sa.select(deployed_file.c.name, deployed_file.c.content).where(
    deployed_file.c.agency_id == sa.bindparam("agency"),
    deployed_file.c.deployment_id == sa.bindparam("deployment"),
)
_PINS = sa.select(deployment.c.pins).where(
    deployment.c.agency_id == sa.bindparam("agency"), deployment.c.id == sa.bindparam("deployment")
)
_BY_SHA = (
    sa.select(deployment.c.id)
    .where(
        deployment.c.agency_id == sa.bindparam("agency"),
        deployment.c.bundle_sha == sa.bindparam("sha"),
    )
    .order_by(deployment.c.id)
    .limit(1)
)

_LATEST = (
    sa.select(process_definition.c.bundle_sha)
    .where(
        process_definition.c.agency_id == sa.bindparam("agency"),
        process_definition.c.key == sa.bindparam("key"),
        process_definition.c.withdrawn_at.is_(None),
    )
    .order_by(process_definition.c.version.desc())
    .limit(1)
)


class UnusableBundle(Exception):
    """Expected a stored deployment to be as it came, but it is not any more."""


def stored_bundle(
    db: Connection, agency_id: UUID, sha: str, deployment_id: UUID | None = None
) -> Bundle:
    """The bundle with this hash. The deployment is looked up where the caller does not know it."""
    return bundle_cache(sha, partial(_load, db, agency_id, sha, deployment_id))


def newest_bundle(db: Connection, agency_id: UUID, process_id: str) -> Bundle | None:
    """The bundle that the newest version of this process came in, of those not withdrawn."""
    key = {"agency": agency_id, "key": process_id}
    sha = db.execute(_LATEST, key).scalar_one_or_none()
    return None if sha is None else stored_bundle(db, agency_id, sha)


def _load(db: Connection, agency_id: UUID, sha: str, deployment_id: UUID | None) -> Bundle:
    if deployment_id is None:
        deployment_id = db.execute(_BY_SHA, {"agency": agency_id, "sha": sha}).scalar_one()
    key = {"agency": agency_id, "deployment": deployment_id}
    pins: Mapping[str, str] = db.execute(_PINS, key).scalar_one()
    files = {row.name: bytes(row.content) for row in db.execute(_FILES, key)}

    def pinned(process_id: str) -> Bundle | None:
        return stored_bundle(db, agency_id, pins[process_id]) if process_id in pins else None

    if bundle_hash(files, pins) != sha:
        raise UnusableBundle(f"Expected the files of bundle {sha}, but they are not as they came.")
    # Not judged again: a rule that is stricter today must not stop what runs since yesterday.
    return load_bundle(files, processes=pinned)
