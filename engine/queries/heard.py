"""Which messages somebody could send now: cases wait for them, or they start a process."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden
from engine.models.starting import IS_MESSAGE_START, start_event
from engine.models.waiting import IS_MESSAGE, subscription

MOST = 200
_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_WAITED_FOR = sa.select(subscription.c.name).where(subscription.c.agency_id == _AGENCY, IS_MESSAGE)
_STARTING = sa.select(start_event.c.name).where(
    start_event.c.agency_id == _AGENCY, IS_MESSAGE_START
)
_NAMES = sa.union(_WAITED_FOR, _STARTING).order_by("name").limit(MOST)


def message_names(db: Connection, actor: Actor) -> Sequence[str]:
    """In order, at most `MOST`. Right: operate."""
    if not (actor.is_system or actor.may("operate")):
        raise Forbidden(f"Expected the right 'operate', but {actor.username} does not hold it.")
    return db.scalars(_NAMES, {"agency": actor.agency_id}).all()
