"""What is tried more often, or more dearly, where there is a night for it: `make nightly`."""

from __future__ import annotations

import os
from typing import TypeVar

Thing = TypeVar("Thing")


def by_night(by_day: Thing, more: Thing) -> Thing:
    """So many examples, or more in a nightly run."""
    return more if os.environ.get("NIGHTLY") == "true" else by_day
