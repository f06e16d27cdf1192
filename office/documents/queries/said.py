"""What was said about a document, and who may see it and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.documents import access
from office.documents.models import document_reader, document_version, endorsement

_AGENCY, _DOCUMENT = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("document", type_=sa.Uuid)


@dataclass(frozen=True, slots=True)
class EndorsementRow:
    """เกษียน. `version` is the ordinal it was said about; `lapsed_at`: a return made it void."""

    ordinal: int
    element_id: str
    level: str
    username: str
    name: str
    #: as they were then; None: of before they were kept
    position_lines: Sequence[str] | None
    on_behalf_of: str | None
    instrument_id: UUID | None
    outcome: str | None
    #: in the words of its diagram, where those were kept
    outcome_name: str | None
    text: str
    skipped: bool
    at: datetime
    lapsed_at: datetime | None
    version: int
    version_sha256: str


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """`because` is drafter, task or receiver."""

    principal: str
    because: str
    since: datetime


_SAID = (
    sa.select(
        *(endorsement.c[name] for name in EndorsementRow.__slots__ if name in endorsement.c),
        document_version.c.ordinal.label("version"),
    )
    .join(
        document_version,
        sa.and_(
            document_version.c.agency_id == endorsement.c.agency_id,
            document_version.c.id == endorsement.c.version_id,
        ),
    )
    .where(endorsement.c.agency_id == _AGENCY, endorsement.c.document_id == _DOCUMENT)
    .order_by(endorsement.c.ordinal)
)
_READERS = (
    sa.select(document_reader.c.principal, document_reader.c.because, document_reader.c.since)
    .where(document_reader.c.agency_id == _AGENCY, document_reader.c.document_id == _DOCUMENT)
    .order_by(document_reader.c.since, document_reader.c.principal)
)


def endorsements(db: Connection, actor: Actor, document_id: UUID) -> Sequence[EndorsementRow]:
    """Everything said, in order, lapsed endorsements included."""
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id}
    return [EndorsementRow(**row._mapping) for row in db.execute(_SAID, binds)]  # noqa: SLF001 - public name


def readers(db: Connection, actor: Actor, document_id: UUID) -> Sequence[ReaderRow]:
    """Who can see the document, by what, and since when. Whoever has the right to read every
    letter can besides, unless it is secret.
    """
    access.check_reader(db, actor, access.find(db, actor.agency_id, document_id))
    binds = {"agency": actor.agency_id, "document": document_id}
    return [ReaderRow(*row) for row in db.execute(_READERS, binds)]
