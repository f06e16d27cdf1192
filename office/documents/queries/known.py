"""What the house knows of a file that somebody brings: whether it counts, and in which posts it was
signed. Neither what it says nor whose it is: whoever asks shows nothing but the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.models.columns import AnyRow
from office.documents import rules
from office.documents.models import document, document_copy, rendition, signature
from office.files.models import blob
from office.people.models import agency
from signing.copies.measures import FIELD
from signing.verify.verdict import Standing


@dataclass(frozen=True, slots=True)
class KnownFile:
    """`replaced_by`: the number of the letter in the place of one that was withdrawn. `posts`: the
    lines under each name, by the digest of what was signed; of a copy that is known
    by its bytes, by the field's name. `codes`: of the letters to which it leads; `copied`: by way
    of a copy.
    """

    standing: Standing
    withdrawn_at: datetime | None
    replaced_by: str | None
    posts: Mapping[str, Sequence[str]]
    codes: frozenset[str]
    copied: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A document to which the file leads."""

    agency_id: UUID
    document_id: UUID
    posts: Mapping[str, Sequence[str]]
    #: over words that were issued
    issued: bool = True
    copied: bool = False


_DIGESTS = sa.bindparam("digests", type_=sa.String, expanding=True)
_LAST = signature.alias("last")
_ISSUED = sa.exists().where(
    _LAST.c.agency_id == signature.c.agency_id,
    _LAST.c.document_id == signature.c.document_id,
    _LAST.c.version_sha256 == signature.c.version_sha256,
    _LAST.c.state == rules.DONE,
)
_SIGNATURES = sa.select(
    signature.c.agency_id,
    signature.c.document_id,
    signature.c.digest,
    signature.c.position_lines,
    sa.and_(signature.c.state.in_((rules.FIRST, rules.DONE)), _ISSUED).label("issued"),
)
_COPIES = sa.select(
    document_copy.c.agency_id,
    document_copy.c.document_id,
    document_copy.c.digest,
    document_copy.c.told,
)
#: Of all agencies, by way of each one's index.
_HOLDERS = (
    sa.select(blob.c.agency_id, blob.c.held_by)
    .join(agency, agency.c.id == blob.c.agency_id)
    .where(blob.c.sha256 == sa.bindparam("sha256"), blob.c.held_by.is_not(None))
)
_OTHER = document.alias("other")
_DOCUMENT = (
    sa.select(
        document.c.state,
        document.c.revoked_at,
        document.c.public_code,
        _OTHER.c.number.label("replaced_by"),
    )
    .outerjoin(
        _OTHER,
        sa.and_(_OTHER.c.agency_id == document.c.agency_id, _OTHER.c.id == document.c.replaced_by),
    )
    .where(
        document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        document.c.id == sa.bindparam("document", type_=sa.Uuid),
    )
)


def known(db: Connection, sha256: str, digests: Sequence[str]) -> KnownFile | None:
    """Of a file of any agency of the house, by its bytes and by what its signatures cover, so that
    one counts for no more once somebody has added to it; None of whatever was not made here.

    `db` sees the whole house. Of several documents the one that counts least decides.
    """
    found = [*_by_digests(db, digests), *_by_bytes(db, sha256)]
    if not found:
        return None
    rows = [_row(db, one) for one in found]
    withdrawn = sorted(
        (row for row in rows if row.revoked_at is not None), key=lambda row: row.revoked_at
    )
    issued = all(
        one.issued and row.state == rules.SIGNED for one, row in zip(found, rows, strict=True)
    )
    return KnownFile(
        standing="withdrawn" if withdrawn else "in_force" if issued else "unissued",
        withdrawn_at=withdrawn[0].revoked_at if withdrawn else None,
        replaced_by=withdrawn[0].replaced_by if withdrawn else None,
        posts={key: lines for one in found for key, lines in one.posts.items()},
        codes=frozenset(row.public_code for row in rows if row.public_code),
        copied=any(one.copied for one in found),
    )


def _by_digests(db: Connection, digests: Sequence[str]) -> Iterator[_Found]:
    if not digests:
        return
    binds = {"digests": list(digests)}
    for row in db.execute(_SIGNATURES.where(signature.c.digest.in_(_DIGESTS)), binds):
        yield _signed(row)
    for row in db.execute(_COPIES.where(document_copy.c.digest.in_(_DIGESTS)), binds):
        yield _copied(row)


def _by_bytes(db: Connection, sha256: str) -> Iterator[_Found]:
    for holder in db.execute(_HOLDERS, {"sha256": sha256}):
        kind, _, holds = holder.held_by.partition(":")
        if kind in _HELD:
            yield from _HELD[kind](db, holder.agency_id, UUID(holds))


def _as_signed(db: Connection, agency_id: UUID, holder: UUID) -> Iterator[_Found]:
    mine = (signature.c.agency_id == agency_id, signature.c.id == holder)
    yield from map(_signed, db.execute(_SIGNATURES.where(*mine)))


def _as_grown(db: Connection, agency_id: UUID, holder: UUID) -> Iterator[_Found]:
    mine = (rendition.c.agency_id == agency_id, rendition.c.id == holder)
    for (document_id,) in db.execute(sa.select(rendition.c.document_id).where(*mine)):
        yield _Found(agency_id, document_id, {})


def _as_copy(db: Connection, agency_id: UUID, holder: UUID) -> Iterator[_Found]:
    mine = (document_copy.c.agency_id == agency_id, document_copy.c.id == holder)
    yield from map(_copied, db.execute(_COPIES.where(*mine)))


#: what refers to bytes (`blob.held_by`): the signed file, its renditions, copies and theirs
_HELD = {"signature": _as_signed, "rendition": _as_grown, "copy": _as_copy}


def _signed(row: AnyRow) -> _Found:
    posts = {row.digest: row.position_lines}
    return _Found(row.agency_id, row.document_id, posts, bool(row.issued))


def _copied(row: AnyRow) -> _Found:
    lines = row.told.get("position_lines") or ()
    posts = {row.digest or FIELD: lines} if lines else {}
    return _Found(row.agency_id, row.document_id, posts, copied=True)


def _row(db: Connection, found: _Found) -> AnyRow:
    binds = {"agency": found.agency_id, "document": found.document_id}
    return db.execute(_DOCUMENT, binds).one()
