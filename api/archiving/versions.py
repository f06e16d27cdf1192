"""Old versions of processes that nothing runs on any more: withdrawn first, later deleted."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.definitions import WithdrawDefinition
from engine.commands.deleting import DeleteDefinition
from engine.db import reading
from engine.errors import Rejected, Unavailable
from engine.queries import archive

log = logging.getLogger(__name__)

#: So long a withdrawn version can still be taken back.
GRACE = timedelta(days=30)
REASON = "ไม่มีเรื่องที่ใช้รุ่นนี้แล้ว ตามกำหนดการเก็บ"


def clear_versions(bus: Bus, agency_id: UUID) -> None:
    """As the policies say. What something still refers to stays: its command refuses. One that
    breaks leaves the others alone.
    """
    now, actor = bus.services.clock.now(), system_actor(agency_id)
    with reading(bus.engine) as db:
        unused = archive.unused_versions(db, agency_id)
    for version in unused:
        command: object = DeleteDefinition(version.id, REASON)
        if version.withdrawn_at is None:
            command = WithdrawDefinition(version.id, REASON)
        elif version.withdrawn_at > now - GRACE:
            continue
        try:
            bus.execute(command, actor)
        except Unavailable:
            raise
        except Rejected as refused:
            log.info("Version %s of %s stays: %s", version.version, version.key, refused.message)
        except Exception:
            log.exception("Expected version %s to be cleared away, but it could not.", version.id)
