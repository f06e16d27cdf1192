"""What happens between the two commits of a signature, shared by the request and the job: the
letter's final words, and the look at what was signed before it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from engine.db import reading
from engine.errors import Conflict
from office.documents import paper
from office.documents.access import find
from office.documents.commands.recording import Evidence
from office.documents.enclosing import with_types
from office.documents.letters import printable
from office.documents.models import document_version, preparer, signature
from office.documents.ports import Desk
from office.documents.seals import standing
from office.documents.trust import trusted
from office.files.models import blob
from office.files.uploads import keep
from signing.sign import Sealed, Signed
from signing.verify import verify_kept

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A row of `signature`, and where its bytes lie while it waits for a device or a timestamp."""

    id: UUID
    agency_id: UUID
    document_id: UUID
    task_id: UUID
    state: str
    field: str
    username: str
    name: str
    position_lines: Sequence[str]
    mode: str | None
    instrument_ref: str | None
    #: None: the first of two signatures, which takes no number
    number_id: UUID | None
    number: str
    dated: date
    version_id: UUID
    version_sha256: str
    key_id: UUID
    reserved_at: datetime
    cause: str | None
    held_sha256: str | None


_ATTEMPT = (
    sa.select(
        *(signature.c[name] for name in Attempt.__slots__ if name in signature.c),
        blob.c.sha256.label("held_sha256"),
    )
    .outerjoin(
        blob, sa.and_(blob.c.agency_id == signature.c.agency_id, blob.c.id == signature.c.blob_id)
    )
    .where(
        signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signature.c.id == sa.bindparam("id", type_=sa.Uuid),
    )
)


def attempt(db: Connection, agency_id: UUID, signature_id: UUID) -> Attempt:
    row = db.execute(_ATTEMPT, {"agency": agency_id, "id": signature_id}).one()
    return Attempt(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def closing_words(engine: Engine, begun: Attempt) -> dict[str, Any]:
    """The frozen text with everything that the end of the route decided."""
    with reading(engine, begun.agency_id) as db:
        frozen = db.execute(
            sa.select(document_version.c.content, document_version.c.attachments).where(
                document_version.c.agency_id == begun.agency_id,
                document_version.c.id == begun.version_id,
            )
        ).one()
        row = find(db, begun.agency_id, begun.document_id)
        sealed = standing(db, row, begun.reserved_at).seals
        words = printable(db, begun.agency_id, begun.document_id, frozen.content)
        prepared = _preparers(db, begun)
        files = with_types(db, begun.agency_id, begun.document_id, frozen.attachments)
    signer = paper.Signer(begun.name, begun.position_lines, begun.mode, begun.instrument_ref)
    if begun.number_id is None:
        signer = paper.Signer(words["extra"]["checker"], begun.position_lines)
    closed = paper.final(
        words,
        number=begun.number,
        dated=begun.dated,
        signer=signer,
        preparers=prepared,
        code=row.public_code,
    )
    return {**closed, "agency_seal": sealed, "enclosed": files}


def _preparers(db: Connection, begun: Attempt) -> Mapping[str, str]:
    rows = db.execute(
        sa.select(preparer.c.part, preparer.c.name).where(
            preparer.c.agency_id == begun.agency_id, preparer.c.document_id == begun.document_id
        )
    )
    return {row.part: row.name for row in rows}


def evidence_of(
    engine: Engine, desk: Desk, begun: Attempt, sealed: Sealed, signed: Signed, now: datetime
) -> Evidence:
    """Check our own work, keep it, and write the number down: in this order, before it counts."""
    with reading(engine, begun.agency_id) as db:
        trust = trusted(db, begun.agency_id, desk.trust)
        number = begun.number_id
        given = desk.numbers.given(db, begun.agency_id, number) if number else None
    verdict = verify_kept(signed.pdf, trust, now)
    if not verdict.good:
        raise Conflict(
            f"Expected a signature that our own check finds valid, but it is {verdict.verdict};"
            " nothing was issued. Ask an administrator to look at the certificate and its chain.",
            code="own_signature_invalid",
        )
    name = f"{begun.number.replace('/', '-').replace(' ', '')}.pdf"
    file = keep(desk.storage, begun.agency_id, signed.pdf, name, PDF)
    if given is not None:
        desk.numbers.journal(begun.agency_id, given, begun.document_id, file.sha256, now)
    return Evidence(
        file=file,
        digest=sealed.prepared.digest.hex(),
        level=signed.level,
        signed_at=signed.at,
        stamped_at=signed.timestamp,
    )
