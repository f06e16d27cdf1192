"""What has expired is forgotten, what still counts is kept, and an idle sweep writes nothing."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from support.rooms import Rooms

from engine.clock import SteppedClock
from engine.models.command_log import command_log
from office.accounts import upkeep
from office.accounts.commands import AdmitAttempt, RecordFailure
from office.accounts.models import attempt, guard
from office.accounts.sign_in import NOBODY


def _count(rooms: Rooms, table: sa.Table, *which: sa.ColumnElement[bool]) -> int:
    with rooms.read() as db:
        wanted = sa.select(sa.func.count()).select_from(table).where(*which)
        return int(db.execute(wanted).scalar_one())


def test_old_attempts_and_locks_are_forgotten(rooms: Rooms, clock: SteppedClock, ip: str) -> None:
    mine = f"target-{rooms.code}"
    rooms.bus.execute(AdmitAttempt(mine, ip), NOBODY)
    rooms.bus.execute(RecordFailure(mine), NOBODY)
    clock.advance(timedelta(hours=2))
    upkeep.sweep(rooms.bus)
    assert _count(rooms, attempt, attempt.c.target == mine) == 0
    assert _count(rooms, guard, guard.c.target == mine) == 1
    clock.advance(timedelta(days=2))
    upkeep.sweep(rooms.bus)
    assert _count(rooms, guard, guard.c.target == mine) == 0
    before = _count(rooms, command_log)
    upkeep.sweep(rooms.bus)
    assert _count(rooms, command_log) == before
