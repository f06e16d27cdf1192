"""Chains whose published version is one keep it from being deleted."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from engine.bus import Context
from engine.events import DefinitionDoomed
from engine.ports import Listener
from office.chains.models import chain_draft


def definition_doomed(happened: DefinitionDoomed, ctx: Context) -> None:
    query = sa.select(sa.func.count()).where(
        chain_draft.c.agency_id == happened.agency_id,
        chain_draft.c.key == happened.key,
        chain_draft.c.published_version == happened.version,
    )
    happened.claims["chains"] = ctx.db.scalar(query) or 0


LISTENERS: dict[type, Sequence[Listener]] = {DefinitionDoomed: (definition_doomed,)}
