"""What a signer is shown and then signs, as one digest: if anything of it changed, so did this."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import jsonio
from office.documents.letters import printable
from office.documents.versions import enclosed
from office.people.queries import SigningCapacity


def seen_digest(
    db: Connection,
    agency_id: UUID,
    document_id: UUID,
    content: Mapping[str, Any],
    *,
    name: str,
    capacity: SigningCapacity,
    dated: date,
) -> str:
    """SHA-256 over words (what the organisation fills in, such as the address, included), enclosed
    files, signer, capacity and date. The number is not among them: signing makes it.
    """
    shown = {
        "words": printable(db, agency_id, document_id, content),
        "files": enclosed(db, agency_id, document_id),
        "name": name,
        "position_lines": list(capacity.position_lines),
        "mode": capacity.mode,
        "instrument": capacity.instrument_ref,
        "dated": dated.isoformat(),
    }
    return hashlib.sha256(jsonio.canonical(shown)).hexdigest()
