"""The units that somebody heads at a moment, with those beneath, and who works in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Authority
from engine.errors import Forbidden
from office.people.models import holding, person, position, unit
from office.people.queries.acting import posts_acted_for
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
class Headship:
    """`units`: the ids of what is headed by this authority, and of all beneath."""

    authority: Authority
    units: frozenset[UUID]

    def binds(self, actor: Actor, at: datetime) -> dict[str, Any]:
        return _binds(self.units, actor, at)


@dataclass(frozen=True, slots=True)
class Scope:
    """`heads` are the units that the actor heads; `by` what they head them by, their own right
    first.
    """

    heads: Sequence[HeadedUnit]
    by: Sequence[Headship]

    def binds(self, actor: Actor, at: datetime) -> dict[str, Any]:
        return _binds(frozenset().union(*(one.units for one in self.by)), actor, at)


def _binds(units: frozenset[UUID], actor: Actor, at: datetime) -> dict[str, Any]:
    return {"agency": actor.agency_id, "units": sorted(units), "at": at}


_NOTHING = Scope((), ())


def scope_of(db: Connection, actor: Actor, at: datetime) -> Scope:
    """What the actor heads now, by a post of their own or one that they act for.

    An order limited to some kinds or subjects lends no headship: a unit's work is of all kinds.
    """
    posts = _posts_by(db, actor, at)
    highest = _highest(db, actor, posts)
    by: dict[Authority, set[UUID]] = {}
    for code, authority in posts.items():
        tops = {unit_id for unit_id, found in highest.items() if code in found}
        if tops:
            by.setdefault(authority, set()).update(tops)
    if not by:
        return _NOTHING
    rows = db.execute(_TREE, {"agency": actor.agency_id}).all()
    parents: Mapping[UUID, UUID | None] = {row.id: row.parent_id for row in rows}
    headed = frozenset().union(*by.values())
    heads = sorted((row.name, row.code) for row in rows if row.id in headed)
    return Scope(
        [HeadedUnit(code, name) for name, code in heads],
        [Headship(how, rules.beneath(parents, tops)) for how, tops in by.items()],
    )


def heads_any(db: Connection, actor: Actor, at: datetime) -> bool:
    """Whether there is a unit that the actor heads now: one statement, for a menu."""
    posts = _posts_by(db, actor, at)
    return any(found & posts.keys() for found in _highest(db, actor, posts).values())


def _highest(db: Connection, actor: Actor, codes: Collection[str]) -> Mapping[UUID, frozenset[str]]:
    """The units that have these posts, each with the posts that head it."""
    if not codes:
        return {}
    binds: dict[str, Any] = {"agency": actor.agency_id, "codes": [*codes]}
    return rules.heads(rules.Post(*row) for row in db.execute(_POSTS, binds))


def _posts_by(db: Connection, actor: Actor, at: datetime) -> Mapping[str, Authority]:
    """Codes of posts with what they are held by: own ones first, then those lent without limit."""
    found, lent = {}, False
    for principal, authority in actor.principals.items():
        kind, _, code = principal.partition(":")
        if kind != "position":
            continue
        if authority.instrument_id is None:
            found[code] = authority
        lent = lent or authority.instrument_id is not None
    if lent and actor.person_id is not None:
        for post in posts_acted_for(db, actor.agency_id, actor.person_id, at):
            if not (post.kinds or post.subjects):
                code = post.position_code
                found.setdefault(code, Authority(post.instrument_id, f"position:{code}"))
    return found


def demand_head(db: Connection, actor: Actor, at: datetime) -> Scope:
    """The same, for who heads a unit; Forbidden for anybody else."""
    found = scope_of(db, actor, at)
    if not found.heads:
        raise Forbidden(
            f"Expected the head of a unit or who acts for them, but {actor.username} is none.",
            code="not_head",
        )
    return found
