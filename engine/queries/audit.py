"""Proofs over stored rows: the history's hash chain, and the invariants that must always hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise: which one (I1 … as in the reliability notes), where, and what was seen."""

    invariant: str
    agency_id: str
    instance_id: str | None
    message: str
    #: the first event that is wrong, for findings about history
    seq: int | None = None


def check_chain(db: Connection, agency_id: UUID, instance_id: UUID) -> Finding | None:
    """None when events 1..n are all there, chained, and end in the head on the instance's row."""
    raise NotImplementedError


def roots(db: Connection) -> Iterator[tuple[UUID, UUID]]:
    """(agency, root instance) of every instance there is."""
    raise NotImplementedError


def findings(db: Connection) -> Iterator[Finding]:
    """Every broken promise in the whole database (`saraban audit verify`)."""
    raise NotImplementedError
