"""The tables of diagrams that are being worked on, and of the files that belong to them."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, UtcDateTime, metadata

model_draft = sa.Table(
    "model_draft",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    # of the process that the diagram draws: read from it with every save
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # what the diagram's file is called in a deployment
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("xml", sa.Text, nullable=False),
    # the deployed version that it began as, or was published as last
    sa.Column("base_definition_id", sa.Uuid, sa.ForeignKey("process_definition.id")),
    # counts every change: whoever saves says which one they saw
    sa.Column("revision", sa.Integer, nullable=False),
    # the revision that is what the base says: one that is younger has unpublished changes
    sa.Column("published_revision", sa.Integer),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("updated_by", sa.String(60), nullable=False),
)

#: forms, decisions and further diagrams that are deployed with a draft's diagram
model_file = sa.Table(
    "model_file",
    metadata,
    sa.Column("agency_id", sa.Uuid, primary_key=True),
    sa.Column("draft_id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.ForeignKeyConstraint(
        ["agency_id", "draft_id"], ["model_draft.agency_id", "model_draft.id"],
        name="fk_model_file_draft",
    ),
)  # fmt: skip

#: what an agency begins new diagrams from
model_template = sa.Table(
    "model_template",
    metadata,
    sa.Column("agency_id", sa.Uuid, sa.ForeignKey("agency.id"), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    # of the diagram among the files
    sa.Column("file_name", sa.Text, nullable=False),
    # name -> text, the diagram included
    sa.Column("files", Json, nullable=False),
    sa.Column("saved_by", sa.String(60), nullable=False),
    sa.Column("saved_at", UtcDateTime, nullable=False),
)
