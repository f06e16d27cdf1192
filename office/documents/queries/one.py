"""One document with all its page needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound, Rejected
from engine.models.columns import AnyRow
from engine.models.task import task
from office.documents import access, rules
from office.documents.models import (
    attachment,
    document,
    document_seal,
    preparer,
    rendition,
    signature,
)
from office.documents.queries.shelf import DocumentRow, document_row
from office.documents.withdrawals import may_ask, running, signers_of
from office.files.models import blob


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    id: str
    name: str
    quantity: str
    file_name: str
    size: int
    media_type: str
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class PreparerRow:
    """`part` is draft, type or check (ร่าง ทาน ตรวจ)."""

    part: str
    username: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """`level` is of the newest rendition: B-LTA once it is archived; B-T before, or B-B where the
    installation has no timestamp authority.
    """

    state: str
    username: str
    name: str
    position_lines: Sequence[str]
    mode: str | None
    instrument_ref: str | None
    level: str | None
    signed_at: datetime | None
    stamped_at: datetime | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class RenditionRow:
    """The signed file with the agency's seal, or an archive timestamp, more; `ordinal` 1 is the
    first.
    """

    ordinal: int
    level: str
    stamped_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class SealRow:
    """The agency's electronic seal on it; `ordinal` is of the rendition that has it."""

    organisation: str
    process: str
    sealed_at: datetime
    stamped_at: datetime | None
    ordinal: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    document: DocumentRow
    content: Mapping[str, Any]
    attachments: Sequence[AttachmentRow]
    preparers: Sequence[PreparerRow]
    #: the attempt that counts: signed or on its way; None before
    signature: SignatureRow | None
    bypass_reason: str | None
    #: code of the post in whose name it is signed
    signing_post: str
    #: the agency's electronic seal; None before, and where none is asked for
    seal: SealRow | None
    #: newest first; none before the letter is sealed or archived
    renditions: Sequence[RenditionRow]
    #: hash of the signed PDF's bytes in storage (the newest rendition's); None before
    signed_sha256: str | None
    #: the actor may save changes now
    may_edit: bool
    #: by which anybody verifies it; None before it was ever to be signed
    public_code: str | None
    #: since when and why a signed letter does not count any more; the id of the one in its place
    revoked_at: datetime | None
    revoked_reason: str | None
    replaced_by: str | None
    #: the actor may say so alone
    may_revoke: bool
    #: the actor may ask its signers to agree that it counts no more; they are being asked already
    may_ask_withdrawal: bool
    may_name_replacement: bool
    withdrawal_asked: bool


_AGENCY, _DOCUMENT = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("document", type_=sa.Uuid)
_FILES = (
    sa.select(
        attachment.c.id,
        attachment.c.name,
        attachment.c.quantity,
        blob.c.name.label("file_name"),
        blob.c.size,
        blob.c.media_type,
        blob.c.sha256,
        attachment.c.added_by,
        attachment.c.added_at,
    )
    .join(
        blob,
        sa.and_(blob.c.agency_id == attachment.c.agency_id, blob.c.id == attachment.c.blob_id),
    )
    .where(
        attachment.c.agency_id == _AGENCY,
        attachment.c.document_id == _DOCUMENT,
        attachment.c.removed_at.is_(None),
    )
    .order_by(attachment.c.ordinal)
)
_PREPARERS = sa.select(preparer.c.part, preparer.c.username, preparer.c.name, preparer.c.at).where(
    preparer.c.agency_id == _AGENCY, preparer.c.document_id == _DOCUMENT
)
_SIGNATURE = (
    sa.select(*(signature.c[name] for name in SignatureRow.__dataclass_fields__))
    .where(
        signature.c.agency_id == _AGENCY,
        signature.c.document_id == _DOCUMENT,
        signature.c.state.in_((rules.STAMPING, rules.DONE)),
    )
    .limit(1)
)
_RENDITIONS = (
    sa.select(rendition.c.ordinal, rendition.c.level, rendition.c.stamped_at, blob.c.sha256)
    .join(
        blob, sa.and_(blob.c.agency_id == rendition.c.agency_id, blob.c.id == rendition.c.blob_id)
    )
    .where(rendition.c.agency_id == _AGENCY, rendition.c.document_id == _DOCUMENT)
    .order_by(rendition.c.ordinal.desc())
)
_SEAL = sa.select(*(document_seal.c[name] for name in SealRow.__dataclass_fields__)).where(
    document_seal.c.agency_id == _AGENCY, document_seal.c.document_id == _DOCUMENT
)
_OF_TASK = (
    sa.select(document.c.id)
    .join(
        task,
        sa.and_(task.c.agency_id == document.c.agency_id, task.c.root_id == document.c.instance_id),
    )
    .where(task.c.agency_id == _AGENCY, task.c.id == sa.bindparam("task", type_=sa.Uuid))
)


