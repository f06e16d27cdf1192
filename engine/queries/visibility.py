"""Who may see an instance: who started it, was asked or acted in it, was granted its process, or
has the right to look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from engine.models.deployment import process_definition
from engine.models.granting import SIGHT, granted, reach
from engine.models.instance import process_instance
from engine.models.task import task, task_candidate

#: Rights that show every instance of the agency.
SEE_ALL = ("operate", "audit", "see_all")

_ROOT = sa.select(process_instance.c.root_id).where(
    process_instance.c.agency_id == sa.bindparam("agency"),
    process_instance.c.id == sa.bindparam("instance"),
    # an archived case is seen by its tombstone
    process_instance.c.definition_id.is_not(None),
)

_AGENCY: sa.BindParameter[Any] = sa.bindparam("agency")
_ME: sa.BindParameter[Any] = sa.bindparam("me")
_ASKED = (
    task_candidate.c.agency_id == _AGENCY,
    task_candidate.c.principal.in_(sa.bindparam("principals", expanding=True)),
    task_candidate.c.barred.is_(False),
)
#: The ways in which somebody acts in a task: each has its index. Whoever completed one is its
#: assignee too, and is found by the one index alone.
_ACTED = tuple(
    (task.c.agency_id == _AGENCY, column == _ME, column.is_not(None), *more)
    for column, *more in (
        (task.c.assignee, task.c.completed_by.is_(None)),
        (task.c.completed_by,),
        (task.c.returned_by,),
    )
)


def takes_part(root: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The actor was a candidate, holds or held a task, or completed one."""
    asked = sa.exists().where(*_ASKED, task_candidate.c.root_id == root)
    acted = sa.exists().where(
        task.c.agency_id == _AGENCY,
        task.c.root_id == root,
        sa.or_(task.c.assignee == _ME, task.c.completed_by == _ME, task.c.returned_by == _ME),
    )
    return sa.or_(asked, acted)


#: Root instances that the actor takes part in. Joined by UNION, never by OR: for an OR a planner
#: finds no index, and asks every case of the house whose it is.
_ROOTS = sa.union(
    sa.select(task_candidate.c.root_id).where(*_ASKED),
    *(sa.select(task.c.root_id).where(*acted) for acted in _ACTED),
).subquery("taken_part")
_started, _below = process_instance.alias("started"), process_instance.alias("below")
_called, _whole = process_instance.alias("called"), process_instance.alias("whole")
_OF_PROCESSES = sa.select(process_definition.c.id).where(
    process_definition.c.agency_id == _AGENCY,
    # Read before: a planner that cannot tell how many there are asks every case of the house.
    process_definition.c.key.in_(sa.bindparam("granted", expanding=True)),
)
#: Cases of the processes that the actor was granted to see, or to administer.
_GRANTED = (
    sa.select(_whole.c.id)
    .where(_whole.c.agency_id == _AGENCY, _whole.c.definition_id.in_(_OF_PROCESSES))
    .subquery("granted")
)
#: For lists: instances of which the actor may see the row.
VISIBLE = process_instance.c.id.in_(
    sa.union(
        sa.select(_started.c.id).where(_started.c.agency_id == _AGENCY, _started.c.starter == _ME),
        sa.select(_below.c.id)
        .join(_ROOTS, _ROOTS.c.root_id == _below.c.root_id)
        .where(_below.c.agency_id == _AGENCY),
        # by the process of the whole case: what it calls is seen with it
        sa.select(_called.c.id)
        .join(_GRANTED, _GRANTED.c.id == _called.c.root_id)
        .where(_called.c.agency_id == _AGENCY),
    )
)
_case = process_instance.alias("case")
#: The process of the whole case.
_PROCESSES = (
    sa.select(process_instance.c.id, process_definition.c.key)
    .join(_case, _case.c.id == process_instance.c.root_id)
    .join(process_definition, process_definition.c.id == _case.c.definition_id)
    .where(process_instance.c.agency_id == _AGENCY)
    .where(process_instance.c.id.in_(sa.bindparam("instances", expanding=True)))
)
_SEES = sa.select(process_instance.c.id).where(
    process_instance.c.agency_id == _AGENCY,
    process_instance.c.id == sa.bindparam("root"),
    sa.or_(
        process_instance.c.starter == _ME,
        process_instance.c.definition_id.in_(_OF_PROCESSES),
        takes_part(process_instance.c.root_id),
    ),
)


def sees_all(actor: Actor) -> bool:
    return actor.is_system or any(actor.may(right) for right in SEE_ALL)


def values(db: Connection, actor: Actor) -> dict[str, Any]:
    return {**mine(actor), "granted": sorted(granted(db, actor, *SIGHT))}


def mine(actor: Actor) -> dict[str, Any]:
    """Who asks, for statements about tasks alone."""
    return {
        "agency": actor.agency_id,
        "me": actor.username,
        "principals": [*actor.principals, f"person:{actor.username}"],
    }


def keeps(db: Connection, actor: Actor, instance_id: UUID) -> bool:
    """Whether the actor keeps the case going: an operator, or who administers its process."""
    mine = reach(db, actor, "operate")
    if not mine.processes:
        return mine.processes is None
    return mine.over(processes_of(db, actor.agency_id, [instance_id]).get(instance_id))


def processes_of(
    db: Connection, agency_id: UUID, instances: Collection[UUID]
) -> Mapping[UUID, str]:
    """The process of the whole case that each of the instances belongs to."""
    key = {"agency": agency_id, "instances": list(instances)}
    return {row.id: row.key for row in db.execute(_PROCESSES, key)}


def of_granted(root: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """For lists: the case with the id `root` is of one of the processes that `granted` names. They
    are read before, as for VISIBLE.
    """
    return sa.exists().where(
        _case.c.agency_id == _AGENCY,
        _case.c.id == root,
        process_definition.c.id == _case.c.definition_id,
        process_definition.c.key.in_(sa.bindparam("granted", expanding=True)),
    )


def check_visible(db: Connection, actor: Actor, instance_id: UUID) -> None:
    """NotFound for another agency's instance, Forbidden for one that is not the actor's to see."""
    key = {"agency": actor.agency_id, "instance": instance_id}
    root = db.execute(_ROOT, key).scalar_one_or_none()
    if root is None:
        raise NotFound(f"Expected the id of a process instance, but found none with {instance_id}.")
    if sees_all(actor):
        return
    if db.execute(_SEES, values(db, actor) | {"root": root}).first() is None:
        raise Forbidden(
            f"Expected someone who takes part in this case, but {actor.username} does not."
        )
