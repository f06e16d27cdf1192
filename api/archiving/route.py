"""The one route by which files may go: in its shipped form, asked for by the head of an agency."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from api.shipped import forms
from engine.errors import Conflict, NotFound
from engine.queries import destruction
from office.people import queries as people
from office.workload.rules import Post, heads

FOLDER = "destruction"


def version(db: Connection, agency_id: UUID) -> tuple[UUID, int]:
    """(id, version) of the newest deployed version in its shipped form. NotFound or Conflict
    (route_changed) where the agency has none.
    """
    found = destruction.route(db, agency_id, forms(FOLDER))
    if found is not None:
        return found.id, found.version
    if destruction.is_deployed(db, agency_id):
        raise Conflict(
            f"Expected the process {destruction.PROCESS!r} as it is shipped, but this agency has"
            f" only versions that differ from it. Deploy the folder bpmn/{FOLDER} as it is.",
            code="route_changed",
        )
    raise NotFound(
        f"Expected the process {destruction.PROCESS!r}, but this agency has none. Deploy the"
        f" folder bpmn/{FOLDER}.",
        code="definition_not_found",
    )


def head(db: Connection, agency_id: UUID, asker: str, at: datetime) -> people.PositionRow:
    """The post that heads the agency: of its top unit; where that has no posts of its own (a roof
    over departments), of the asker's department. Conflict (no_head) where there is not one.
    """
    for code in _tops(db, agency_id, asker, at):
        posts = {one.code: one for one in people.positions(db, agency_id, code) if one.active}
        unit_id = people.unit(db, agency_id, code).id
        found = heads(Post(one.code, one.level, unit_id) for one in posts.values()).get(unit_id)
        if found and len(found) == 1:
            return posts[next(iter(found))]
        if posts:
            break
    raise Conflict(
        "Expected one post that heads the agency, but its top unit has none, or several of the"
        " same level. Set it among the posts of that unit (/admin/units).",
        code="no_head",
    )


def _tops(db: Connection, agency_id: UUID, asker: str, at: datetime) -> list[str]:
    tops = [one.code for one in people.units(db, agency_id) if one.active and not one.parent_id]
    held = people.posts(db, agency_id, [asker], at)[asker]
    if len(tops) == 1 and held:
        unit_code = people.position(db, agency_id, held[0].code).unit_code
        tops.append(people.department_of(db, agency_id, unit_code).code)
    return tops if len(tops) <= 2 else []
