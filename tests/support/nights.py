"""What is tried more often where there is a night for it: `make nightly`."""

from __future__ import annotations

import os


def by_night(by_day: int, more: int) -> int:
    """So many examples, or more in a nightly run."""
    return more if os.environ.get("NIGHTLY") == "true" else by_day
