"""What a form may read: the variables of its case, and the lists of the house that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.bus import Services


def with_lists(
    services: Services, db: Connection, agency_id: UUID, source: bytes, known: Mapping[str, Any]
) -> Mapping[str, Any]:
    """`known` and, as they are now, those lists that the form `source` reads and the case does not
    hold: one that began with a list of its own keeps to that.
    """
    lists = services.lists
    missing = lists.names - known.keys()
    wanted = missing & set(services.forms.reads(source)) if missing else missing
    return {**{name: lists.read(db, agency_id, name) for name in sorted(wanted)}, **known}
