"""Whom words name: posts, roles, units and persons, by what they are called or by their codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Principal
from office.people.models import person, position, role, unit
from office.people.queries.moment import AGENCY, joined
from office.people.queries.persons import named_like

#: the kinds of principals, in the order in which they are offered
KINDS = ("position", "role", "unit", "person")


@dataclass(frozen=True, slots=True)
class Found:
    """`unit` is the name of a post's unit, empty for the others."""

    principal: Principal
    name: str
    name_en: str
    unit: str = ""


_NONE = sa.literal("")
_SELECTS: Mapping[str, sa.Select[Any]] = {
    "position": sa.select(position.c.code, position.c.name, position.c.name_en, unit.c.name)
    .join_from(position, unit, joined(position, "unit_id", unit))
    .where(position.c.agency_id == AGENCY, position.c.active)
    .order_by(position.c.code),
    "role": sa.select(role.c.code, role.c.name, role.c.name_en, _NONE)
    .where(role.c.agency_id == AGENCY)
    .order_by(role.c.code),
    "unit": sa.select(unit.c.code, unit.c.name, unit.c.name_en, _NONE)
    .where(unit.c.agency_id == AGENCY, unit.c.active)
    .order_by(unit.c.code),
    "person": sa.select(person.c.username, person.c.name, person.c.name_en, _NONE)
    .where(person.c.agency_id == AGENCY, person.c.active)
    .order_by(person.c.sort_key, person.c.id),
}
_CALLED: Mapping[str, Sequence[sa.ColumnElement[str]]] = {
    "position": (position.c.name, position.c.name_en, position.c.code),
    "role": (role.c.name, role.c.name_en, role.c.code),
    "unit": (unit.c.name, unit.c.name_en, unit.c.code),
    "person": (person.c.name, person.c.name_en, person.c.username),
}


def offered(
    db: Connection, agency_id: UUID, kinds: Sequence[str], q: str, most: int
) -> list[Found]:
    """Those of these kinds that can be named, at most so many of each; `q` is part of a name or
    code.
    """
    q = q.strip()
    found: list[Found] = []
    for kind in kinds:
        wanted = _SELECTS[kind].limit(most)
        if q:
            wanted = wanted.where(_named_like(kind, q))
        found += _rows(db, agency_id, kind, wanted)
    return found


def _named_like(kind: str, q: str) -> sa.ColumnElement[bool]:
    if kind == "person":
        return named_like(q)
    return sa.or_(*(one.icontains(q, autoescape=True) for one in _CALLED[kind]))


def called(db: Connection, agency_id: UUID, kinds: Sequence[str], name: str) -> list[Principal]:
    """Those with exactly this name or code; of each kind two are enough to show that it is not
    unique.
    """
    found: dict[Principal, None] = {}
    for kind in kinds:
        same = (one == name for one in _CALLED[kind])
        wanted = _SELECTS[kind].where(sa.or_(*same)).limit(2)
        found |= dict.fromkeys(one.principal for one in _rows(db, agency_id, kind, wanted))
    return list(found)


def _rows(db: Connection, agency_id: UUID, kind: str, wanted: sa.Select[Any]) -> Iterator[Found]:
    for code, name, name_en, of in db.execute(wanted, {"agency": agency_id}):
        yield Found(f"{kind}:{code}", name, name_en, of)
