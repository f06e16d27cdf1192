"""Lists of the house that forms of letters offer: the engine asks for them when a form is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from office.people import queries as people

#: Units with people of their own, as principals with their names.
UNITS = "unit_choices"
_STAFFED = frozenset({"department", "division", "group"})


class StoredHouseLists:
    """Satisfies `engine.ports.HouseLists`."""

    names = frozenset({UNITS})

    def read(self, db: Connection, agency_id: UUID, name: str) -> Sequence[Mapping[str, str]]:
        assert name == UNITS, name
        return [
            {"value": f"unit:{unit.code}", "label": unit.name}
            for unit in people.units(db, agency_id)
            if unit.active and unit.kind in _STAFFED
        ]
