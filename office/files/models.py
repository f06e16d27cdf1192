"""The tables of stored contents: one row for each upload or made file, bytes elsewhere; and which
of them cases have by their forms.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import UtcDateTime, metadata
from engine.models.columns import index_where

#: handed in, and not sent yet: a few of all that is stored. Queries say it word for word, or no
#: planner proves that the index of these rows applies
WAITS = "held_by LIKE 'upload:%'"

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    # hex; equal contents share their bytes within an agency, never across agencies
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.String(120), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # what refers to it, such as "attachment:<id>"; empty: an orphan
    sa.Column("held_by", sa.String(80)),
    # a backup that read the row before may still come for the bytes: they stay for a while
    sa.Column("let_go_at", UtcDateTime),
    sa.Column("created_by", sa.String(60), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "agency_id", "sha256"),
    sa.Index("ix_blob_held_by", "held_by", "created_at"),
    index_where("ix_blob_waiting", WAITS, "created_at", "agency_id"),
)

case_file = sa.Table(
    "case_file",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("blob_id", sa.Uuid, primary_key=True),
    # of the whole case, which goes before these rows do
    sa.Column("root_id", sa.Uuid, nullable=False),
    # the variable in which it came: who that is hidden from is not told of it
    sa.Column("field", sa.Text, nullable=False),
    # empty: with the start
    sa.Column("task_id", sa.Uuid),
    sa.Column("added_by", sa.String(60), nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(["agency_id", "blob_id"], ["blob.agency_id", "blob.id"]),
    sa.Index(None, "agency_id", "root_id"),
)
