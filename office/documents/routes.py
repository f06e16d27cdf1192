"""Which routes a letter can take: the published processes that start with a letter and sign it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection

from engine.queries import definitions
from engine.runtime.parse.document import read_diagram
from office.documents import errors
from office.documents.kinds import KINDS

#: the route of a letter that names none
ROUTE = "official-letter"
#: the route of minutes, which two people sign
MINUTES = "meeting-minutes"


@dataclass(frozen=True, slots=True)
class RouteRow:
    key: str
    name: str


def routes(db: Connection, agency_id: UUID) -> Sequence[RouteRow]:
    """The usual route first, then by name."""
    latest = (row for row in definitions.latest(db, agency_id) if not row.startable)
    found = [
        RouteRow(row.key, row.name)
        for row in latest
        if row.key == ROUTE or _signs(definitions.xml(db, agency_id, UUID(row.id)), row.key)
    ]
    return sorted(found, key=lambda row: (row.key != ROUTE, row.name, row.key))


def usual(kind: str) -> str:
    """The route that a new document of this kind is offered first."""
    return MINUTES if KINDS[kind].before else ROUTE


def open_to(key: str, kind: str) -> bool:
    """Whether a document of this kind may take the route."""
    return key != MINUTES or bool(KINDS[kind].before)


def check_kind(key: str, kind: str) -> None:
    """Invalid at `route`, where the kind has but one signature and the route asks for two."""
    if not open_to(key, kind):
        raise errors.field(
            "route", "This route is for minutes, which two people sign.", "unknown_route"
        )


def check_route(db: Connection, agency_id: UUID, key: str) -> None:
    """Invalid at `route`, where no letter can take it."""
    if key != ROUTE and key not in {row.key for row in routes(db, agency_id)}:
        raise errors.field(
            "route",
            f"No route for letters has the code {key!r:.80}; name one that starts with a letter.",
            "unknown_route",
        )


@lru_cache(maxsize=64)
def _signs(content: bytes, key: str) -> bool:
    """Whether the process starts with something of ours, and has a step that signs."""
    processes = read_diagram(key, content).processes
    found = next((one for one in processes if one.id == key and one.internal), None)
    return found is not None and any(n.settings.act == "sign" for n in found.nodes.values())
