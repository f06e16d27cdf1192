"""Deployments, their files as they came, and the immutable versions of process definitions."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, moment, own_id, refers

deployment = sa.Table(
    "deployment",
    metadata,
    own_id(),
    agency(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bundle_sha", sa.String(64), nullable=False),
    # process id of another deployment -> bundle that calls of it are pinned to
    sa.Column("pins", Json, nullable=False),
    sa.Column("deployed_by", sa.Text, nullable=False),
    moment("deployed_at"),
    sa.Index("ix_deployment_bundle", "agency_id", "bundle_sha"),
)

deployed_file = sa.Table(
    "deployed_file",
    metadata,
    own_id(),
    agency(),
    refers("deployment_id", "deployment.id"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.UniqueConstraint("agency_id", "deployment_id", "name"),
)

process_definition = sa.Table(
    "process_definition",
    metadata,
    own_id(),
    agency(),
    refers("deployment_id", "deployment.id"),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # All files of the deployment: what the process may call is pinned with it.
    sa.Column("bundle_sha", sa.String(64), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("start_form", sa.Text),
    sa.Column("start_role", sa.Text),
    # whether a person can start it, not only events or (internal) another command
    sa.Column("startable", sa.Boolean, nullable=False),
    moment("created_at"),
    # from then on nothing is started by it; what runs goes on
    moment("withdrawn_at", optional=True),
    sa.UniqueConstraint("agency_id", "key", "version"),
)

#: What was done to definitions after their deployment: rows that are only ever added.
definition_event = sa.Table(
    "definition_event",
    metadata,
    own_id(),
    agency(),
    moment("at"),
    sa.Column("actor", sa.Text, nullable=False),
    # "definition.withdrawn", "definition.restored" or "definition.deleted"
    sa.Column("type", sa.String(60), nullable=False),
    # no foreign key: the entry outlives what it tells of
    sa.Column("definition_id", sa.Uuid, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_definition_event_key", "agency_id", "key", "id"),
)
