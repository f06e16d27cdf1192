"""Whether what history tells of destroyed files holds: for the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine import jsonio
from engine.models.archive import DESTROYED, archived_instance
from engine.models.columns import AnyRow
from engine.models.history import history_event
from engine.queries.destruction import (
    APPROVE,
    APPROVED,
    EVENT,
    Asked,
    Word,
    asked,
    items,
    last,
    list_hash,
    vouched,
    words,
)
from engine.queries.finding import Finding

_AGENCY, _THIS = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("this", type_=sa.Uuid)
_stone = archived_instance.c
_GONE = (
    sa.select(archived_instance)
    .where(_stone.destroyed_at.is_not(None))
    .order_by(_stone.agency_id, _stone.id)
)
_TOLD = (
    sa.select(history_event.c.data, history_event.c.at)
    .where(
        history_event.c.agency_id == _AGENCY,
        history_event.c.root_id == _THIS,
        history_event.c.type == EVENT,
    )
    .order_by(history_event.c.seq.desc())
    .limit(1)
)
_ARCHIVED = sa.select(_stone.id).where(_stone.agency_id == _AGENCY, _stone.id == _THIS)


def tombstones(db: Connection) -> Iterator[AnyRow]:
    """Tombstones of the house whose files are gone."""
    yield from db.execute(_GONE)


def broken(db: Connection) -> Iterator[Finding]:
    """Destroyed cases whose own history does not say so, or says it otherwise, or whose destruction
    nobody asked for and approved (I2).
    """
    decided: dict[UUID | None, _Decided] = {}
    for row in tombstones(db):
        this = row.destruction_id
        if this not in decided:
            decided[this] = _Decided.of(db, row.agency_id, this)
        wrong = _untold(db, row) or decided[this].against(row)
        if wrong is not None:
            yield Finding("I2", str(row.agency_id), str(row.id), wrong)


def _untold(db: Connection, row: AnyRow) -> str | None:
    found = db.execute(_TOLD, {"agency": row.agency_id, "this": row.id}).first()
    if found is None:
        return "the archived evidence was destroyed, but history does not say so"
    told: dict[str, Any] = jsonio.loads(found.data)
    stands = {
        "evidence_sha256": row.evidence_sha256,
        "seal": row.seal,
        "approved_by": row.approved_by,
        "approved_at": row.approved_at,
        "destruction": str(row.destruction_id),
        "destroyed_at": row.destroyed_at,
    }
    said = {**told, "destroyed_at": found.at, "approved_at": _moment(told.get("approved_at"))}
    differ = [name for name, value in stands.items() if said.get(name) != value]
    return f"the tombstone and history differ in {', '.join(differ)}" if differ else None


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Decided:
    """A destruction as the audit finds it, read once for all of its files."""

    wish: Asked | None
    went: frozenset[UUID]
    #: its rows are in its own evidence, which tells of the rest
    archived: bool
    same_list: bool
    said: Word | None

    @classmethod
    def of(cls, db: Connection, agency_id: UUID, destruction_id: UUID) -> _Decided:
        this = (agency_id, destruction_id)
        lines = items(db, *this)
        stone = db.execute(_ARCHIVED, {"agency": agency_id, "this": destruction_id}).first()
        return cls(
            asked(db, *this),
            frozenset(one.case_id for one in lines if one.fate == DESTROYED),
            stone is not None,
            vouched(db, *this) == list_hash(lines),
            last(words(db, *this), APPROVE),
        )

    def against(self, row: AnyRow) -> str | None:
        """What speaks against the approval of this tombstone's destruction."""
        if self.wish is None:
            return "the archived evidence was destroyed, but nobody asked for its destruction"
        if row.id not in self.went:
            return "the archived evidence was destroyed, but no list condemned it"
        if self.archived:
            return None
        if not self.same_list:
            return "the list of its destruction is not the one that was decided about"
        if self.said is None or self.said.outcome != APPROVED:
            return "the archived evidence was destroyed, but the head did not approve it"
        others = (self.wish.asker, *self.wish.committee)
        told = (row.approved_by, row.approved_at)
        if (self.said.by, self.said.at) != told or self.said.by in others:
            return "the archived evidence was destroyed on the word of somebody else"
        return None
