"""Files that just came, compiled against what is deployed already."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bus import Context
from engine.ports import judging
from engine.runtime import Bundle, compile_bundle
from engine.stored import newest_bundle


def compile_new(ctx: Context, files: Mapping[str, bytes]) -> Bundle:
    """Compile files that just came; calls to other deployments are pinned to the newest now."""
    return compile_bundle(
        files,
        actions=ctx.services.actions,
        forms=ctx.services.forms,
        processes=lambda id_: newest_bundle(ctx.db, ctx.actor.agency_id, id_),
        judge=judging(ctx.db, ctx.actor.agency_id),
    )
