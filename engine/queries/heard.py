"""Which messages somebody could send now: cases wait for them, or they start a process."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.deployment import process_definition
from engine.models.granting import demand_reach
from engine.models.instance import process_instance
from engine.models.starting import IS_MESSAGE_START, start_event
from engine.models.waiting import IS_MESSAGE, subscription

MOST = 200
_AGENCY = sa.bindparam("agency", type_=sa.Uuid)
_KEYS: sa.BindParameter[list[str]] = sa.bindparam("keys", expanding=True)
_WAITED_FOR = sa.select(subscription.c.name).where(subscription.c.agency_id == _AGENCY, IS_MESSAGE)
_STARTING = sa.select(start_event.c.name).where(
    start_event.c.agency_id == _AGENCY, IS_MESSAGE_START
)
_ROOTS = sa.and_(
    process_instance.c.agency_id == subscription.c.agency_id,
    process_instance.c.id == subscription.c.root_id,
)
_OF_THESE = (
    _WAITED_FOR.join(process_instance, _ROOTS)
    .join(process_definition, process_definition.c.id == process_instance.c.definition_id)
    .where(process_definition.c.agency_id == _AGENCY, process_definition.c.key.in_(_KEYS))
)


def _in_order(*parts: sa.Select[str]) -> sa.CompoundSelect[str]:
    return sa.union(*parts).order_by("name").limit(MOST)


_ALL = _in_order(_WAITED_FOR, _STARTING)
_MINE = _in_order(_OF_THESE, _STARTING.where(start_event.c.definition_key.in_(_KEYS)))


def message_names(db: Connection, actor: Actor) -> Sequence[str]:
    """In order, at most `MOST`. Right: operate, or a grant to administer: of those processes."""
    mine = demand_reach(db, actor, "operate").processes
    if mine is None:
        return db.scalars(_ALL, {"agency": actor.agency_id}).all()
    return db.scalars(_MINE, {"agency": actor.agency_id, "keys": sorted(mine)}).all()
