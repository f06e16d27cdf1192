"""Jobs: the outbox. The row is the truth, Redis is the doorbell."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

WAITING, LEASED, DONE, DEAD, CANCELLED = "waiting", "leased", "done", "dead", "cancelled"

job = sa.Table(
    "job",
    metadata,
    own_id(),
    agency(),
    # None: a room's own job, of no instance
    refers("root_id", "process_instance.id", optional=True),
    refers("instance_id", "process_instance.id", optional=True),
    # None: no token waits for it
    sa.Column("token", sa.Text),
    sa.Column("element_id", sa.Text),
    sa.Column("business_key", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    # one of ports.QUEUES; of another, the last to be served
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("payload", Packed, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    # the fence: a report of an earlier attempt is refused
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("max_attempts", sa.Integer, nullable=False),
    moment("due_at"),
    moment("lease_until", optional=True),
    sa.Column("last_error", sa.Text),
    # how many messages and signals led to it, with no person and no moment in between
    sa.Column("hops", sa.Integer, nullable=False, server_default="0"),
    # the person who follows it on a page; None: nobody asked to
    sa.Column("asked_by", sa.Text),
    # how far the attempt at hand has come, told now and then
    sa.Column("progress_done", sa.Integer),
    sa.Column("progress_total", sa.Integer),
    sa.Column("progress_note", sa.Text),
    moment("progress_at", optional=True),
    # at most one job with this key, ever
    sa.Column("dedupe", sa.Text),
    moment("created_at"),
    moment("ended_at", optional=True),
    index_where("ix_job_waiting", "state = 'waiting'", "due_at"),
    # whose turn it is: the first job of each queue of each agency
    index_where("ix_job_turn", "state = 'waiting'", "agency_id", "queue", "due_at", "id"),
    index_where("ix_job_leased", "state = 'leased'", "lease_until"),
    index_where("uq_job_dedupe", "dedupe is not null", "agency_id", "dedupe", unique=True),
    index_where("ix_job_asked_by", "asked_by is not null", "agency_id", "asked_by", "id"),
    index_where("ix_job_root", "root_id is not null", "agency_id", "root_id", "token"),
)

#: Conditions as the partial indexes have them.
IS_WAITING = literally(job.c.state, WAITING)
IS_LEASED = literally(job.c.state, LEASED)
IS_PENDING = literally(job.c.state, WAITING, LEASED)
