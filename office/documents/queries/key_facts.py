"""What is known of any signing key, an official's or the seal's, at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from office.documents.queries.certificates import SOON

#: resting: too many wrong PINs; faulty: its PIN is refused, so nobody tries it again
State = Literal[
    "in_force", "ending", "expired", "not_yet", "resting", "revoked", "retired", "faulty"
]


def facts_of(row: sa.RowMapping, names: Iterable[str], now: datetime) -> dict[str, Any]:
    """Those of these names: columns of the row, and what follows from them."""
    lies = row["token"] or {}
    made = {
        "id": str(row["id"]),
        "state": _state(row, now),
        "left": row["not_after"] - now,
        "token": lies.get("label"),
        "service": lies.get("service"),
        "device": bool(lies.get("device")),
    }
    return {name: made[name] if name in made else row[name] for name in names}


def _state(row: sa.RowMapping, now: datetime) -> State:
    if row["revoked_at"] is not None:
        return "revoked"
    if row["retired_at"] is not None:
        return "retired"
    if row.get("faulty_at") is not None:
        return "faulty"
    if now >= row["not_after"]:
        return "expired"
    if now < row["not_before"]:
        return "not_yet"
    locked_until = row.get("locked_until")
    if locked_until is not None and now < locked_until:
        return "resting"
    return "ending" if row["not_after"] - now < SOON else "in_force"
