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
from engine.queries import archive
from office.documents.ports import Desk

log = logging.getLogger(__name__)


def sent(bus: Bus, actor: Actor, root_id: UUID) -> Response:
    """The ETag is its seal. Right: audit. Who took what is in the log, by ids."""
    storage = cast(Desk, bus.services.extra["desk"]).storage
    with reading(bus.engine, actor.fence) as db:
        stone, stored = archive.one(db, actor, root_id), archive.stored(db, actor, root_id)
    data = unsqueezed(storage, actor.agency_id, stored, stone.evidence_sha256)
    log.info("Evidence of %s to %s [%s]", root_id, actor.person_id, g.get("request_id"))
    response = Response(data, content_type=MEDIA_TYPE)
    response.set_etag(stone.seal)
    name_download(response, f"evidence-{root_id}.zip")
    return response
