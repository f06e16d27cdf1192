"""Files that just came, compiled against what is deployed already."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from engine.bus import Context
from engine.models.deployment import process_definition
from engine.runtime import Bundle, compile_bundle
from engine.stored import stored_bundle

_LATEST = (
    sa.select(process_definition.c.bundle_sha)
    .where(
        process_definition.c.agency_id == sa.bindparam("agency"),
        process_definition.c.key == sa.bindparam("key"),
    )
    .order_by(process_definition.c.version.desc())
    .limit(1)
)


def compile_new(ctx: Context, files: Mapping[str, bytes]) -> Bundle:
    """Compile files that just came; calls to other deployments are pinned to the newest now."""

    def newest(process_id: str) -> Bundle | None:
        sha = ctx.db.execute(
            _LATEST, {"agency": ctx.actor.agency_id, "key": process_id}
        ).scalar_one_or_none()
        return None if sha is None else stored_bundle(ctx.db, ctx.actor.agency_id, sha)

    return compile_bundle(
        files, actions=ctx.services.actions, forms=ctx.services.forms, processes=newest
    )
