"""Documents that two people sign: who signs first and as what, and the file that the second signs.

The first signature is of a step that the kind names (`Kind.before`). It takes no number: the
document counts with the last signature, over the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict
from engine.models.task import task
from office.documents import rules
from office.documents.access import Row
from office.documents.kinds import KINDS, RECORDER
from office.documents.models import signature
from office.files.models import blob
from office.people import queries as people
from office.people.queries import SigningCapacity

_ELEMENT = sa.select(task.c.element_id).where(
    task.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    task.c.id == sa.bindparam("task", type_=sa.Uuid),
)
_FIRST = (
    sa.select(blob.c.sha256)
    .join_from(
        signature,
        blob,
        sa.and_(blob.c.agency_id == signature.c.agency_id, blob.c.id == signature.c.blob_id),
    )
    .where(
        signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signature.c.document_id == sa.bindparam("document", type_=sa.Uuid),
        signature.c.version_sha256 == sa.bindparam("version"),
        signature.c.state == rules.FIRST,
    )
    .order_by(signature.c.settled_at.desc())
    .limit(1)
)


def field_at(db: Connection, agency_id: UUID, kind: str, task_id: UUID) -> str:
    """The field that the task's step signs."""
    element = db.execute(_ELEMENT, {"agency": agency_id, "task": task_id}).scalar_one_or_none()
    return dict(KINDS[kind].before).get(element or "", KINDS[kind].field)


def signs_first(kind: str, field: str) -> bool:
    return field != KINDS[kind].field


def as_recorder() -> SigningCapacity:
    """Whoever took the minutes down signs as that, whatever their post."""
    return SigningCapacity([RECORDER], None, None, None, "", "")


def first_file(db: Connection, agency_id: UUID, document_id: UUID, version: str) -> str | None:
    """The hash of the file with the first signature over this version; None: nobody signed it."""
    binds = {"agency": agency_id, "document": document_id, "version": version}
    found: str | None = db.execute(_FIRST, binds).scalar_one_or_none()
    return found


def with_checker(
    db: Connection, agency_id: UUID, content: Mapping[str, Any], signing_post: str, now: datetime
) -> Mapping[str, Any]:
    """The first signature covers the second signer's name: who holds the post, where none is
    named.
    """
    if not KINDS[content["kind"]].before or content.get("signer"):
        return content
    holders = people.holders(db, agency_id, [signing_post], now)[signing_post]
    if not holders:
        return content
    return {**content, "signer": people.person(db, agency_id, holders[0]).name}


def check_names(row: Row, *, first: bool, signed_before: bool, name: str) -> None:
    """Conflict where the paper names another than the one who signs."""
    if first and not row.content.get("signer"):
        raise Conflict(
            "Expected to know who checks the minutes, but nobody holds the post that signs; send"
            " them back and choose another.",
            code="no_checker",
        )
    if not (first or signed_before):
        return
    printed = row.content["extra"].get("recorder") if first else row.content.get("signer")
    if _bare(printed) != _bare(name):
        raise Conflict(
            f"Expected {printed}, whom the paper names, to sign, but this is {name}; send the"
            " minutes back to their drafter for another name.",
            code="other_name",
        )


def _bare(name: str | None) -> str:
    return "".join((name or "").split())
