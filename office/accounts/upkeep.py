"""Housekeeping of accounts, called by the clock."""

from __future__ import annotations

import sqlalchemy as sa

from engine.bus import Bus
from engine.db import reading
from office.accounts.commands.upkeep import ForgetOld, expired
from office.accounts.sign_in import NOBODY


def sweep(bus: Bus) -> None:
    """Forget what has expired. It asks first, so that an idle hour writes nothing."""
    old = expired(bus.services.clock.now())
    with reading(bus.engine) as db:
        found = any(
            db.execute(sa.select(sa.literal(1)).select_from(table).where(which).limit(1)).first()
            for table, which in old.items()
        )
    if found:
        bus.execute(ForgetOld(), NOBODY)
