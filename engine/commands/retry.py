"""The retry ladder: each failure doubles the pause, spread so that not all come back at once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID

from engine.models.waiting import LONGEST_PAUSE

FIRST = timedelta(seconds=5)
LONGEST = LONGEST_PAUSE
#: Share of the pause that is spread.
SPREAD = 0.25


def pause(failures: int, who: UUID) -> timedelta:
    """How long to wait after the n-th failure (from 1). The same for the same thing, so that a
    repeated command answers alike.
    """
    doubled = min(FIRST * (1 << min(failures - 1, 20)), LONGEST)
    digest = hashlib.sha256(who.bytes + failures.to_bytes(4, "big")).digest()
    part = int.from_bytes(digest[:4], "big") / 2**32
    return doubled * (1 - SPREAD * part)
