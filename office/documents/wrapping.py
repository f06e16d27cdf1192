"""Documents that wrap a file: which file that is, and what must hold of it."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.errors import Conflict, FieldError, Invalid
from office.documents.access import Row
from office.documents.kinds import KINDS
from office.documents.versions import enclosed
from signing.errors import Unwrappable
from signing.wrapping import examine

PDF = "application/pdf"


def check_upload(kind: str, data: bytes, *, first: bool) -> None:
    """Before a byte is kept: the first file of such a document can be signed as it is. Invalid
    (`wrap_` and the reason).
    """
    if not (first and KINDS[kind].wraps):
        return
    try:
        examine(data)
    except Unwrappable as bad:
        raise _refused(bad.reason, str(bad)) from bad


def check_first(kind: str, media_type: str, *, first: bool) -> None:
    """The same as far as a row tells, for whoever comes by another way."""
    if first and KINDS[kind].wraps and media_type != PDF:
        raise _refused("not_pdf", "Expected a PDF; print the file to PDF first.")


def check_wraps(db: Connection, row: Row) -> None:
    """Conflict (nothing_wrapped) where the route would go on with a cover before nothing."""
    if KINDS[row.kind].wraps and not enclosed(db, row.agency_id, row.id):
        raise Conflict(
            "Expected the file that this document registers, but none is enclosed; enclose it.",
            code="nothing_wrapped",
        )


def _refused(reason: str, message: str) -> Invalid:
    code = f"wrap_{reason}"
    return Invalid(f"file: {message}", [FieldError("file", message, code)], code=code)
