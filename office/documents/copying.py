"""What every copy of a signed document is made with: the file, what it is called, what it says of
itself. The acts that make one read in one transaction, draw with none open, and keep in another.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import FieldError, Invalid
from office.documents import access, errors, rules
from office.documents.kinds import KINDS
from office.documents.letters import sender_of
from office.documents.models import certification, document_copy
from office.files import blobs
from office.files.storage import Storage, read
from office.files.uploads import StoredFile, keep
from signing.copies.making import About
from signing.errors import Uncopyable, Unrenderable

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Source:
    """The signed file that a copy is made of. `next` is the ordinal that the copy gets."""

    document_id: UUID
    agency_id: UUID
    row: access.Row
    sha256: str
    sender: str
    next: int

    @property
    def number(self) -> str:
        return str(self.row.number or self.row.subject)


def source_of(db: Connection, actor: Actor, document_id: UUID, kind: str) -> Source:
    """For those who may read it; Conflict (not_signed) where there is no signed file yet."""
    row = access.find(db, actor.agency_id, document_id)
    access.check_reader(db, actor, row)
    sha256 = signed_sha256(db, row)
    if sha256 is None:
        raise errors.unsigned(row.state)
    return Source(
        document_id=row.id,
        agency_id=row.agency_id,
        row=row,
        sha256=sha256,
        sender=sender_of(db, row.agency_id, row.owner_unit).agency,
        next=next_ordinal(db, row, kind, actor.username),
    )


def signed_sha256(db: Connection, row: access.Row) -> str | None:
    """Of the signed file as it is now; None: there is none yet."""
    if row.state != rules.SIGNED:
        return None
    return str(blobs.one(db, row.agency_id, row.blob_id).sha256)


def next_ordinal(db: Connection, row: access.Row, kind: str, username: str = "") -> int:
    """The number that the next copy of this kind gets. Copies that wait keep theirs, but for what
    waits for this person's own device: they begin it again.
    """
    last = sa.select(sa.func.coalesce(sa.func.max(document_copy.c.ordinal), 0)).where(
        document_copy.c.agency_id == row.agency_id,
        document_copy.c.document_id == row.id,
        document_copy.c.kind == kind,
    )
    made = int(db.execute(last).scalar_one())
    if kind != rules.CERTIFIED_COPY:
        return made + 1
    waiting = sa.select(sa.func.coalesce(sa.func.max(certification.c.ordinal), 0)).where(
        certification.c.agency_id == row.agency_id,
        certification.c.document_id == row.id,
        sa.or_(
            certification.c.state == rules.STAMPING,
            sa.and_(
                certification.c.state == rules.WAITING_DEVICE, certification.c.username != username
            ),
        ),
    )
    return max(made, int(db.execute(waiting).scalar_one())) + 1


def signed_bytes(storage: Storage, source: Source) -> bytes:
    return read(storage, source.agency_id, source.sha256)


def about(source: Source, what: str, said: str) -> About:
    """`what` it is called, and what its note says first: that it is a copy, and not the signed
    file, to which the hash leads.
    """
    return About(
        title=f"{what} {source.number}",
        author=source.sender,
        subject=source.row.subject,
        note=(said, "ทำจากไฟล์ที่ลงลายมือชื่อแล้ว ซึ่งมี SHA-256", source.sha256),
        own=not KINDS[source.row.kind].wraps,
    )


def kept(storage: Storage, source: Source, pdf: bytes, name: str) -> StoredFile:
    return filed(storage, source.agency_id, pdf, f"{source.number} {name}")


def filed(storage: Storage, agency_id: UUID, pdf: bytes, name: str) -> StoredFile:
    """Kept under a name that any folder takes."""
    bare = "".join("-" if c in '/\\:*?"<>|' else c for c in name)
    return keep(storage, agency_id, pdf, f"{bare[:150]}.pdf", _PDF)


def refused(error: Uncopyable | Unrenderable) -> Invalid:
    """What whoever asked is told: what of the file, or of the words, stands in the way."""
    if isinstance(error, Uncopyable):
        code = f"copy_{error.reason}"
        return Invalid(
            f"Expected a file that can be copied, but: {error}",
            [FieldError("file", str(error), code)],
            code=code,
        )
    return Invalid(
        f"Expected words that can be printed on the copy, but: {error.message}",
        [FieldError("copy", error.message, "unprintable")],
        code=error.code,
    )
