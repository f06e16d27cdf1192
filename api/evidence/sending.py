"""A case's evidence as a download."""

from __future__ import annotations

import logging
import tempfile
from typing import BinaryIO
from uuid import UUID

from flask import Response, g, request
from werkzeug.wsgi import wrap_file

from api.downloads import name_download
from api.evidence.making import Sources, make
from engine.actor import Actor
from engine.bus import Bus
from engine.queries.evidence import root_of

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/zip"
#: larger ones are sent from the disk
IN_MEMORY = 4 << 20


def sent(bus: Bus, actor: Actor, instance_id: UUID) -> Response:
    """Whole before its first byte goes out; a large one waits on the disk. The ETag is its seal.
    Right: audit. Who took what is in the log, by ids.
    """
    out = tempfile.TemporaryFile()  # noqa: SIM115 - a large one is closed with its response
    try:
        made = make(
            Sources.of(bus), actor, out, lambda db: root_of(db, actor.agency_id, instance_id)
        )
        response = _answer(out)
    except BaseException:
        out.close()
        raise
    log.info("Evidence of %s to %s [%s]", made.manifest.root, actor.person_id, g.get("request_id"))
    response.set_etag(made.seal)
    name_download(response, f"evidence-{made.manifest.root}.zip")
    return response


def _answer(out: BinaryIO) -> Response:
    size = out.tell()
    out.seek(0)
    if size <= IN_MEMORY:
        with out:
            return Response(out.read(), content_type=MEDIA_TYPE)
    body = wrap_file(request.environ, out)
    response = Response(body, content_type=MEDIA_TYPE, direct_passthrough=True)
    response.call_on_close(out.close)
    response.content_length = size
    return response