def one(db: Connection, actor: Actor, document_id: UUID) -> DocumentView:
    """NotFound for another agency's; Forbidden for whoever takes no part in its route."""
    row = access.find(db, actor.agency_id, document_id)
    access.check_reader(db, actor, row)
    return _view(db, actor, row)


def readable(db: Connection, actor: Actor, document_id: UUID) -> bool:
    """Whether `one` would give it."""
    return access.may_read(db, actor, access.find(db, actor.agency_id, document_id))


def for_task(db: Connection, actor: Actor, task_id: UUID) -> DocumentView | None:
    """The document that a task is about, if it is about one. The caller may see the task."""
    found = db.execute(_OF_TASK, {"agency": actor.agency_id, "task": task_id}).scalar_one_or_none()
    return None if found is None else one(db, actor, found)


def attachment_file(
    db: Connection, actor: Actor, document_id: UUID, attachment_id: UUID
) -> AttachmentRow:
    """An enclosed file of the present text, for those who may read the document."""
    for file in one(db, actor, document_id).attachments:
        if file.id == str(attachment_id):
            return file
    raise NotFound("Expected an enclosed file, but this document has none with this id.")


def _view(db: Connection, actor: Actor, row: access.Row) -> DocumentView:
    binds = {"agency": row.agency_id, "document": row.id}
    files = [_file(one._mapping) for one in db.execute(_FILES, binds)]  # noqa: SLF001 - public name
    sealed = db.execute(_SIGNATURE, binds).one_or_none()
    grown = [RenditionRow(*one) for one in db.execute(_RENDITIONS, binds)] if sealed else []
    counts = row.state == rules.SIGNED and row.revoked_at is None
    return DocumentView(
        document=document_row(row),
        content=row.content,
        attachments=files,
        preparers=[PreparerRow(*one) for one in db.execute(_PREPARERS, binds)],
        signature=_signature(sealed, grown) if sealed else None,
        bypass_reason=row.bypass_reason,
        signing_post=row.signing_post,
        seal=_seal(db, binds),
        renditions=grown,
        signed_sha256=_signed_sha256(db, row),
        may_edit=_may_edit(db, actor, row),
        public_code=row.public_code,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        replaced_by=str(row.replaced_by) if row.replaced_by else None,
        may_revoke=_may_revoke(db, actor, row) and len(signers_of(db, row)) == 1,
        may_name_replacement=_may_name_replacement(db, actor, row),
        may_ask_withdrawal=counts and may_ask(db, actor, row),
        withdrawal_asked=counts and running(db, row),
    )


def _file(values: Mapping[Any, Any]) -> AttachmentRow:
    return AttachmentRow(**{**values, "id": str(values["id"])})


def _signature(sealed: AnyRow, grown: Sequence[RenditionRow]) -> SignatureRow:
    made = SignatureRow(*sealed)
    return replace(made, level=grown[0].level) if grown else made


def _seal(db: Connection, binds: Mapping[str, Any]) -> SealRow | None:
    found = db.execute(_SEAL, binds).one_or_none()
    return SealRow(*found) if found else None


def _signed_sha256(db: Connection, row: access.Row) -> str | None:
    found: str | None = None
    if row.blob_id is not None:
        found = db.execute(
            sa.select(blob.c.sha256).where(
                blob.c.agency_id == row.agency_id, blob.c.id == row.blob_id
            )
        ).scalar_one()
    return found


def _may_name_replacement(db: Connection, actor: Actor, row: access.Row) -> bool:
    if row.revoked_at is None or actor.reads_only:
        return False
    return may_ask(db, actor, row) or access.may_revoke(db, actor, row)


def _may_revoke(db: Connection, actor: Actor, row: access.Row) -> bool:
    counts = row.state == rules.SIGNED and row.revoked_at is None
    return counts and not actor.reads_only and access.may_revoke(db, actor, row)


def _may_edit(db: Connection, actor: Actor, row: access.Row) -> bool:
    if actor.reads_only:
        return False
    try:
        access.check_editor(db, actor, row)
    except Rejected:
        return False
    return True
