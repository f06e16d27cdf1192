"""What is said in a secret case is not told to who sees it by a right alone, nor to who is not
cleared for it. That it is there, where it stands and who has it, they see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.instance import process_instance
from engine.models.task_row import TaskRow
from engine.queries.visibility import mine, takes_part

#: nothing in the case is secret
OPEN = 1

_ROOT: sa.BindParameter[Any] = sa.bindparam("root")
_DEGREE = sa.select(process_instance.c.secrecy).where(
    process_instance.c.agency_id == sa.bindparam("agency"), process_instance.c.id == _ROOT
)
_PART = sa.select(process_instance.c.id).where(
    process_instance.c.agency_id == sa.bindparam("agency"),
    process_instance.c.id == _ROOT,
    sa.or_(
        process_instance.c.starter == sa.bindparam("me"), takes_part(process_instance.c.root_id)
    ),
)


def is_cleared(actor: Actor, degree: int) -> bool:
    return actor.is_system or degree <= max(actor.clearance, OPEN)


def degree_of(db: Connection, actor: Actor, root_id: UUID) -> int:
    """Of the case with this root."""
    found = db.execute(_DEGREE, {"agency": actor.agency_id, "root": root_id}).scalar_one_or_none()
    return OPEN if found is None else int(found)


def kept_from(db: Connection, actor: Actor, root_id: UUID, degree: int) -> bool:
    """Whether what is said in the case is kept from the actor. Of a case without secrets nothing
    is asked.
    """
    if degree <= OPEN or actor.is_system:
        return False
    if not is_cleared(actor, degree):
        return True
    return db.execute(_PART, mine(actor) | {"root": root_id}).first() is None


def untold(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """The tasks without how they were decided, and why they came back."""
    return [replace(row, outcome=None, because_reason=None) for row in rows]
