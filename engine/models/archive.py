"""Ended cases put away: how long each process keeps them, and what stays of those that went.

The rows of an archived case are in its evidence file. Its instances stay as rows without a version
and without variables: history may go on (a letter is revoked years later), and ids stay taken.
Years later the file may be destroyed too, by a process in which people decide: the tombstone stays.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, moment, own_id, refers

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
    # years after its end before anybody is asked to destroy its file; None: never
    sa.Column("destroy_years", sa.Integer),
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
    # those who decided about it wanted it kept until then, whatever its policy says
    moment("keep_until", optional=True),
    # a legal hold: while it stands, nothing of the case is destroyed
    moment("held_at", optional=True),
    sa.Column("held_by", sa.Text),
    sa.Column("hold_reason", sa.Text),
    # when its file was destroyed, on whose word and since when, and the case in which they said so
    moment("destroyed_at", optional=True),
    sa.Column("approved_by", sa.Text),
    moment("approved_at", optional=True),
    sa.Column("destruction_id", sa.Uuid),
    sa.Index("ix_archived_instance_agency", "agency_id", "id"),
    # those of one process, or of some that somebody was granted
    sa.Index("ix_archived_instance_process", "agency_id", "definition_key", "id"),
)

#: A destruction that somebody with the right asked for: whom they named is held here, because the
#: variables of its process can be changed. Without this row nothing is listed and nothing goes.
destruction = sa.Table(
    "destruction",
    metadata,
    # the root instance of the process that asks
    sa.Column("id", sa.Uuid, sa.ForeignKey("process_instance.id"), primary_key=True),
    agency(),
    # the version that was started, in its shipped form
    sa.Column("definition_id", sa.Uuid, nullable=False),
    sa.Column("asker", sa.Text, nullable=False),
    # the principal of the post that heads the agency
    sa.Column("approver", sa.Text, nullable=False),
    # sign-in names, the chair first
    sa.Column("committee", Json, nullable=False),
    sa.Column("spare_years", sa.Integer, nullable=False),
    moment("asked_at"),
)

#: What is to become, and became, of a file on a list. `kept`: it may no longer be destroyed;
#: `gone`: another destruction had it.
LISTED, CONDEMNED, SPARED, DESTROYED, KEPT = "listed", "condemned", "spared", "destroyed", "kept"
GONE = "gone"

#: บัญชีหนังสือขอทำลาย: the archived cases that one destruction asks about, oldest first.
destruction_item = sa.Table(
    "destruction_item",
    metadata,
    agency(),
    # the root instance of the process that asks
    sa.Column("destruction_id", sa.Uuid, nullable=False),
    # from 1, as people name it
    sa.Column("ordinal", sa.Integer, nullable=False),
    refers("case_id", "archived_instance.id"),
    # its line as people read it
    sa.Column("shown", sa.Text, nullable=False),
    # sign-in names of the members who would keep it
    sa.Column("spared_by", Json, nullable=False),
    sa.Column("fate", sa.String(10), nullable=False),
    sa.PrimaryKeyConstraint("destruction_id", "ordinal", "agency_id"),
    sa.Index("ix_destruction_item_case", "case_id"),
)
