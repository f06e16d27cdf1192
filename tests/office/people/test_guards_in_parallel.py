"""Guesses that come at the same moment all count: the limit is exact, not nearly so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from support.rooms import Rooms

from engine.actor import system_actor
from engine.bus import Answer, Context
from engine.errors import TooMany
from office.accounts.commands import AdmitAttempt, RecordFailure
from office.accounts.rules import PER_MINUTE
from office.accounts.sign_in import NOBODY
from office.people import queries
from office.people.commands.policy import choose, hold_policy


def test_of_many_guesses_at_once_five_pass(rooms: Rooms, ip: str) -> None:
    def guess(_: int) -> bool:
        try:
            rooms.bus.execute(AdmitAttempt(f"target-{rooms.code}", ip), NOBODY)
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(guess, range(16)))
    assert passed == PER_MINUTE


def test_of_many_failures_at_once_none_is_lost(rooms: Rooms) -> None:
    def fail(_: int) -> int:
        command = RecordFailure(f"target-{rooms.code}")
        return int(rooms.bus.execute(command, NOBODY)["failed_count"])

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(fail, range(8))) == list(range(1, 9))


@dataclass(frozen=True)
class Choose:
    """One of many choices, kept as rooms keep theirs."""

    key: str


def _choose(command: Choose, ctx: Context) -> Answer:
    choose(ctx, hold_policy(ctx), command.key, value=True)
    return {}


def test_of_many_choices_at_once_none_is_lost(rooms: Rooms) -> None:
    bus = replace(rooms.bus, handlers={**rooms.bus.handlers, Choose: _choose})

    def choose_one(number: int) -> None:
        bus.execute(Choose(f"choice_{number}"), system_actor(rooms.agency_id))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(choose_one, range(12)))
    with rooms.read() as db:
        assert len(queries.agency(db, rooms.agency_id).policy) == 12
