"""Incidents: what is stuck, why, and whether an operator has mended it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, index_where, literally, moment, own_id, refers
from engine.models.packing import Packed

OPEN, RESOLVED = "open", "resolved"

incident = sa.Table(
    "incident",
    metadata,
    own_id(),
    agency(),
    # None: a room's own job died
    refers("root_id", "process_instance.id", optional=True),
    refers("instance_id", "process_instance.id", optional=True),
    sa.Column("token", sa.Text),
    # what to try again, where it is not the token itself
    refers("job_id", "job.id", optional=True),
    refers("task_id", "task.id", optional=True),
    sa.Column("element_id", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("detail", Json, nullable=False),
    # what trying again needs to know, beyond the token
    sa.Column("memo", Packed),
    sa.Column("state", sa.String(10), nullable=False),
    moment("raised_at"),
    moment("resolved_at", optional=True),
    sa.Column("resolved_by", sa.Text),
    index_where("ix_incident_open", "state = 'open'", "agency_id", "root_id"),
    sa.Index("ix_incident_agency", "agency_id", "state", "id"),
    sa.Index("ix_incident_root", "agency_id", "root_id", "id"),
    # a job's or task's deletion looks for what refers to it
    index_where("ix_incident_job", "job_id is not null", "job_id"),
    index_where("ix_incident_task", "task_id is not null", "task_id"),
)

#: The condition as the partial index has it.
IS_OPEN = literally(incident.c.state, OPEN)
