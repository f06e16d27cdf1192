"""Drafts of diagrams: all of the agency, and one with its text and its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.models.columns import AnyRow
from engine.models.deployment import process_definition
from office.modeling.models import model_draft, model_file

_draft, _file = model_draft.c, model_file.c


@dataclass(frozen=True, slots=True)
class DraftRow:
    """`base_version`: of the deployed process that it began as, or was published as last."""

    id: UUID
    key: str
    name: str
    file_name: str
    revision: int
    published_revision: int | None
    base_definition_id: UUID | None
    base_version: int | None
    created_at: datetime
    updated_at: datetime
    updated_by: str

    @property
    def changed(self) -> bool:
        """Whether it differs from the deployed version that it stands on."""
        return self.revision != self.published_revision

    @property
    def title(self) -> str:
        return self.name or self.key or self.file_name


_ROWS = (
    sa.select(
        *(_draft[name] for name in DraftRow.__slots__ if name != "base_version"),
        process_definition.c.version.label("base_version"),
    )
    .join_from(
        model_draft, process_definition,
        sa.and_(
            process_definition.c.agency_id == _draft.agency_id,
            process_definition.c.id == _draft.base_definition_id,
        ),
        isouter=True,
    )
    .where(_draft.agency_id == sa.bindparam("agency"))
)  # fmt: skip
_LIST = _ROWS.order_by(_draft.updated_at.desc(), _draft.id.desc())
_ONE = _ROWS.where(_draft.id == sa.bindparam("this"))
_OF_BASE = _LIST.where(_draft.base_definition_id == sa.bindparam("base")).limit(1)
_XML = sa.select(_draft.xml).where(
    _draft.agency_id == sa.bindparam("agency"), _draft.id == sa.bindparam("this")
)
_FILES = (
    sa.select(_file.name, _file.content)
    .where(_file.agency_id == sa.bindparam("agency"), _file.draft_id == sa.bindparam("this"))
    .order_by(_file.name)
)


def drafts(db: Connection, agency_id: UUID) -> Sequence[DraftRow]:
    """The one changed last comes first."""
    return [_row(row) for row in db.execute(_LIST, {"agency": agency_id})]


def draft(db: Connection, agency_id: UUID, draft_id: UUID) -> DraftRow:
    row = db.execute(_ONE, {"agency": agency_id, "this": draft_id}).one_or_none()
    if row is None:
        raise NotFound("Expected a draft of a diagram, but this agency has none with this id.")
    return _row(row)


def draft_of(db: Connection, agency_id: UUID, definition_id: UUID) -> DraftRow | None:
    """The draft that stands on this deployed version; of several the one changed last."""
    row = db.execute(_OF_BASE, {"agency": agency_id, "base": definition_id}).first()
    return None if row is None else _row(row)


def xml(db: Connection, agency_id: UUID, draft_id: UUID) -> str:
    """The diagram's text."""
    found = db.execute(_XML, {"agency": agency_id, "this": draft_id}).scalar_one_or_none()
    if found is None:
        raise NotFound("Expected a draft of a diagram, but this agency has none with this id.")
    return str(found)


def beside(db: Connection, agency_id: UUID, draft_id: UUID) -> Mapping[str, bytes]:
    """The files that are deployed with the diagram, by name."""
    rows = db.execute(_FILES, {"agency": agency_id, "this": draft_id})
    return {row.name: bytes(row.content) for row in rows}


def files(
    db: Connection, agency_id: UUID, row: DraftRow, text: str | None = None
) -> Mapping[str, bytes]:
    """All that a deployment of the draft takes; `text` in place of the diagram's own."""
    drawn = xml(db, agency_id, row.id) if text is None else text
    return {**beside(db, agency_id, row.id), row.file_name: drawn.encode()}


def _row(row: AnyRow) -> DraftRow:
    return DraftRow(*(getattr(row, name) for name in DraftRow.__slots__))
