"""The choices of an agency: one is changed while the others are held still."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from office.people.models import agency


def hold_policy(ctx: Context) -> Mapping[str, Any]:
    """The choices of the actor's agency, which nobody else changes before the commit."""
    held = sa.select(agency.c.policy).where(agency.c.id == ctx.actor.agency_id).with_for_update()
    found: Mapping[str, Any] = ctx.db.execute(held).scalar_one()
    return found


def choose(ctx: Context, policy: Mapping[str, Any], key: str, value: Any) -> None:
    """Write one choice beside the others that are held."""
    mine = sa.update(agency).where(agency.c.id == ctx.actor.agency_id)
    ctx.db.execute(mine.values(policy={**policy, key: value}))
