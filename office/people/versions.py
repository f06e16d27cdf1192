"""The version of a row: what a form or a call was looking at when it asked for a change."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from engine.errors import Stale


def version_of(row: sa.Row[Any]) -> str:
    """Names the whole content of a row of one of our tables."""
    return sha256(repr([str(value) for value in row]).encode()).hexdigest()[:16]


def check_version(row: sa.Row[Any], expected: str | None) -> None:
    """Refuse a change of what has changed since it was read. None: the caller does not mind."""
    if expected is not None and expected != version_of(row):
        raise Stale("Expected the row as it was read, but somebody changed it; read it again.")
