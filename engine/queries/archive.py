"""Archived cases, the policies that put them away, and the cases that are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.actor import Actor
from engine.db import UtcDateTime, reading
from engine.errors import Forbidden, NotFound
from engine.models.archive import archive_policy, archived_instance
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from engine.models.granting import SIGHT, granted
from engine.models.instance import IS_ALIVE, process_instance
from engine.queries.page import Page, Window, by_id
from engine.queries.visibility import sees_all

_instance, _definition, _stone = process_instance.c, process_definition.c, archived_instance.c
_policy = archive_policy.c
_AGENCY = sa.bindparam("agency", type_=sa.Uuid)

#: Cases read at once.
PAGE = 100
#: When a case ended, and its id: where it stands among those that are due.
Place = tuple[datetime, UUID]

_POLICIES = (
    sa.select(archive_policy).where(_policy.agency_id == _AGENCY).order_by(_policy.id.desc())
)
_AGENCIES = sa.select(_policy.agency_id).distinct()
_DUE = (
    sa.select(
        _instance.id, _instance.business_key, _instance.title, _instance.ended_at,
        _definition.key.label("definition_key"),
    )
    .join(process_definition, _definition.id == _instance.definition_id)
    .where(
        _instance.agency_id == _AGENCY,
        _instance.id == _instance.root_id,
        _instance.ended_at.is_not(None),
        _instance.definition_id.is_not(None),
        sa.not_(IS_ALIVE),
    )
)  # fmt: skip
_AFTER = sa.or_(
    _instance.ended_at > sa.bindparam("after_at", type_=UtcDateTime),
    sa.and_(
        _instance.ended_at == sa.bindparam("after_at", type_=UtcDateTime),
        _instance.id > sa.bindparam("after_id", type_=sa.Uuid),
    ),
)
_newer = process_definition.alias("newer")
#: Versions that no instance is of, while a newer one is in use.
_UNUSED = (
    sa.select(_definition.id, _definition.key, _definition.version, _definition.withdrawn_at)
    .where(
        _definition.agency_id == _AGENCY,
        sa.exists().where(
            _newer.c.agency_id == _AGENCY,
            _newer.c.key == _definition.key,
            _newer.c.version > _definition.version,
            _newer.c.withdrawn_at.is_(None),
        ),
        sa.not_(
            sa.exists().where(
                _instance.agency_id == _AGENCY, _instance.definition_id == _definition.id
            )
        ),
    )
    .order_by(_definition.key, _definition.version)
)
_STONES = (
    sa.select(
        _stone.id, _stone.definition_key, _stone.definition_version, _stone.definition_name,
        _instance.business_key, _instance.title, _instance.status, _instance.starter,
        _instance.started_at, _instance.ended_at, _stone.archived_at, _stone.archived_by,
        _stone.history_seq, _stone.history_hash, _stone.evidence_sha256, _stone.evidence_size,
        _stone.seal, _stone.stored_sha256, _stone.keep_until, _stone.held_at, _stone.held_by,
        _stone.hold_reason, _stone.destroyed_at, _stone.approved_by, _stone.approved_at,
        _stone.destruction_id,
    )
    .join(process_instance, _instance.id == _stone.id)
    .where(_stone.agency_id == _AGENCY)
)  # fmt: skip
_began, _granted = process_instance.alias("began").c, archived_instance.alias("granted").c
#: Joined, never strung together with OR, as for visibility.VISIBLE.
_SEEN = _stone.id.in_(
    sa.union(
        sa.select(_began.id).where(
            _began.agency_id == _AGENCY, _began.starter == sa.bindparam("me")
        ),
        sa.select(_granted.id).where(
            _granted.agency_id == _AGENCY,
            _granted.definition_key.in_(sa.bindparam("granted", expanding=True)),
        ),
    )
)
_ALL = sa.select(archived_instance).order_by(_stone.agency_id, _stone.id)


@dataclass(frozen=True, slots=True)
class Policy:
    """`definition_key` None: of every process without a policy of its own. `keep_days` None: for
    ever. `destroy_years` None: no archived file of it is ever destroyed.
    """

    id: str
    definition_key: str | None
    keep_days: int | None
    old_versions: bool
    reason: str
    set_by: str
    set_at: datetime
    destroy_years: int | None


@dataclass(frozen=True, slots=True)
class DueCase:
    id: UUID
    definition_key: str
    business_key: str | None
    title: str
    ended_at: datetime
    #: what its policy says: it ended before this
    before: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What stays of a case. `seal` and `evidence_sha256` are of its evidence file, which has
    `events` events up to `head`; also once it was destroyed: whoever has a copy can prove it.
    """

    id: str
    definition_key: str
    definition_version: int
    definition_name: str
    business_key: str | None
    title: str
    status: str
    started_by: str | None
    started_at: datetime
    ended_at: datetime
    archived_at: datetime
    archived_by: str
    events: int
    head: str
    evidence_sha256: str
    evidence_size: int
    seal: str
    keep_until: datetime | None
    held_at: datetime | None
    held_by: str | None
    hold_reason: str | None
    destroyed_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    #: the case in which its destruction was decided
    destruction_id: UUID | None


def policies(db: Connection, agency_id: UUID) -> Sequence[Policy]:
    """All that were ever set, the newest first."""
    rows = db.execute(_POLICIES, {"agency": agency_id}).all()
    names = [name for name in Policy.__dataclass_fields__ if name != "id"]
    return [Policy(str(row.id), **{n: getattr(row, n) for n in names}) for row in rows]


