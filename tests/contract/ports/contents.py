"""The contract of contents: what every implementation of the port promises."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contract.ports.clearances import KEYS
from sqlalchemy import Connection

from engine.ports import Contents


@dataclass(frozen=True)
class Kept:
    contents: Contents
    db: Connection
    agency_id: UUID


class ContentsContract:
    """Subclasses give the fixture `kept`."""

    def test_what_nobody_keeps_has_not_changed(self, kept: Kept) -> None:
        for key in KEYS:
            assert not kept.contents.changed(kept.db, kept.agency_id, key, UUID(int=7))
