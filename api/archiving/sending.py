"""The evidence of an archived case as a download: the very bytes that its rows gave way to."""

from __future__ import annotations

import logging
from typing import cast
from uuid import UUID

from flask import Response, g

from api.archiving.proofs import unsqueezed
from api.downloads import name_download
from api.evidence.sending import MEDIA_TYPE
from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import NotFound
from engine.queries import archive
from office.documents.errors import not_a_reader
from office.documents.ports import Desk
from office.documents.queries.evidence import reads_case
from office.documents.thai import office_day

log = logging.getLogger(__name__)


def sent(bus: Bus, actor: Actor, root_id: UUID) -> Response:
    """The ETag is its seal. Right: audit, and to read each letter that is in it: of a secret one,
    whom it names. Who took what is in the log, by ids.
    """
    storage = cast(Desk, bus.services.extra["desk"]).storage
    with reading(bus.engine, actor.fence) as db:
        stone, stored = archive.one(db, actor, root_id), archive.stored(db, actor, root_id)
        if not reads_case(db, actor, root_id):
            raise not_a_reader(actor.username)
    if stone.destroyed_at is not None:
        raise NotFound(
            f"Expected the evidence of case {root_id}, but it was destroyed on"
            f" {office_day(stone.destroyed_at)}; {stone.approved_by} approved.",
            code="destroyed",
        )
    data = unsqueezed(storage, actor.agency_id, stored, stone.evidence_sha256)
    log.info("Evidence of %s to %s [%s]", root_id, actor.person_id, g.get("request_id"))
    response = Response(data, content_type=MEDIA_TYPE)
    response.set_etag(stone.seal)
    name_download(response, f"evidence-{root_id}.zip")
    return response
