"""The contract of mandates: what every implementation of the port promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor, Authority
from engine.ports import Mandates

HEAD, DESK = "position:head", "position:desk"


@dataclass(frozen=True)
class Lent:
    """An `actor` who acts for position:head by an order without limits, and for nothing else."""

    mandates: Mandates
    db: Connection
    actor: Actor
    now: datetime

    def covering(self, authority: Authority) -> Authority | None:
        return self.mandates.covering(self.db, self.actor, self.now, authority, UUID(int=5))


class MandatesContract:
    """Subclasses give the fixture `lent`."""

    def test_an_order_in_force_covers_a_case(self, lent: Lent) -> None:
        authority = lent.actor.principals[HEAD]
        assert authority.instrument_id is not None
        assert lent.covering(authority) == authority

    def test_an_order_that_ended_gives_way_to_one_in_force(self, lent: Lent) -> None:
        ended = Authority(UUID(int=77), HEAD)
        assert lent.covering(ended) == lent.actor.principals[HEAD]

    def test_a_post_that_is_not_lent_any_more_is_not_acted_for(self, lent: Lent) -> None:
        assert lent.covering(Authority(UUID(int=77), DESK)) is None
