"""The engine's Contents over letters: whether one is still as somebody has endorsed it."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.joint import APART
from office.documents import rules
from office.documents.models import document, endorsement
from office.documents.versions import enclosed

_ENDORSED = (
    sa.select(document.c.content, endorsement.c.version_sha256)
    .join(
        endorsement,
        sa.and_(
            endorsement.c.agency_id == document.c.agency_id,
            endorsement.c.document_id == document.c.id,
        ),
    )
    .where(
        document.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        document.c.id == sa.bindparam("id", type_=sa.Uuid),
        endorsement.c.task_id == sa.bindparam("task", type_=sa.Uuid),
    )
)


class StoredContents:
    """Satisfies `engine.ports.Contents`. What a step said of a letter was kept with the hash of its
    words and enclosures; what it says in this turn is kept at its end.
    """

    def changed(
        self, db: Connection, agency_id: UUID, business_key: str | None, task_id: UUID
    ) -> bool:
        try:
            document_id = UUID(business_key or "")
        except ValueError:
            return False
        binds = {"agency": agency_id, "id": document_id, "task": task_id}
        found = db.execute(_ENDORSED, binds, execution_options=APART).first()
        if found is None:
            return False
        files = enclosed(db, agency_id, document_id)
        now: str = rules.version_hash(found.content, files)
        return now != str(found.version_sha256)
