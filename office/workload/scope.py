"""The units that somebody heads at a moment, with those beneath, and who works in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Forbidden
from office.people.models import holding, person, position, unit
from office.people.queries.moment import AGENCY, joined, now
from office.workload import rules

#: the units meant, in every statement of this room
UNITS: sa.BindParameter[UUID] = sa.bindparam("units", expanding=True, type_=sa.Uuid)

_CODES: sa.BindParameter[str] = sa.bindparam("codes", expanding=True)
_mine = position.alias("mine")
_POSTS = sa.select(position.c.code, position.c.level, position.c.unit_id).where(
    position.c.agency_id == AGENCY,
    position.c.active,
    position.c.unit_id.in_(
        sa.select(_mine.c.unit_id).where(_mine.c.agency_id == AGENCY, _mine.c.code.in_(_CODES))
    ),
)
_TREE = sa.select(unit.c.id, unit.c.parent_id, unit.c.code, unit.c.name).where(
    unit.c.agency_id == AGENCY
)
#: Everybody who holds a post of these units now, once.
MEMBERS = (
    sa.select(person.c.id, person.c.username, person.c.name, person.c.sort_key)
    .join_from(holding, person, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .where(holding.c.agency_id == AGENCY, now(holding), person.c.active)
    .where(position.c.unit_id.in_(UNITS))
    .distinct()
)
#: The units and posts themselves, as diagrams and candidates name them.
PRINCIPALS = sa.union(
    sa.select((sa.literal("unit:") + unit.c.code).label("principal")).where(
        unit.c.agency_id == AGENCY, unit.c.id.in_(UNITS)
    ),
    sa.select((sa.literal("position:") + position.c.code).label("principal")).where(
        position.c.agency_id == AGENCY, position.c.unit_id.in_(UNITS)
    ),
)


@dataclass(frozen=True, slots=True)
class HeadedUnit:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """`heads` are the units that the actor heads; `units` the ids of these and all beneath."""

    heads: Sequence[HeadedUnit]
    units: frozenset[UUID]

    def binds(self, actor: Actor, at: datetime) -> dict[str, Any]:
        return {"agency": actor.agency_id, "units": sorted(self.units), "at": at}


_NOTHING = Scope((), frozenset())


def scope_of(db: Connection, actor: Actor) -> Scope:
    """What the actor heads now, by a post of their own or one that they act for."""
    codes = [p.partition(":")[2] for p in actor.principals if p.startswith("position:")]
    if not codes:
        return _NOTHING
    binds: dict[str, Any] = {"agency": actor.agency_id, "codes": codes}
    highest = rules.heads(rules.Post(*row) for row in db.execute(_POSTS, binds))
    tops = {unit_id for unit_id, posts in highest.items() if posts & set(codes)}
    if not tops:
        return _NOTHING
    rows = db.execute(_TREE, {"agency": actor.agency_id}).all()
    parents: Mapping[UUID, UUID | None] = {row.id: row.parent_id for row in rows}
    heads = sorted((row.name, row.code) for row in rows if row.id in tops)
    named = [HeadedUnit(code, name) for name, code in heads]
    return Scope(named, rules.beneath(parents, tops))


def demand_head(db: Connection, actor: Actor) -> Scope:
    """The same, for who heads a unit; Forbidden for anybody else."""
    found = scope_of(db, actor)
    if not found.heads:
        raise Forbidden(
            f"Expected the head of a unit or who acts for them, but {actor.username} is none.",
            code="not_head",
        )
    return found
