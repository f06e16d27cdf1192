"""What everybody needs who brings a key: an official their own, an administrator the seal's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from engine.actor import Actor
from engine.db import reading
from office.accounts.sign_in import Origin
from office.documents.ports import Desk
from office.documents.trust import trusted
from office.people import queries as people

if TYPE_CHECKING:
    from api.bootstrap import System


@dataclass(frozen=True, slots=True)
class Bringing:
    """Who brings it, from where, and what the installation has for it."""

    system: System
    actor: Actor
    origin: Origin

    @property
    def desk(self) -> Desk:
        return cast(Desk, self.system.services.extra["desk"])

    @property
    def services(self) -> Mapping[str, str]:
        """The remote signing services that the agency has opened, by name."""
        known = self.desk.remote
        return dict(known.names(self.actor.agency_id)) if known is not None else {}

    @property
    def now(self) -> datetime:
        return self.system.services.clock.now()

    def agency(self) -> people.AgencyRow:
        with reading(self.system.engine, self.actor.fence) as db:
            return people.agency(db, self.actor.agency_id)

    def trust(self) -> Sequence[bytes]:
        """Certificates of the authorities that are trusted here."""
        with reading(self.system.engine, self.actor.fence) as db:
            return trusted(db, self.actor.agency_id, self.desk.trust)
