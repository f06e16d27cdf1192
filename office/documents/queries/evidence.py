"""Everything that is kept of a case's documents, for a file that proves it to others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.models.columns import AnyRow
from engine.models.instance import process_instance
from office.documents import access
from office.documents.models import (
    copy_rendition,
    document,
    document_copy,
    document_version,
    endorsement,
    rendition,
    signature,
)
from office.documents.rules import OPEN_TO_RIGHTS
from office.files.models import blob

_AGENCY, _DOCUMENT = sa.bindparam("agency", type_=sa.Uuid), sa.bindparam("document", type_=sa.Uuid)
_OF_CASE = (
    sa.select(document)
    .where(
        document.c.agency_id == _AGENCY,
        document.c.instance_id.in_(sa.bindparam("instances", expanding=True)),
    )
    .order_by(document.c.id)
)


def _with_blob(table: sa.Table) -> sa.Select[Any]:
    """Rows of the document with the hash of the file that each has, if it has one."""
    same = sa.and_(blob.c.agency_id == table.c.agency_id, blob.c.id == table.c.blob_id)
    return (
        sa.select(table, blob.c.sha256.label("file_sha256"))
        .outerjoin(blob, same)
        .where(table.c.agency_id == _AGENCY, table.c.document_id == _DOCUMENT)
    )


_VERSIONS = _with_blob(document_version).order_by(document_version.c.ordinal)
_SIGNATURES = _with_blob(signature).order_by(signature.c.reserved_at, signature.c.id)
_GROWN = _with_blob(rendition).order_by(rendition.c.ordinal)
_COPIES = _with_blob(document_copy).order_by(document_copy.c.kind, document_copy.c.ordinal)
_GROWN_COPIES = (
    sa.select(copy_rendition, blob.c.sha256.label("file_sha256"))
    .join_from(copy_rendition, document_copy, document_copy.c.id == copy_rendition.c.copy_id)
    .join(blob, blob.c.id == copy_rendition.c.blob_id)
    .where(document_copy.c.agency_id == _AGENCY, document_copy.c.document_id == _DOCUMENT)
    .where(copy_rendition.c.agency_id == _AGENCY, blob.c.agency_id == _AGENCY)
    .order_by(copy_rendition.c.ordinal)
)
_SAID = (
    sa.select(endorsement)
    .where(endorsement.c.agency_id == _AGENCY, endorsement.c.document_id == _DOCUMENT)
    .order_by(endorsement.c.ordinal)
)

_SECRET = (
    sa.select(process_instance.c.root_id)
    .join_from(document, process_instance, process_instance.c.id == document.c.instance_id)
    .where(
        document.c.agency_id == _AGENCY,
        process_instance.c.root_id.in_(sa.bindparam("roots", expanding=True)),
        document.c.secrecy > OPEN_TO_RIGHTS,
    )
    .distinct()
)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows as stored. `open` is whether the actor may read the words; who may not gets hashes."""

    document: Row
    open: bool
    versions: Sequence[Row]
    endorsements: Sequence[Row]
    signatures: Sequence[Row]
    renditions: Sequence[Row]
    copies: Sequence[Row]
    #: of all copies (`copy_id`), oldest first
    grown_copies: Sequence[Row]


def kept_of_case(db: Connection, actor: Actor, instances: Sequence[UUID]) -> Sequence[Kept]:
    """The documents of these instances. The caller has checked that the actor may see the case."""
    binds = {"agency": actor.agency_id, "instances": list(instances)}
    return [_kept(db, actor, row) for row in db.execute(_OF_CASE, binds).all()]


def reads_case(db: Connection, actor: Actor, root_id: UUID) -> bool:
    """Whether every letter of the case is the actor's to read now; secret ones say whose."""
    members = sa.select(process_instance.c.id).where(
        process_instance.c.agency_id == actor.agency_id, process_instance.c.root_id == root_id
    )
    binds = {"agency": actor.agency_id, "instances": list(db.scalars(members))}
    return all(access.may_read(db, actor, row) for row in db.execute(_OF_CASE, binds).all())


def secret_cases(db: Connection, agency_id: UUID, roots: Sequence[UUID]) -> frozenset[UUID]:
    """Those of the cases that have a letter above ปกติ."""
    found = db.execute(_SECRET, {"agency": agency_id, "roots": list(roots)})
    return frozenset(found.scalars())


def _kept(db: Connection, actor: Actor, row: AnyRow) -> Kept:
    def rows(statement: sa.Select[Any]) -> list[Row]:
        binds = {"agency": row.agency_id, "document": row.id}
        return [dict(found) for found in db.execute(statement, binds).mappings()]

    return Kept(
        document=row._asdict(),
        open=access.may_read(db, actor, row),
        versions=rows(_VERSIONS),
        endorsements=rows(_SAID),
        signatures=rows(_SIGNATURES),
        renditions=rows(_GROWN),
        copies=rows(_COPIES),
        grown_copies=rows(_GROWN_COPIES),
    )
