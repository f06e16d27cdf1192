"""Documents that wrap a file: which file that is, and what must hold of it."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, FieldError, Invalid
from office.documents.access import Row
from office.documents.kinds import KINDS
from office.documents.models import attachment
from office.documents.queries import DocumentView
from office.documents.versions import enclosed
from office.files.models import blob
from office.files.storage import Storage, read
from office.files.uploads import StoredFile
from signing.errors import Unwrappable
from signing.wrapping import examine

PDF = "application/pdf"
_FIRST = (
    sa.select(blob.c.media_type)
    .join(
        attachment,
        sa.and_(blob.c.agency_id == attachment.c.agency_id, blob.c.id == attachment.c.blob_id),
    )
    .where(
        attachment.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        attachment.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        attachment.c.removed_at.is_(None),
    )
    .order_by(attachment.c.ordinal)
    .limit(1)
)


def check_upload(kind: str, data: bytes, *, first: bool) -> str | None:
    """Before a byte is kept: the first file of such a document can be signed as it is. Its hash,
    for the command; Invalid (`wrap_` and the reason).
    """
    if not (first and KINDS[kind].wraps):
        return None
    try:
        examine(data)
    except Unwrappable as bad:
        raise _refused(bad.reason, str(bad)) from bad
    return sha256(data).hexdigest()


def check_next(
    storage: Storage, agency_id: UUID, view: DocumentView, attachment_id: UUID
) -> str | None:
    """Before a file is taken out: the same of the file that stands first then. Invalid
    (`wrap_next`).
    """
    rest = [one for one in view.attachments if one.id != str(attachment_id)]
    kind = view.document.kind
    if not KINDS[kind].wraps or not rest or rest[0] is view.attachments[0]:
        return None
    if rest[0].media_type != PDF:
        raise _no_next()
    try:
        return check_upload(kind, read(storage, agency_id, rest[0].sha256), first=True)
    except Invalid as bad:
        raise _no_next() from bad


def check_first(kind: str, file: StoredFile, examined: str | None) -> None:
    """The file is what was examined, for whoever comes by another way or at the same time."""
    if not KINDS[kind].wraps:
        return
    if file.media_type != PDF:
        raise _refused("not_pdf", "Expected a PDF; print the file to PDF first.")
    if file.sha256 != examined:
        raise _refused("again", "Expected a file that was examined, but others changed; try again.")


def check_left(db: Connection, row: Row, examined: str | None) -> None:
    """The same, of the file that stands first once another was taken out."""
    files = enclosed(db, row.agency_id, row.id) if KINDS[row.kind].wraps else []
    if files and (files[0]["sha256"] != examined or _type_of(db, row) != PDF):
        raise _no_next()


def check_wraps(db: Connection, row: Row) -> None:
    """Conflict (nothing_wrapped) where the route would go on with a cover before nothing."""
    if KINDS[row.kind].wraps and _type_of(db, row) != PDF:
        raise Conflict(
            "Expected the PDF that this document registers, but none stands first; enclose it.",
            code="nothing_wrapped",
        )


def _type_of(db: Connection, row: Row) -> str | None:
    """What the first file is."""
    kind: str | None = db.scalar(_FIRST, {"agency": row.agency_id, "document": row.id})
    return kind


def _no_next() -> Invalid:
    return _refused(
        "next",
        "Expected the next file to be one that can be signed in this one's place, but it cannot."
        " Take that one out first.",
    )


def _refused(reason: str, message: str) -> Invalid:
    code = f"wrap_{reason}"
    return Invalid(f"file: {message}", [FieldError("file", message, code)], code=code)
