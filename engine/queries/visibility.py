"""Who may see an instance: who started it, was asked or acted in it, or has the right to look."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.models.instance import process_instance
from engine.models.task import task, task_candidate

#: Rights that show every instance of the agency.
SEE_ALL = ("operate", "audit", "see_all")

_ROOT = sa.select(process_instance.c.root_id).where(
    process_instance.c.agency_id == sa.bindparam("agency"),
    process_instance.c.id == sa.bindparam("instance"),
)


def _takes_part(root: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The actor was a candidate, holds or held a task, or completed one."""
    asked = sa.exists().where(
        task_candidate.c.agency_id == sa.bindparam("agency"),
        task_candidate.c.root_id == root,
        task_candidate.c.principal.in_(sa.bindparam("principals", expanding=True)),
        task_candidate.c.barred.is_(False),
    )
    acted = sa.exists().where(
        task.c.agency_id == sa.bindparam("agency"),
        task.c.root_id == root,
        sa.or_(
            task.c.assignee == sa.bindparam("me"),
            task.c.completed_by == sa.bindparam("me"),
            task.c.returned_by == sa.bindparam("me"),
        ),
    )
    return sa.or_(asked, acted)


#: For lists: instances of which the actor may see the row.
VISIBLE = sa.or_(
    process_instance.c.starter == sa.bindparam("me"), _takes_part(process_instance.c.root_id)
)
_SEES = sa.select(process_instance.c.id).where(
    process_instance.c.agency_id == sa.bindparam("agency"),
    process_instance.c.id == sa.bindparam("root"),
    VISIBLE,
)


def sees_all(actor: Actor) -> bool:
    return actor.is_system or any(actor.may(right) for right in SEE_ALL)


def values(actor: Actor) -> dict[str, Any]:
    return {
        "agency": actor.agency_id,
        "me": actor.username,
        "principals": [*actor.principals, f"person:{actor.username}"],
    }


def check_visible(db: Connection, actor: Actor, instance_id: UUID) -> None:
    """NotFound for another agency's instance, Forbidden for one that is not the actor's to see."""
    key = {"agency": actor.agency_id, "instance": instance_id}
    root = db.execute(_ROOT, key).scalar_one_or_none()
    if root is None:
        raise NotFound(f"Expected the id of a process instance, but found none with {instance_id}.")
    if sees_all(actor):
        return
    if db.execute(_SEES, values(actor) | {"root": root}).first() is None:
        raise Forbidden(
            f"Expected someone who takes part in this case, but {actor.username} does not."
        )
