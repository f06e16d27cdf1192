"""The agency's electronic seal, as its page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.deployment import process_definition
from office.documents.access import Row
from office.documents.models import document_seal, seal_key
from office.documents.queries.key_facts import State, facts_of
from office.documents.seals import granted
from office.people.rights import demand

_KEYS = (
    sa.select(seal_key)
    .where(seal_key.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .order_by(seal_key.c.enrolled_at.desc(), seal_key.c.id.desc())
    .limit(20)
)
_USES = sa.select(sa.func.count()).where(
    document_seal.c.agency_id == sa.bindparam("agency", type_=sa.Uuid)
)
_VERSIONS = (
    sa.select(*(process_definition.c[name] for name in ("id", "key", "version", "name")))
    .where(process_definition.c.agency_id == sa.bindparam("agency", type_=sa.Uuid))
    .order_by(process_definition.c.key, process_definition.c.version.desc())
)


@dataclass(frozen=True, slots=True)
class SealKeyRow:
    """`left` is how long the certificate still counts; `token` the label of the hardware token that
    it lies on, `service` the remote service.
    """

    id: str
    organisation: str
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    enrolled_by: str
    enrolled_at: datetime
    state: State
    left: timedelta
    revoked_at: datetime | None
    revoked_reason: str | None
    token: str | None
    service: str | None


@dataclass(frozen=True, slots=True)
class Sealing:
    """The key in use, those before it, the versions of processes that may use it (`key:version`),
    and how many documents bear the seal.
    """

    key: SealKeyRow | None
    past: Sequence[SealKeyRow]
    processes: Sequence[str]
    sealed: int


def sealing(db: Connection, actor: Actor, now: datetime) -> Sealing:
    """Right: accounts."""
    demand(actor, "accounts")
    given = {"agency": actor.agency_id}
    rows = [_key(row, now) for row in db.execute(_KEYS, given)]
    kept = [one for one in rows if one.state not in ("retired", "revoked")]
    return Sealing(
        key=kept[0] if kept else None,
        past=[one for one in rows if one not in kept[:1]],
        processes=[one.code for one in grantable(db, actor) if one.granted],
        sealed=int(db.execute(_USES, given).scalar_one()),
    )


def _key(row: Row, now: datetime) -> SealKeyRow:
    facts = facts_of(row._mapping, SealKeyRow.__dataclass_fields__, now)  # noqa: SLF001 - public
    return SealKeyRow(**facts)


@dataclass(frozen=True, slots=True)
class Grantable:
    """A version of a process. `renewed`: it is the newest, and only earlier ones were granted."""

    code: str
    name: str
    key: str
    version: int
    granted: bool
    renewed: bool


def grantable(db: Connection, actor: Actor) -> Sequence[Grantable]:
    """The newest version of each process, and those that may use the seal. Right: accounts."""
    demand(actor, "accounts")
    may, shown = granted(db, actor.agency_id), []
    for key, versions in groupby(
        db.execute(_VERSIONS, {"agency": actor.agency_id}), key=attrgetter("key")
    ):
        ids = may.get(key, ())
        for place, row in enumerate(versions):
            here = str(row.id) in ids
            if here or not place:
                code = f"{key}:{row.version}"
                name, renewed = row.name or key, bool(ids) and not here
                shown.append(Grantable(code, name, key, row.version, here, renewed))
    return shown
