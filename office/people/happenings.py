"""What other rooms of the office are told about people, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody has left the house, for this reason."""

    person_id: UUID
    username: str
    reason: str