def in_force(every: Sequence[Policy]) -> Mapping[str | None, Policy]:
    """The policy of each process that has one of its own; None: of all others."""
    found: dict[str | None, Policy] = {}
    for one in every:
        found.setdefault(one.definition_key, one)
    return found


def agencies(db: Connection) -> Sequence[UUID]:
    """Those that have ever set a policy."""
    return db.execute(_AGENCIES).scalars().all()


def due(
    database: Engine, agency_id: UUID, now: datetime, after: Place | None = None
) -> Iterator[DueCase]:
    """Ended cases that their policies put away by now, the longest ended first, behind the place.

    Read in pages, each on a connection of its own: much is written between two of them.
    """
    with reading(database) as db:
        limits = _limits(policies(db, agency_id), now)
    if not limits:
        return
    statement, place = _DUE.where(_past(limits)), after
    while True:
        rows = _page(database, statement, agency_id, place)
        for row in rows:
            before = limits.get(row.definition_key, limits.get(None))
            if before is not None:
                yield DueCase(**row._mapping, before=before)  # noqa: SLF001 - public name
        if len(rows) < PAGE:
            return
        place = rows[-1].ended_at, rows[-1].id


def _limits(every: Sequence[Policy], now: datetime) -> dict[str | None, datetime | None]:
    """Before when a case of a process must have ended; None: it stays. Empty: all of them do."""
    found = {
        key: None if policy.keep_days is None else now - timedelta(policy.keep_days)
        for key, policy in in_force(every).items()
    }
    return found if any(found.values()) else {}


def _past(limits: Mapping[str | None, datetime | None]) -> sa.ColumnElement[bool]:
    own = [key for key in limits if key is not None]
    named = {key: before for key, before in limits.items() if before is not None}
    return sa.or_(
        *(
            sa.and_(
                _definition.key.not_in(own) if key is None else _definition.key == key,
                _instance.ended_at < before,
            )
            for key, before in named.items()
        )
    )


def _page(
    database: Engine, statement: sa.Select[Any], agency_id: UUID, after: Place | None
) -> Sequence[AnyRow]:
    given: dict[str, Any] = {"agency": agency_id}
    if after is not None:
        statement = statement.where(_AFTER)
        given |= {"after_at": after[0], "after_id": after[1]}
    ordered = statement.order_by(_instance.ended_at, _instance.id).limit(PAGE)
    with reading(database) as db:
        return db.execute(ordered, given).all()


def unused_versions(db: Connection, agency_id: UUID) -> Sequence[AnyRow]:
    """Old versions without instances, of processes whose policy clears them away."""
    force = in_force(policies(db, agency_id))
    rows = db.execute(_UNUSED, {"agency": agency_id}).all()
    return [row for row in rows if (rule := force.get(row.key, force.get(None)))
            and rule.old_versions]  # fmt: skip


def listing(
    db: Connection,
    actor: Actor,
    *,
    definition_key: str | None = None,
    q: str | None = None,
    page: int = 1,
    page_size: int = 20,
    after: str | None = None,
) -> Page[Tombstone]:
    """The newest case first; `q` is looked for in titles and business keys. Whoever sees every case
    sees all, others those that they started, and those of processes that they were granted to see
    or to administer.
    """
    window = Window(page, page_size, after)
    given: dict[str, Any] = {"agency": actor.agency_id}
    wanted = _STONES
    if not sees_all(actor):
        wanted = wanted.where(_SEEN)
        given |= {"me": actor.username, "granted": sorted(granted(db, actor, *SIGHT))}
    if definition_key:
        wanted = wanted.where(_stone.definition_key == sa.bindparam("key"))
        given["key"] = definition_key
    if q:
        found = _instance.title.contains(q, autoescape=True)
        wanted = wanted.where(sa.or_(found, _instance.business_key.contains(q, autoescape=True)))
    return by_id(db, "archive", wanted, given, _stone.id, window, _tombstone)


def one(db: Connection, actor: Actor, root_id: UUID) -> Tombstone:
    """NotFound where the case is not archived, Forbidden where it is not the actor's to see."""
    return _tombstone(_row(db, actor, root_id))


def stored(db: Connection, actor: Actor, root_id: UUID) -> str:
    """The hash that the squeezed evidence is stored under. Right: audit."""
    row = _row(db, actor, root_id)
    if not (actor.is_system or actor.may("audit")):
        raise Forbidden("Expected the right audit to take a case's evidence.")
    return str(row.stored_sha256)


def _row(db: Connection, actor: Actor, root_id: UUID) -> AnyRow:
    found = _STONES.where(_stone.id == sa.bindparam("id", type_=sa.Uuid))
    row = db.execute(found, {"agency": actor.agency_id, "id": root_id}).first()
    if row is None:
        raise NotFound(f"Expected the id of an archived case, but found none with {root_id}.")
    seen = sees_all(actor) or row.starter == actor.username
    if not (seen or row.definition_key in granted(db, actor, *SIGHT)):
        raise Forbidden(f"Expected someone who may see this case, but {actor.username} may not.")
    return row


def every(db: Connection) -> Iterator[AnyRow]:
    """All tombstones of the house, for proofs."""
    yield from db.execute(_ALL)


def _tombstone(row: AnyRow) -> Tombstone:
    kept = {name: getattr(row, name) for name in _SHOWN}
    return Tombstone(
        id=str(row.id),
        started_by=row.starter,
        events=row.history_seq,
        head=bytes(row.history_hash).hex(),
        **kept,
    )


_SHOWN = frozenset(Tombstone.__dataclass_fields__) - {"id", "started_by", "events", "head"}
