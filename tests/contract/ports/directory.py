"""The contract of the directory: what every implementation of the port promises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.ports import Directory


@dataclass(frozen=True)
class Office:
    """A directory in which `boss` holds position:head, `deputy` acts for it, and `clerk` is below.

    Nobody holds position:empty, though it exists where positions are stored.
    """

    directory: Directory
    db: Connection
    agency_id: UUID
    now: datetime

    def describe(self, *principals: str) -> dict[str, Any]:
        return dict(self.directory.describe(self.db, self.agency_id, principals))

    def able(self, *principals: str) -> frozenset[str]:
        return self.directory.who_can_act(self.db, self.agency_id, principals, self.now)


class DirectoryContract:
    """Subclasses give the fixture `office`."""

    def test_known_principals_are_described_and_unknown_left_out(self, office: Office) -> None:
        found = office.describe("person:clerk", "position:head", "person:nobody", "nonsense")
        assert set(found) == {"person:clerk", "position:head"}
        assert found["position:head"].principal == "position:head"
        assert found["person:clerk"].name

    def test_nobody_asked_for_is_nobody_found(self, office: Office) -> None:
        assert office.describe() == {}
        assert office.able() == frozenset()

    def test_the_superior_is_a_position_and_the_top_has_none(self, office: Office) -> None:
        ask = office.directory.superior
        assert ask(office.db, office.agency_id, "clerk", office.now) == "position:head"
        assert ask(office.db, office.agency_id, "boss", office.now) is None
        assert ask(office.db, office.agency_id, "nobody", office.now) is None
        assert ask(office.db, office.agency_id, "clerk", office.now, 2) is None

    def test_holders_and_those_who_act_for_them_can_act(self, office: Office) -> None:
        assert office.able("position:head") == {"boss", "deputy"}
        assert office.able("person:clerk", "position:head") == {"boss", "deputy", "clerk"}
        assert office.able("position:empty") == frozenset()
