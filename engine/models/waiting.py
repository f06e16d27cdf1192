"""What instances wait for besides people and jobs: moments, messages and signals."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

#: How far behind a running clock may be before an operator is told.
LATE = timedelta(minutes=1)
#: The furthest that what could not be fired or done is put off before it is tried again.
LONGEST_PAUSE = timedelta(hours=1)
#: kinds of timers: a token's own, and the two that belong to a task
TOKEN, REMINDER, ESCALATION = "token", "reminder", "escalation"

timer = sa.Table(
    "timer",
    metadata,
    # one row, one id for each occurrence: firing removes it, so it fires once
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("token", sa.Text),
    refers("task_id", "task.id", optional=True),
    sa.Column("element_id", sa.Text, nullable=False),
    moment("due_at"),
    sa.Column("occurrence", sa.Integer, nullable=False),
    # failed tries to fire it; each postpones it
    sa.Column("failures", sa.Integer, nullable=False),
    # each agency's in turn
    sa.Index("ix_timer_turn", "agency_id", "due_at"),
    sa.Index("ix_timer_root", "agency_id", "root_id", "token"),
    index_where("ix_timer_task", "task_id is not null", "task_id", "agency_id"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("element_id", sa.Text, nullable=False),
    moment("created_at"),
    # A message has one receiver: correlation is this index, never a search through instances.
    index_where(
        "uq_subscription_message", "kind = 'message'", "agency_id", "name", "key", unique=True
    ),
    sa.Index("ix_subscription_name", "agency_id", "kind", "name"),
    sa.Index("ix_subscription_root", "agency_id", "root_id", "token"),
)

#: The condition as the unique index has it.
IS_MESSAGE = literally(subscription.c.kind, "message")

message_buffer = sa.Table(
    "message_buffer",
    metadata,
    own_id(),
    agency(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("variables", Packed, nullable=False),
    # as of the job that brought it
    sa.Column("hops", sa.Integer, nullable=False, server_default="0"),
    moment("received_at"),
    moment("expires_at"),
    sa.Index("ix_message_buffer_key", "agency_id", "name", "key", "id"),
    sa.Index("ix_message_buffer_expires", "expires_at"),
)
