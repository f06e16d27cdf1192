"""Ended cases put away: how long each process keeps them, and what stays of those that went.

The rows of an archived case are in its evidence file. Its instances stay as rows without a version
and without variables: history may go on (a letter is revoked years later), and ids stay taken.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import metadata
from engine.models.columns import agency, moment, own_id

#: Never changed: the newest of an agency and process holds, the older ones are its history.
archive_policy = sa.Table(
    "archive_policy",
    metadata,
    own_id(),
    agency(),
    # None: every process that has no policy of its own
    sa.Column("definition_key", sa.Text),
    # days after its end that a case stays as it is; None: for ever
    sa.Column("keep_days", sa.Integer),
    # old versions that no instance is of are withdrawn, and later deleted
    sa.Column("old_versions", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
    moment("set_at"),
    sa.Index("ix_archive_policy_key", "agency_id", "definition_key", "id"),
)

archived_instance = sa.Table(
    "archived_instance",
    metadata,
    # the root's
    sa.Column("id", sa.Uuid, sa.ForeignKey("process_instance.id"), primary_key=True),
    agency(),
    sa.Column("definition_key", sa.Text, nullable=False),
    sa.Column("definition_version", sa.Integer, nullable=False),
    sa.Column("definition_name", sa.Text, nullable=False),
    # what history had come to: the evidence file has all events up to here
    sa.Column("history_seq", sa.Integer, nullable=False),
    sa.Column("history_hash", sa.LargeBinary, nullable=False),
    # of the evidence file, and of what is stored (the same, squeezed)
    sa.Column("evidence_sha256", sa.String(64), nullable=False),
    sa.Column("evidence_size", sa.BigInteger, nullable=False),
    sa.Column("seal", sa.String(64), nullable=False),
    sa.Column("stored_sha256", sa.String(64), nullable=False),
    sa.Column("archived_by", sa.Text, nullable=False),
    moment("archived_at"),
    sa.Index("ix_archived_instance_agency", "agency_id", "id"),
)
