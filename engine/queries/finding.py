"""What a proof finds: a broken promise and where it was seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise: which one (I1 … as in the reliability notes), where, and what was seen."""

    invariant: str
    agency_id: str
    instance_id: str | None
    message: str
    #: the first event that is wrong, for findings about history
    seq: int | None = None
