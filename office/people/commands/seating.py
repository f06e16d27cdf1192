"""Who sits in committees when, and which of their seats are free.

A committee can have thousands of seats, and a table can fill them all. So nothing here goes through
the seats one by one: those of one name and with the same terms are free alike, and lie together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from heapq import heappop, heappush
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from office.people.models import holding, position
from office.people.rules import Period
from office.people.together import Together

_Terms = frozenset[tuple[datetime, datetime | None]]
_WHERE = sa.and_(
    position.c.agency_id == sa.bindparam("agency"), position.c.unit_id == sa.bindparam("committee")
)
_SEATS = sa.select(position).where(_WHERE)
_HELD = (
    sa.select(holding)
    .join(
        position,
        sa.and_(
            holding.c.agency_id == position.c.agency_id, holding.c.position_id == position.c.id
        ),
    )
    .where(_WHERE)
)


class Seating:
    """Of the committees that were brought in. Rows of `position` and `holding` are told as they
    are by now; those of other units are passed over.
    """

    def __init__(self) -> None:
        self._seats: dict[UUID, Any] = {}
        self._codes: dict[UUID, set[str]] = {}
        # seat -> holding -> its row; committee and person -> holding -> its row
        self._held: dict[UUID, dict[UUID, Any]] = defaultdict(dict)
        self._mine: dict[tuple[UUID, UUID], dict[UUID, Any]] = defaultdict(dict)
        # committee and name -> terms -> codes of seats, the first on top; some have moved on
        self._alike: dict[tuple[UUID, str], dict[_Terms, list[tuple[str, UUID]]]]
        self._alike = defaultdict(dict)
        self._terms: dict[UUID, _Terms] = {}
        self._tried: dict[tuple[UUID, str], int] = {}

    def bring(self, committee_id: UUID, seats: Iterable[Any], held: Iterable[Any]) -> None:
        """A committee with every seat that it has, and all who have held, hold or will hold one."""
        self._codes[committee_id] = set()
        for row in held:
            self._held[row.position_id][row.id] = row
            self._mine[committee_id, row.person_id][row.id] = row
        for seat in seats:
            self.enter(seat)

    def knows(self, committee_id: UUID) -> bool:
        return committee_id in self._codes

    def enter(self, seat: Any) -> None:
        if seat.unit_id in self._codes:
            self._seats[seat.id] = seat
            self._codes[seat.unit_id].add(seat.code)
            self._place(seat)

    def sit(self, row: Any) -> None:
        seat = self._seats.get(row.position_id)
        if seat is not None:
            self._held[seat.id][row.id] = row
            self._mine[seat.unit_id, row.person_id][row.id] = row
            self._place(seat)

    def _place(self, seat: Any) -> None:
        """Beside those with the same terms. Where it lay before, it is found to have moved on."""
        terms = frozenset((one.starts_at, one.ends_at) for one in self._held[seat.id].values())
        if seat.active and self._terms.get(seat.id) != terms:
            self._terms[seat.id] = terms
            lies = self._alike[seat.unit_id, seat.name].setdefault(terms, [])
            heappush(lies, (seat.code, seat.id))

    def has(self, committee_id: UUID, code: str) -> bool:
        return code in self._codes[committee_id]

    def sits(self, committee_id: UUID, person_id: UUID, period: Period) -> bool:
        """Whether the person has a seat at any time of the period."""
        mine = self._mine.get((committee_id, person_id), {}).values()
        return any(Period(row.starts_at, row.ends_at).overlaps(period) for row in mine)

    def seats_of(self, committee_id: UUID, person_id: UUID) -> list[Any]:
        """The seats that the person has, had or will have there."""
        mine = self._mine.get((committee_id, person_id), {}).values()
        return [self._seats[row.position_id] for row in mine]

    def free(self, committee_id: UUID, name: str, period: Period) -> tuple[str | None, bool]:
        """The first open seat of this name that is free throughout, by code; and whether another
        is taken then.
        """
        free, taken = [], False
        alike = self._alike[committee_id, name]
        for terms, lies in list(alike.items()):
            while lies and self._terms[lies[0][1]] != terms:
                heappop(lies)
            if not lies:
                del alike[terms]
            elif any(Period(*term).overlaps(period) for term in terms):
                taken = True
            else:
                free.append(lies[0][0])
        return min(free, default=None), taken

    def next_code(self, committee_id: UUID, kind: str, code_of: Callable[[int], str]) -> str:
        """The first that is not taken, of those that are numbered from 1; a seat keeps its own."""
        number = self._tried.get((committee_id, kind), 1)
        while code_of(number) in self._codes[committee_id]:
            number += 1
        self._tried[committee_id, kind] = number
        return code_of(number)


def seating(ctx: Context, committee_id: UUID) -> Seating:
    """As it is by now. Where many commands follow one another, it is kept and told what changes."""
    if not isinstance(ctx, Together):
        made = Seating()
        binds = {"agency": ctx.actor.agency_id, "committee": committee_id}
        made.bring(committee_id, ctx.db.execute(_SEATS, binds), ctx.db.execute(_HELD, binds))
        return made
    kept = ctx.noted(Seating, lambda: _watching(ctx))
    if not kept.knows(committee_id):
        seats = ctx.rows(position, "unit_id", committee_id)
        held = (row for seat in seats for row in ctx.rows(holding, "position_id", seat.id))
        kept.bring(committee_id, seats, held)
    return kept


def _watching(ctx: Together) -> Seating:
    made = Seating()
    ctx.watch(position, made.enter)
    ctx.watch(holding, made.sit)
    return made
