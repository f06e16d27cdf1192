"""How those whom a diagram or a card names stand at a moment: who can act, or why nobody can."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Principal
from engine.ports import Directory
from office.people.models import leave, person, position, role, unit
from office.people.queries.moment import AGENCY, joined, now

#: why nobody can act: there is none so named, the post or unit was closed, the person has left,
#: nobody holds it and nobody acts for it, or all who could are on leave
Shortfall: TypeAlias = Literal["", "unknown", "closed", "left", "vacant", "away"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One principal. `able`: sign-in names of who can act now, those acting for it included;
    `away`: those of them on leave. `of`: what its page is found by, a person's id, or the code of
    the committee that it is a seat of or is itself; empty for the others.
    """

    principal: Principal
    name: str = ""
    name_en: str = ""
    able: tuple[str, ...] = ()
    away: tuple[str, ...] = ()
    shortfall: Shortfall = ""
    of: str = ""


_CODES: sa.BindParameter[str] = sa.bindparam("codes", expanding=True)
_COMMITTEE = sa.case((unit.c.kind == "committee", unit.c.code), else_="")
#: (code, name, English name, whether it is in use, what its page is found by)
_NAMED: Mapping[str, sa.Select[Any]] = {
    "person": sa.select(
        person.c.username, person.c.name, person.c.name_en, person.c.active, person.c.id
    ).where(person.c.agency_id == AGENCY, person.c.username.in_(_CODES)),
    "position": sa.select(
        position.c.code, position.c.name, position.c.name_en, position.c.active, _COMMITTEE
    )
    .join_from(position, unit, joined(position, "unit_id", unit))
    .where(position.c.agency_id == AGENCY, position.c.code.in_(_CODES)),
    "role": sa.select(
        role.c.code, role.c.name, role.c.name_en, sa.true(), sa.literal("")
    ).where(role.c.agency_id == AGENCY, role.c.code.in_(_CODES)),
    "unit": sa.select(unit.c.code, unit.c.name, unit.c.name_en, unit.c.active, _COMMITTEE).where(
        unit.c.agency_id == AGENCY, unit.c.code.in_(_CODES)
    ),
}  # fmt: skip
_AWAY = (
    sa.select(person.c.username)
    .join_from(leave, person, joined(leave, "person_id", person))
    .where(leave.c.agency_id == AGENCY, leave.c.cancelled_at.is_(None), now(leave))
    .where(person.c.username.in_(_CODES))
)


def standings(
    db: Connection,
    agency_id: UUID,
    principals: Sequence[Principal],
    at: datetime,
    directory: Directory,
) -> Mapping[Principal, Standing]:
    """Each principal's; one of a kind that nobody knows is unknown as well."""
    asked = list(dict.fromkeys(principals))
    known = _known(db, agency_id, asked)
    able = {one: tuple(sorted(directory.who_can_act(db, agency_id, [one], at))) for one in known}
    away = _on_leave(db, agency_id, sorted({name for names in able.values() for name in names}), at)
    return {one: _standing(one, known.get(one), able.get(one, ()), away) for one in asked}


def _known(
    db: Connection, agency_id: UUID, asked: Sequence[Principal]
) -> Mapping[Principal, tuple[str, str, bool, str]]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for principal in asked:
        kind, _colon, code = principal.partition(":")
        by_kind[kind].append(code)
    found: dict[Principal, tuple[str, str, bool, str]] = {}
    for kind in by_kind.keys() & _NAMED.keys():
        rows = db.execute(_NAMED[kind], {"agency": agency_id, "codes": by_kind[kind]})
        found |= {
            f"{kind}:{code}": (name, name_en, bool(used), str(of))
            for code, name, name_en, used, of in rows
        }
    return found


def _on_leave(
    db: Connection, agency_id: UUID, usernames: Sequence[str], at: datetime
) -> frozenset[str]:
    if not usernames:
        return frozenset()
    binds = {"agency": agency_id, "codes": usernames, "at": at}
    return frozenset(db.execute(_AWAY, binds).scalars())


def _standing(
    principal: Principal,
    known: tuple[str, str, bool, str] | None,
    able: tuple[str, ...],
    on_leave: frozenset[str],
) -> Standing:
    if known is None:
        return Standing(principal, shortfall="unknown")
    name, name_en, used, of = known
    away = tuple(one for one in able if one in on_leave)
    shortfall: Shortfall = ""
    if not able and not used:
        shortfall = "left" if principal.startswith("person:") else "closed"
    elif not able:
        shortfall = "vacant"
    elif len(away) == len(able):
        shortfall = "away"
    return Standing(principal, name, name_en or name, able, away, shortfall, of)
