"""Drafts that stand on a version of a process keep it from being deleted."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from engine.bus import Context
from engine.events import DefinitionDoomed
from engine.ports import Listener
from office.modeling.models import model_draft


def definition_doomed(happened: DefinitionDoomed, ctx: Context) -> None:
    query = sa.select(sa.func.count()).where(
        model_draft.c.agency_id == happened.agency_id,
        model_draft.c.base_definition_id == happened.definition_id,
    )
    happened.claims["drafts"] = ctx.db.scalar(query) or 0


LISTENERS: dict[type, Sequence[Listener]] = {DefinitionDoomed: (definition_doomed,)}
