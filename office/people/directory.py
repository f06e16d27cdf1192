"""The engine's Directory over our tables: few constant statements, all of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Principal
from engine.joint import APART
from engine.ports import Candidate
from office.people.models import holding, instrument, person, person_role, position, role, unit
from office.people.queries.moment import AGENCY, IN_FORCE, joined, now

_CODES: sa.BindParameter[str] = sa.bindparam("codes", expanding=True)


def _named(table: sa.FromClause, code: str) -> sa.Select[Any]:
    return sa.select(table.c[code], table.c.name).where(
        table.c.agency_id == AGENCY, table.c[code].in_(_CODES)
    )


_DESCRIBE: Mapping[str, sa.Select[Any]] = {
    "person": _named(person, "username").add_columns(person.c.active),
    "position": _named(position, "code"),
    "role": _named(role, "code"),
    "unit": _named(unit, "code"),
}

_HOLDING_PERSONS = (
    sa.select(person.c.username)
    .join_from(holding, person, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .where(holding.c.agency_id == AGENCY, now(holding), person.c.active)
)
_ACTING_PERSONS = (
    sa.select(person.c.username)
    .join_from(instrument, person, joined(instrument, "person_id", person))
    .join(position, joined(instrument, "position_id", position))
    .where(instrument.c.agency_id == AGENCY, IN_FORCE, person.c.active)
)
_WHO: Mapping[str, sa.Executable] = {
    "person": sa.select(person.c.username).where(
        person.c.agency_id == AGENCY, person.c.active, person.c.username.in_(_CODES)
    ),
    "position": sa.union(
        _HOLDING_PERSONS.where(position.c.code.in_(_CODES)),
        _ACTING_PERSONS.where(position.c.code.in_(_CODES)),
    ),
    "role": sa.select(person.c.username)
    .join_from(person_role, person, joined(person_role, "person_id", person))
    .join(role, joined(person_role, "role_id", role))
    .where(person_role.c.agency_id == AGENCY, now(person_role), person.c.active)
    .where(role.c.code.in_(_CODES)),
    "unit": _HOLDING_PERSONS.join(unit, joined(position, "unit_id", unit)).where(
        unit.c.code.in_(_CODES)
    ),
}

_ABOVE = position.alias("above")
_SUPERIOR = (
    sa.select(_ABOVE.c.code)
    .join_from(person, holding, joined(holding, "person_id", person))
    .join(position, joined(holding, "position_id", position))
    .join(_ABOVE, joined(position, "superior_id", _ABOVE))
    .where(person.c.agency_id == AGENCY, person.c.username == sa.bindparam("username"))
    .where(now(holding))
    .order_by(holding.c.is_primary.desc(), position.c.code)
    .limit(1)
)
_ABOVE_POST = (
    sa.select(_ABOVE.c.code)
    .join_from(position, _ABOVE, joined(position, "superior_id", _ABOVE))
    .where(position.c.agency_id == AGENCY, position.c.code == sa.bindparam("code"))
)


class StoredDirectory:
    """Satisfies `engine.ports.Directory`. Asked in the middle of turns, which write none of it."""

    def describe(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal]
    ) -> Mapping[Principal, Candidate]:
        found: dict[Principal, Candidate] = {}
        for kind, codes in _by_kind(principals).items():
            binds = {"agency": agency_id, "codes": codes}
            for code, name, *active in db.execute(_DESCRIBE[kind], binds, execution_options=APART):
                left = active == [False]
                found[f"{kind}:{code}"] = Candidate(kind, code, name, left)
        return found

    def superior(
        self, db: Connection, agency_id: UUID, username: str, at: datetime, level: int = 1
    ) -> Principal | None:
        binds = {"agency": agency_id, "username": username, "at": at}
        code = db.execute(_SUPERIOR, binds, execution_options=APART).scalar_one_or_none()
        for _ in range(level - 1):
            above = {"agency": agency_id, "code": code}
            if code is not None:
                found = db.execute(_ABOVE_POST, above, execution_options=APART)
                code = found.scalar_one_or_none()
        return None if code is None else f"position:{code}"

    def who_can_act(
        self, db: Connection, agency_id: UUID, principals: Sequence[Principal], at: datetime
    ) -> frozenset[str]:
        found: set[str] = set()
        for kind, codes in _by_kind(principals).items():
            binds = {"agency": agency_id, "codes": codes, "at": at}
            found.update(db.execute(_WHO[kind], binds, execution_options=APART).scalars())
        return frozenset(found)


def _by_kind(principals: Iterable[Principal]) -> Mapping[str, list[str]]:
    """Codes grouped by kind; kinds that nobody knows are left out, as unknown codes are."""
    grouped: dict[str, list[str]] = {}
    for principal in principals:
        kind, _colon, code = principal.partition(":")
        if kind in _WHO:
            grouped.setdefault(kind, []).append(code)
    return grouped
