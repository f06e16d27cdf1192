"""Housekeeping of files, called by the clock."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Bus
from engine.db import reading
from office.files.commands import PATIENCE, LetGoOfUploads, waiting_since
from office.files.models import blob


def sweep(bus: Bus) -> None:
    """Let go of uploads that nobody sent. It asks first: an idle hour writes nothing."""
    old = waiting_since(bus.services.clock.now() - PATIENCE)
    with reading(bus.engine) as db:
        agencies: list[UUID] = list(db.scalars(sa.select(blob.c.agency_id).where(old).distinct()))
    for agency_id in agencies:
        bus.execute(LetGoOfUploads(), system_actor(agency_id))
