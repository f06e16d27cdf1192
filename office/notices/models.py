"""Tables of notices and of how each person wants to be told."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import UtcDateTime, metadata

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, nullable=False),
    # one of rules.KINDS
    sa.Column("kind", sa.String(20), nullable=False),
    # what it is about: a task, or else a page of ours
    sa.Column("task_id", sa.Uuid),
    sa.Column("instance_id", sa.Uuid),
    sa.Column("page", sa.String(200)),
    sa.Column("task_name", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False, default=""),
    # who caused it (sign-in name; empty: the system) and what they said
    sa.Column("actor", sa.String(60), nullable=False, default=""),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("priority", sa.SmallInteger, nullable=False, default=1),
    sa.Column("due_at", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # shown in the page at all; a person may want mail alone
    sa.Column("in_page", sa.Boolean, nullable=False, default=True),
    sa.Column("read_at", UtcDateTime),
    sa.ForeignKeyConstraint(["agency_id", "person_id"], ["person.agency_id", "person.id"]),
    sa.Index(None, "agency_id", "person_id", "read_at"),
    sa.Index(None, "agency_id", "task_id"),
)

notice_preference = sa.Table(
    "notice_preference",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("person_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("in_page", sa.Boolean, nullable=False),
    sa.Column("by_mail", sa.Boolean, nullable=False),
    sa.ForeignKeyConstraint(["agency_id", "person_id"], ["person.agency_id", "person.id"]),
)
