"""What an agency's policy decides about documents."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from office.people import queries as people


def methods(db: Connection, agency_id: UUID) -> list[str]:
    """Which proofs of a signer suffice; a second factor where the policy says nothing."""
    return list(people.agency(db, agency_id).policy.get("signing_methods") or ("totp",))
