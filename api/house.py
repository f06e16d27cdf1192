"""The agencies of the installation, for its steward on the page and by REST: founded and told.

Of another agency no more is told than its name, how many people, units and posts it has, and
whether anybody has come into it yet. Each is counted behind that agency's own fence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from api.first import library
from engine.actor import STEWARD, Actor
from engine.bus import Answer
from engine.db import reading
from engine.errors import Conflict
from office.accounts import queries as accounts
from office.accounts.commands import FoundBeside, InviteBeside, SetUpAgency
from office.accounts.commands.founding import check_founding, check_hours
from office.accounts.credentials import prove_present, reset_link
from office.accounts.factors import counts
from office.accounts.passkeys import FOUND
from office.accounts.sign_in import Origin
from office.people import queries as people
from office.people.queries import AgencyRow
from office.people.rights import demand

if TYPE_CHECKING:
    from api.bootstrap import System


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency. `awaited`: sign-in name of whoever is to come in first, while nobody has."""

    code: str
    name: str
    name_en: str
    timezone: str
    people: int
    units: int
    posts: int
    awaited: str | None


@dataclass(frozen=True, slots=True)
class House:
    """What a steward may do. The right is asked before anything is looked up."""

    system: System
    actor: Actor
    origin: Origin

    def agencies(self) -> Sequence[AgencyRow]:
        """All of them, the oldest first."""
        demand(self.actor, STEWARD)
        with reading(self.system.engine, self.actor.fence) as db:
            return people.agencies(db)

    def standings(self, rows: Sequence[AgencyRow]) -> list[Standing]:
        demand(self.actor, STEWARD)
        return [self._standing(row) for row in rows]

    def _standing(self, row: AgencyRow) -> Standing:
        with reading(self.system.engine, row.id) as db:
            size, first = people.size(db, row.id), accounts.awaited(db, row.id)
        return Standing(
            row.code,
            row.name,
            row.name_en,
            row.timezone,
            size.people,
            size.units,
            size.posts,
            first.username if first else None,
        )

    def found(self, wanted: SetUpAgency, hours: int, proof: str, command_id: UUID) -> str:
        """The link by which the new agency's administrator comes in. What was typed wrong is told
        before the proof is used up. `command_id` repeated repeats the answer.
        """
        demand(self.actor, STEWARD)
        command = FoundBeside(replace(wanted, library=library()), hours)
        check_hours(hours)
        with reading(self.system.engine, self.actor.fence) as db:
            check_founding(db, wanted)
        self._prove(proof)
        return self._link(self.system.bus.execute(command, self.actor, command_id))

    def invite(self, code: str, hours: int, proof: str, command_id: UUID) -> tuple[str, str]:
        """(sign-in name of the administrator, link) of an agency that nobody has come into yet."""
        demand(self.actor, STEWARD)
        check_hours(hours)
        self._prove(proof)
        made = self.system.bus.execute(InviteBeside(code, hours), self.actor, command_id)
        return str(made["username"]), self._link(made)

    def _prove(self, proof: str) -> None:
        """A fresh second factor, bound to this act: a password alone is not enough here."""
        if self.actor.person_id is None or not counts(self.system.bus, self.actor):
            raise Conflict(
                "Expected a steward with a second factor, but you have none yet; set one up on your"
                " account's page first.",
                code="steward_factor_missing",
            )
        prove_present(self.system.bus, self.actor, proof, self.origin, FOUND)

    def _link(self, made: Answer) -> str:
        return reset_link(self.system.services, UUID(made["reset_id"]))
