"""As what someone signs a letter: if it can be, as the letter itself says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Rejected
from office.people import queries as people
from office.people.queries import SigningCapacity


def capacity_for(
    db: Connection, agency_id: UUID, username: str, now: datetime, letter: Mapping[str, Any]
) -> SigningCapacity:
    """`letter`: its signing_post, kind, subject and content.

    Its position lines name a way of acting ("ปฏิบัติราชการแทน …"): that one where the signer has it,
    else the strongest they have. Rejected, code "no_authority", where they have none.
    """
    who = (db, agency_id, username, letter["signing_post"], now)
    what = {"kind": letter["kind"], "subject": letter["subject"]}
    named = people.signing_post(db, agency_id, letter["content"].get("position_lines") or ())
    if named is not None and named[1] is not None:
        try:
            return people.signing_capacity(*who, **what, mode=named[1])
        except Rejected:
            pass  # somebody else acts, or otherwise, than was thought when it was drafted
    return people.signing_capacity(*who, **what)
