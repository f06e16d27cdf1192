"""Process instances: the root holds state, lock and history head for itself and all it calls."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

ACTIVE, COMPLETED, CANCELLED, INCIDENT = "active", "completed", "cancelled", "incident"
#: an instance that still can change
ALIVE = frozenset({ACTIVE, INCIDENT})

process_instance = sa.Table(
    "process_instance",
    metadata,
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    refers("parent_id", "process_instance.id", optional=True),
    # "" for the root, else the token of the call activity that began this one
    sa.Column("scope", sa.Text, nullable=False),
    # None: the case is archived (engine.models.archive)
    refers("definition_id", "process_definition.id", optional=True),
    sa.Column("business_key", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    # None: an event started it
    sa.Column("starter", sa.Text),
    # the message that started it, where one did
    sa.Column("start_message", sa.Text),
    # of what it is about, 1 for nothing secret: who is not cleared for it reads nothing said in it
    sa.Column("secrecy", sa.SmallInteger, nullable=False, default=1, server_default="1"),
    sa.Column("variables", Packed, nullable=False),
    # Root only, from here. Bytes of engine.runtime's codec; never jsonb, which reorders keys.
    sa.Column("state", sa.LargeBinary),
    sa.Column("lock_version", sa.Integer, nullable=False),
    sa.Column("history_seq", sa.Integer, nullable=False),
    sa.Column("history_hash", sa.LargeBinary),
    # live called processes: nought spares every step a look for them
    sa.Column("calls", sa.Integer, nullable=False),
    moment("started_at"),
    moment("updated_at"),
    moment("ended_at", optional=True),
    sa.UniqueConstraint("agency_id", "root_id", "scope"),
    # the longest ended, of those that are not archived yet
    index_where(
        "ix_process_instance_ended",
        "ended_at is not null and definition_id is not null",
        "agency_id",
        "ended_at",
        "id",
    ),
    sa.Index("ix_process_instance_business_key", "agency_id", "business_key"),
    sa.Index("ix_process_instance_starter", "agency_id", "starter", "id"),
    sa.Index("ix_process_instance_definition", "agency_id", "definition_id", "id"),
    # A case runs once: a repeated message does not start it again beside itself.
    index_where(
        "uq_process_instance_start_message",
        "start_message is not null and status in ('active', 'incident')",
        "agency_id",
        "start_message",
        "business_key",
        unique=True,
    ),
    index_where(
        "ix_process_instance_alive", "status in ('active', 'incident')", "agency_id", "status", "id"
    ),
)

#: The condition as the partial index has it.
IS_ALIVE = literally(process_instance.c.status, ACTIVE, INCIDENT)
