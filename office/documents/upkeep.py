"""Housekeeping of documents, called by the clock."""

from __future__ import annotations

import logging

import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import NotFound
from office.documents.commands.copies import KnowCopy
from office.documents.models import NOT_KNOWN, document_copy
from office.files.models import blob
from office.files.storage import Storage, read
from signing.copies.measures import FIELD
from signing.verify import covered

log = logging.getLogger(__name__)

#: Copies that one round completes: the clock has timers to fire.
BATCH = 50
_COPIES = (
    sa.select(document_copy.c.agency_id, document_copy.c.id, blob.c.sha256)
    .join(
        blob,
        sa.and_(
            blob.c.agency_id == document_copy.c.agency_id, blob.c.id == document_copy.c.blob_id
        ),
    )
    .where(sa.text(NOT_KNOWN))
    .order_by(document_copy.c.agency_id, document_copy.c.id)
)


def sweep(bus: Bus, storage: Storage) -> None:
    """Copies that were certified before what their signature covers was kept are known by it, and
    archived, as those made since. It asks first, by an index that has none of these.
    """
    with reading(bus.engine) as db:
        found = db.execute(_COPIES).all()
    done = 0
    for row in found:
        if done == BATCH:
            return
        try:
            pdf = read(storage, row.agency_id, row.sha256)
        except (NotFound, OSError):
            log.exception("Expected the file of certified copy %s; trying again later.", row.id)
            continue
        command = KnowCopy(row.id, covered(pdf, FIELD) or "")
        bus.execute(command, system_actor(row.agency_id))
        done += 1
