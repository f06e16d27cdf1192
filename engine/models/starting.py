"""What starts instances by itself: the start events of every process's newest version."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

MESSAGE, SIGNAL, TIMER, CONDITION = "message", "signal", "timer", "condition"

start_event = sa.Table(
    "start_event",
    metadata,
    # A newer version's rows take the place of the older's: who starts from a row starts the newest.
    own_id(),
    agency(),
    refers("definition_id", "process_definition.id"),
    sa.Column("definition_key", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    # the message's or signal's; empty for others
    sa.Column("name", sa.Text, nullable=False),
    # timers only; None: it will not fire any more
    moment("due_at", optional=True),
    # The running timer as engine.runtime keeps it. Of a condition: `holds`, as it was when last
    # asked, and `stuck` since it could not be.
    sa.Column("running", Packed),
    # failed tries to start an instance at this moment; each postpones it
    sa.Column("failures", sa.Integer, nullable=False),
    sa.UniqueConstraint("agency_id", "definition_key", "element_id"),
    # A message has one receiver, so it starts one process.
    index_where("uq_start_event_message", "kind = 'message'", "agency_id", "name", unique=True),
    sa.Index("ix_start_event_name", "agency_id", "kind", "name"),
    index_where("ix_start_event_due", "due_at is not null", "due_at"),
)

#: The condition as the unique index has it.
IS_MESSAGE_START = literally(start_event.c.kind, MESSAGE)
