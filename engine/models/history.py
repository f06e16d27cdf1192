"""History: append-only, numbered without gaps in each root instance, and chained by hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine import jsonio
from engine.db import UtcDateTime, metadata
from engine.models.columns import agency, refers

history_event = sa.Table(
    "history_event",
    metadata,
    agency(),
    refers("root_id", "process_instance.id"),
    sa.Column("seq", sa.Integer, nullable=False),
    # None: the root's own, as nearly all are (`whole` says which)
    refers("instance_id", "process_instance.id", optional=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text),
    sa.Column("task_id", sa.Uuid),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("instrument_id", sa.Uuid),
    # JSON as it was hashed: text, so that reading and writing cannot change it
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    # The only index: it is the largest table, and one case's events are few enough to look through.
    # A root is of one agency, which therefore need not be said again in each entry.
    sa.PrimaryKeyConstraint("root_id", "seq"),
)

#: The process that an event is of; for statements that know the root.
process_of: sa.ColumnElement[Any] = sa.func.coalesce(
    history_event.c.instance_id, history_event.c.root_id
)

#: What of an event its hash covers, in this order.
HASHED = (
    "seq", "instance_id", "at", "type", "element_id", "task_id", "actor", "on_behalf_of",
    "instrument_id", "data",
)  # fmt: skip


def genesis(agency_id: UUID, root_id: UUID) -> bytes:
    """What the first event is chained to: a chain cannot be moved to another instance."""
    return hashlib.sha256(agency_id.bytes + root_id.bytes).digest()


def link(previous: bytes, event: Mapping[str, Any]) -> bytes:
    """The hash of an event that follows `previous`: a row as stored, or as it is told."""
    told = whole(event)
    return hashlib.sha256(previous + jsonio.canonical([told[name] for name in HASHED])).digest()


def stored(event: Mapping[str, Any]) -> dict[str, Any]:
    """The row of an event: its process is named only where that is not the root."""
    own = event["instance_id"] == event["root_id"]
    return {**event, "instance_id": None if own else event["instance_id"]}


def whole(row: Mapping[str, Any]) -> dict[str, Any]:
    """An event as it is told, hashed and shown: with its process."""
    told = dict(row)
    if told["instance_id"] is None:
        told["instance_id"] = told["root_id"]
    return told
