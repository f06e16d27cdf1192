"""What anybody may know of a signed letter whose code they hold: never its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import FieldError, Invalid
from office.documents import access, rules
from office.documents.codes import normal
from office.documents.models import document, signature
from office.documents.thai import thai_digits
from office.files.models import blob
from office.people.models import agency


@dataclass(frozen=True, slots=True)
class PublicSigner:
    """Who signed which field of the file, in which post, by which instrument."""

    field: str
    name: str
    position_lines: Sequence[str]
    instrument_ref: str | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """`subject` is None above ปกติ. `signers` are in order: minutes have two. `replaced_by` is the
    number of the letter in its place.
    """

    agency_id: UUID
    code: str
    agency: str
    kind: str
    number: str
    dated: date
    subject: str | None
    secret: bool
    signers: Sequence[PublicSigner]
    revoked_at: datetime | None
    replaced_by: str | None
    sha256: str


_BY_CODE = (
    sa.select(
        document,
        agency.c.name.label("agency_name"),
        blob.c.sha256,
    )
    .join(agency, agency.c.id == document.c.agency_id)
    .join(blob, sa.and_(blob.c.agency_id == document.c.agency_id, blob.c.id == document.c.blob_id))
    .where(document.c.public_code == sa.bindparam("code"), document.c.state == rules.SIGNED)
)
_LAST = signature.alias("last")
#: A first signature is on the file where it is over the words that were signed in the end.
_SIGNERS = (
    sa.select(*(signature.c[name] for name in PublicSigner.__slots__))
    .join(
        _LAST,
        sa.and_(
            _LAST.c.agency_id == signature.c.agency_id,
            _LAST.c.document_id == signature.c.document_id,
            _LAST.c.version_sha256 == signature.c.version_sha256,
            _LAST.c.state == rules.DONE,
        ),
    )
    .where(
        signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signature.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        signature.c.state.in_((rules.FIRST, rules.DONE)),
    )
    .order_by(signature.c.settled_at)
)
_NUMBER = sa.select(document.c.number).where(
    document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    document.c.id == sa.bindparam("id", type_=sa.Uuid),
)


def numbered(db: Connection, actor: Actor, number: str) -> UUID:
    """The id of the agency's signed letter with this number, in whichever digits, that the actor
    may read; Invalid by field where there is none.
    """
    statement = sa.select(document).where(
        document.c.agency_id == actor.agency_id,
        document.c.number == thai_digits(number.strip()),
        document.c.state == rules.SIGNED,
    )
    for row in db.execute(statement):
        if access.may_read(db, actor, row):
            return UUID(str(row.id))
    raise Invalid(
        f"Expected the number of a signed letter, but there is none numbered {number[:40]!r}.",
        [FieldError("replaced_by", "Expected the number of a signed letter.", "not_found")],
    )


def by_code(db: Connection, typed: str) -> PublicLetter | None:
    """The signed letter with this code, of whichever agency; None alike for whatever is none."""
    row = db.execute(_BY_CODE, {"code": normal(typed) or ""}).one_or_none()
    if row is None:
        return None
    other = None
    if row.replaced_by is not None:
        binds = {"agency": row.agency_id, "id": row.replaced_by}
        other = db.execute(_NUMBER, binds).scalar_one_or_none()
    signers = _signers(db, row.agency_id, row.id)
    if not signers:
        return None
    secret = row.secrecy > rules.OPEN_TO_RIGHTS
    return PublicLetter(
        agency_id=row.agency_id,
        code=row.public_code,
        agency=row.agency_name,
        kind=row.kind,
        number=row.number,
        dated=row.dated,
        subject=None if secret else row.subject,
        secret=secret,
        signers=signers,
        revoked_at=row.revoked_at,
        replaced_by=other,
        sha256=row.sha256,
    )


def _signers(db: Connection, agency_id: UUID, document_id: UUID) -> Sequence[PublicSigner]:
    """Whose signatures the signed file bears, in order."""
    found = db.execute(_SIGNERS, {"agency": agency_id, "document": document_id})
    newest = {one.field: PublicSigner(*one) for one in found}
    return sorted(newest.values(), key=lambda one: one.signed_at)
