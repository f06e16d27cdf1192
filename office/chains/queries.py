"""Drafts of chains: all of the agency, and one with its cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from office.chains.model import Chain
from office.chains.models import chain_draft
from office.chains.stored import load

_draft = chain_draft.c
_ALL = sa.select(chain_draft).where(_draft.agency_id == sa.bindparam("agency"))
_LIST = _ALL.order_by(_draft.updated_at.desc(), _draft.id)
_ONE = _ALL.where(_draft.id == sa.bindparam("this"))
_OF_KEY = _ALL.where(_draft.key == sa.bindparam("key"))


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: UUID
    key: str
    name: str
    revision: int
    published_version: int | None
    published_revision: int | None
    published_at: datetime | None
    updated_at: datetime
    updated_by: str
    content: Mapping[str, Any]

    @property
    def changed(self) -> bool:
        """Whether it differs from what was published last."""
        return self.revision != self.published_revision

    @property
    def chain(self) -> Chain:
        return load(self.content)


def drafts(db: Connection, agency_id: UUID) -> Sequence[DraftRow]:
    """The one changed last comes first."""
    return [_row(row) for row in db.execute(_LIST, {"agency": agency_id})]


def draft(db: Connection, agency_id: UUID, draft_id: UUID) -> DraftRow:
    row = db.execute(_ONE, {"agency": agency_id, "this": draft_id}).one_or_none()
    if row is None:
        raise NotFound("Expected an approval chain, but this agency has none with this id.")
    return _row(row)


def draft_of(db: Connection, agency_id: UUID, key: str) -> DraftRow | None:
    """The draft of the process with this key."""
    row = db.execute(_OF_KEY, {"agency": agency_id, "key": key}).one_or_none()
    return None if row is None else _row(row)


def _row(row: sa.Row[Any]) -> DraftRow:
    return DraftRow(*(getattr(row, name) for name in DraftRow.__slots__))
