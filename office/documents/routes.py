"""Which routes a letter can take: the published processes that start with a letter and sign it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Connection

from engine.queries import definitions
from engine.runtime.graph import Graph
from engine.runtime.lint.signing import second_signatures
from engine.runtime.parse.document import read_diagram
from office.documents import errors
from office.documents.kinds import KINDS

#: the route of a letter that names none
ROUTE = "official-letter"
#: the route of minutes, which two people sign
MINUTES = "meeting-minutes"


@dataclass(frozen=True, slots=True)
class RouteRow:
    """`twice`: one way through it signs twice."""

    key: str
    name: str
    twice: bool = False


def routes(db: Connection, agency_id: UUID) -> Sequence[RouteRow]:
    """The usual route first, then by name."""
    latest = (row for row in definitions.latest(db, agency_id) if not row.startable)
    found = []
    for row in latest:
        signs, twice = _signs(definitions.xml(db, agency_id, UUID(row.id)), row.key)
        if signs or row.key == ROUTE:
            found.append(RouteRow(row.key, row.name, twice))
    return sorted(found, key=lambda row: (row.key != ROUTE, row.name, row.key))


def usual(kind: str) -> str:
    """The route that a new document of this kind is offered first."""
    return MINUTES if KINDS[kind].before else ROUTE


def open_to(route: RouteRow, kind: str) -> bool:
    """Whether a document of this kind may take the route.

    The regulation's forms have one signature (ข้อ 11 to 27), but for minutes, which who took them
    down and who checked them sign (ข้อ 25).
    """
    return bool(KINDS[kind].before) or not (route.twice or route.key == MINUTES)


def check_route(db: Connection, agency_id: UUID, key: str) -> RouteRow:
    """Invalid at `route`, where no letter can take it."""
    found = next((row for row in routes(db, agency_id) if row.key == key), None)
    if found is None and key != ROUTE:
        raise errors.field(
            "route",
            f"No route for letters has the code {key!r:.80}; name one that starts with a letter.",
            "unknown_route",
        )
    return found or RouteRow(ROUTE, ROUTE)


def check_kind(route: RouteRow, kind: str) -> None:
    """Invalid at `route`, where the kind has but one signature and the route asks for two."""
    if not open_to(route, kind):
        raise errors.field(
            "route",
            f"This route signs twice, but {KINDS[kind].name} has one signature: the second would be"
            " refused. Name another route.",
            "signs_twice",
        )


@lru_cache(maxsize=64)
def _signs(content: bytes, key: str) -> tuple[bool, bool]:
    """Whether the process starts with something of ours and has a step that signs, and whether it
    signs what is signed already.
    """
    processes = read_diagram(key, content).processes
    found = next((one for one in processes if one.id == key and one.internal), None)
    if found is None or all(n.settings.act != "sign" for n in found.nodes.values()):
        return False, False
    return True, any(second_signatures(Graph(found)))
