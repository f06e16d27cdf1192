"""Processes that nobody keeps going, told to who can give somebody the care of them."""

from __future__ import annotations

from collections.abc import Sequence

from api.pages.desk import actor, db, now, system
from engine.queries import definitions
from engine.queries.definitions import DefinitionRow
from office.people import queries as people


def unadministered() -> Sequence[DefinitionRow]:
    """Empty for whoever cannot grant it."""
    if not actor().may("people"):
        return ()
    agency = actor().agency_id
    rows = definitions.latest(db(), agency)
    directory = system().services.directory
    keys = [row.key for row in rows]
    left = set(people.unadministered(db(), agency, keys, now(), directory))
    return [row for row in rows if row.key in left]
