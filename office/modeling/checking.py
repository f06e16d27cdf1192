"""What a deployment would say of a draft, asked while it is drawn: the linter's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from engine.bus import Services
from engine.errors import Problem
from engine.runtime import check
from engine.stored import newest_bundle


def findings(
    db: Connection, agency_id: UUID, services: Services, files: Mapping[str, bytes]
) -> Sequence[Problem]:
    """Errors before warnings, each located and with what mends it; nothing is written."""
    return check(
        files,
        actions=services.actions,
        forms=services.forms,
        processes=lambda process_id: newest_bundle(db, agency_id, process_id),
    )
