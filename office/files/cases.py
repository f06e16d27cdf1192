"""Files that a case has by its forms: handed in first by a person, then held by the case.

One who hands in a file holds it until a form that names it is sent (`upload:<name>`); then the
case does (`case:<root>`), and `case_file` says in which field it came. Whoever hands in and never
sends lets go of it after a while: see `upkeep`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.bus import Context
from engine.errors import Conflict, NotFound
from engine.models.columns import AnyRow
from engine.models.instance import process_instance
from engine.ports import KnownFile
from engine.queries import secrecy
from engine.queries.visibility import check_visible
from engine.queries.withheld import hidden_from
from office.files import blobs
from office.files.models import blob, case_file

_AGENCY: sa.BindParameter[Any] = sa.bindparam("agency", type_=sa.Uuid)
_OF = sa.and_(case_file.c.agency_id == blob.c.agency_id, case_file.c.blob_id == blob.c.id)
_KNOWN = (
    sa.select(blob, case_file.c.root_id)
    .outerjoin(case_file, _OF)
    .where(blob.c.agency_id == _AGENCY, blob.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_TAKE = (
    sa.update(blob)
    .where(
        blob.c.agency_id == _AGENCY,
        blob.c.id == sa.bindparam("this", type_=sa.Uuid),
        blob.c.held_by == sa.bindparam("mine"),
    )
    .values(held_by=sa.bindparam("its"))
)
_HAS = sa.select(case_file.c.blob_id).where(
    case_file.c.agency_id == _AGENCY,
    case_file.c.blob_id == sa.bindparam("this", type_=sa.Uuid),
    case_file.c.root_id == sa.bindparam("root", type_=sa.Uuid),
)
_ROOT = sa.select(process_instance.c.root_id, process_instance.c.secrecy).where(
    process_instance.c.agency_id == _AGENCY,
    process_instance.c.id == sa.bindparam("instance", type_=sa.Uuid),
)
_LISTED = (
    sa.select(
        blob.c.id, blob.c.name, blob.c.media_type, blob.c.size, blob.c.sha256, case_file.c.field,
        case_file.c.task_id, case_file.c.added_by, case_file.c.added_at,
    )
    .join_from(case_file, blob, _OF)
    .where(
        case_file.c.agency_id == _AGENCY,
        case_file.c.root_id == sa.bindparam("root", type_=sa.Uuid),
    )
    .order_by(case_file.c.added_at, blob.c.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseFile:
    """`type`: media type. `size` in bytes, `sha256` in hex. `field`: the variable in which it came;
    `task_id` None: with the start.
    """

    id: UUID
    name: str
    type: str
    size: int
    sha256: str
    field: str
    task_id: UUID | None
    added_by: str
    added_at: datetime


def upload_of(username: str) -> str:
    """What holds a file that the person has handed in."""
    return f"upload:{username}"


def case_of(root_id: UUID) -> str:
    """What holds a file of a case."""
    return f"case:{root_id}"


class StoredCaseFiles:
    """Fulfils `engine.ports.CaseFiles` over the rows of stored contents."""

    def known(
        self, db: Connection, agency_id: UUID, username: str, root_id: UUID | None,
        ids: Collection[str],
    ) -> Mapping[str, KnownFile]:  # fmt: skip
        wanted = [one for one in map(_id, ids) if one is not None]
        rows = db.execute(_KNOWN, {"agency": agency_id, "ids": wanted}).all() if wanted else []
        mine = upload_of(username)
        return {
            str(row.id): KnownFile(reference(row), held=row.held_by != mine)
            for row in rows
            if row.held_by == mine or (root_id is not None and row.root_id == root_id)
        }

    def hold(
        self, db: Connection, actor: Actor, root_id: UUID, task_id: UUID | None,
        fields: Mapping[str, Collection[str]], now: datetime,
    ) -> None:  # fmt: skip
        for field, ids in fields.items():
            for one in ids:
                key = {"agency": actor.agency_id, "this": UUID(one)}
                holders = {"mine": upload_of(actor.username), "its": case_of(root_id)}
                if db.execute(_TAKE, key | holders).rowcount:
                    row = {
                        "agency_id": actor.agency_id,
                        "blob_id": UUID(one),
                        "root_id": root_id,
                        "field": field,
                        "task_id": task_id,
                        "added_by": actor.username,
                        "added_at": now,
                    }
                    db.execute(sa.insert(case_file), row)
                elif db.execute(_HAS, key | {"root": root_id}).first() is None:
                    raise _gone()


def _gone() -> Conflict:
    return Conflict(
        "Expected a file that no other case has, but one that was named has come to another"
        " meanwhile, or was taken away. Hand it in again.",
        code="file_gone",
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def reference(row: AnyRow) -> dict[str, Any]:
    """What a variable holds of a file."""
    return {
        "id": str(row.id),
        "name": row.name,
        "type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
    }


def of_case(db: Connection, actor: Actor, instance_id: UUID) -> list[CaseFile]:
    """The files of the case that the instance belongs to, oldest first, also those that a later
    step has replaced; without what the actor's steps hide. Whoever may see the case, and in a
    secret one those alone who may read what is said in it: else none are told.
    """
    check_visible(db, actor, instance_id)
    found = db.execute(_ROOT, {"agency": actor.agency_id, "instance": instance_id}).one()
    if secrecy.kept_from(db, actor, found.root_id, found.secrecy):
        return []
    rows = db.execute(_LISTED, {"agency": actor.agency_id, "root": found.root_id}).all()
    hidden = hidden_from(db, actor, found.root_id) if rows else frozenset()
    return [_case_file(row) for row in rows if row.field not in hidden]


def one_of_case(db: Connection, actor: Actor, instance_id: UUID, file_id: UUID) -> CaseFile:
    """The same of one; NotFound where the case has none that the actor is told of."""
    found = next((one for one in of_case(db, actor, instance_id) if one.id == file_id), None)
    if found is None:
        raise NotFound("Expected a file of this case, but it has none with this id for you.")
    return found


def leave(ctx: Context, root_id: UUID) -> None:
    """The case goes, and its rows with it: its evidence has the files, whose bytes are let go."""
    ctx.db.execute(
        sa.delete(case_file).where(
            case_file.c.agency_id == ctx.actor.agency_id, case_file.c.root_id == root_id
        )
    )
    blobs.let_go_of(ctx, case_of(root_id))


def rows_of(db: Connection, agency_id: UUID, root_id: UUID) -> list[CaseFile]:
    """All files of a case, oldest first: for its evidence."""
    rows = db.execute(_LISTED, {"agency": agency_id, "root": root_id})
    return [_case_file(row) for row in rows]


def _case_file(row: AnyRow) -> CaseFile:
    return CaseFile(
        row.id, row.name, row.media_type, row.size, row.sha256, row.field, row.task_id,
        row.added_by, row.added_at,
    )  # fmt: skip
