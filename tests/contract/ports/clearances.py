"""The contract of clearances: what every implementation of the port promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.actor import Actor, system_actor
from engine.ports import Clearances

#: of nothing, of no id, and of a letter that nobody has
KEYS = (None, "", "case-7", "00000000-0000-0000-0000-000000000007")


@dataclass(frozen=True)
class Cleared:
    clearances: Clearances
    db: Connection
    actor: Actor
    now: datetime


class ClearancesContract:
    """Subclasses give the fixture `asked`."""

    def test_a_case_of_no_secret_letter_keeps_nobody_out(self, asked: Cleared) -> None:
        names = frozenset({asked.actor.username, "nobody"})
        for key in KEYS:
            asked.clearances.check(asked.db, asked.actor, key)
            asked.clearances.check(asked.db, system_actor(asked.actor.agency_id), key)
            out = asked.clearances.kept_out(asked.db, asked.actor.agency_id, key, names, asked.now)
            assert out == frozenset()
            assert asked.clearances.degree(asked.db, asked.actor.agency_id, key) == 1
