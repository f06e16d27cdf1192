"""What an agency's policy decides about documents."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from office.documents.greetings import HONOURED
from office.people import queries as people

#: the key under which an agency's own list lies
HONOURED_TOO = "honoured"


def methods(db: Connection, agency_id: UUID) -> list[str]:
    """Which proofs of a signer suffice; a second factor where the policy says nothing."""
    return list(people.agency(db, agency_id).policy.get("signing_methods") or ("totp",))


def honoured_too(db: Connection, agency_id: UUID) -> list[str]:
    """Whom the agency greets with กราบเรียน of its own accord."""
    return list(people.agency(db, agency_id).policy.get(HONOURED_TOO) or ())


def honoured(db: Connection, agency_id: UUID) -> frozenset[str]:
    """Everyone who is greeted so: by the regulation, and by the agency."""
    return HONOURED | frozenset(honoured_too(db, agency_id))
