"""Housekeeping of files, called by the clock."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Bus
from engine.db import reading
from office.files.commands import PATIENCE, LetGoOfUploads, waiting_since
from office.files.models import blob


def sweep(bus: Bus) -> None:
    """Let go of uploads that nobody sent. It asks first: an idle hour writes nothing."""
    with reading(bus.engine) as db:
        found = set(db.scalars(forgotten(bus.services.clock.now() - PATIENCE)))
    for agency_id in sorted(found):
        bus.execute(LetGoOfUploads(), system_actor(agency_id))


def forgotten(before: datetime) -> sa.Select[UUID]:
    """Whose each upload is that nobody has sent, from before this moment. Not DISTINCT: for that,
    SQLite goes through all that is stored, by agency.
    """
    return sa.select(blob.c.agency_id).where(waiting_since(before))
