"""Archived cases

Revision: 0018
After: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.db
from api.migrations.fencing import raise_fences

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ENDED = sa.text("ended_at is not null and definition_id is not null")
_OF_TASK, _OF_JOB = sa.text("task_id is not null"), sa.text("job_id is not null")
_WANTED = "definition_id CHAR(32) NOT NULL"


def upgrade() -> None:
    """Policies and tombstones; and an ended case's rows go without reading whole tables for them."""
    _policies()
    _tombstones()
    _let_definition_go()
    op.create_index(
        "ix_process_instance_ended", "process_instance", ["agency_id", "ended_at", "id"],
        postgresql_where=_ENDED, sqlite_where=_ENDED,
    )  # fmt: skip
    _order_candidates("task_id", "principal", "barred", "agency_id")
    _reindex(first="task_id", second="agency_id")
    for name, where in (("task", _OF_TASK), ("job", _OF_JOB)):
        op.create_index(
            f"ix_incident_{name}", "incident", [f"{name}_id"],
            postgresql_where=where, sqlite_where=where,
        )  # fmt: skip
    raise_fences(op.get_bind())


def downgrade() -> None:
    for name in ("job", "task"):
        op.drop_index(f"ix_incident_{name}", table_name="incident")
    _reindex(first="agency_id", second="task_id")
    _order_candidates("agency_id", "task_id", "principal", "barred")
    op.drop_index("ix_process_instance_ended", table_name="process_instance")
    _hold_definition_again()
    op.drop_table("archived_instance")
    op.drop_table("archive_policy")


def _policies() -> None:
    op.create_table(
        "archive_policy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("definition_key", sa.Text()),
        sa.Column("keep_days", sa.Integer()),
        sa.Column("old_versions", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_policy")),
    )
    op.create_index(
        "ix_archive_policy_key", "archive_policy", ["agency_id", "definition_key", "id"]
    )


def _tombstones() -> None:
    op.create_table(
        "archived_instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("definition_name", sa.Text(), nullable=False),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_hash", sa.LargeBinary(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("evidence_size", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("stored_sha256", sa.String(length=64), nullable=False),
        sa.Column("archived_by", sa.Text(), nullable=False),
        sa.Column("archived_at", engine.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["process_instance.id"], name=op.f("fk_archived_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_instance")),
    )
    op.create_index("ix_archived_instance_agency", "archived_instance", ["agency_id", "id"])


def _let_definition_go() -> None:
    db = op.get_bind()
    if db.dialect.name == "postgresql":
        op.alter_column("process_instance", "definition_id", nullable=True)
    else:
        _rewrite(db, _WANTED, _WANTED.removesuffix(" NOT NULL"))


def _hold_definition_again() -> None:
    """Refused while cases are archived: their rows are in files alone."""
    db = op.get_bind()
    if db.scalar(sa.text("SELECT 1 FROM archived_instance LIMIT 1")):
        raise ValueError("Expected no archived cases, but there are: this version has no place.")
    if db.dialect.name == "postgresql":
        op.alter_column("process_instance", "definition_id", nullable=False)
    else:
        _rewrite(db, _WANTED.removesuffix(" NOT NULL"), _WANTED)


def _rewrite(db: sa.Connection, before: str, after: str) -> None:
    """SQLite would copy the table, which everything refers to; its rows are as they are."""
    text = sa.text("SELECT sql FROM sqlite_master WHERE name = 'process_instance'")
    made = str(db.scalar(text))
    if made.count(before) != 1:
        raise ValueError(f"Expected {before!r} once in {made!r}.")
    version = int(db.exec_driver_sql("PRAGMA schema_version").scalar_one())
    db.exec_driver_sql("PRAGMA writable_schema = ON")
    change = sa.text("UPDATE sqlite_master SET sql = :sql WHERE name = 'process_instance'")
    db.execute(change, {"sql": made.replace(before, after)})
    db.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    db.exec_driver_sql("PRAGMA writable_schema = OFF")


def _order_candidates(*columns: str) -> None:
    with op.batch_alter_table("task_candidate") as batch:
        batch.drop_constraint("pk_task_candidate", type_="primary")
        batch.create_primary_key("pk_task_candidate", list(columns))


def _reindex(*, first: str, second: str) -> None:
    op.drop_index("ix_task_comment_task", table_name="task_comment")
    op.create_index("ix_task_comment_task", "task_comment", [first, second, "id"])
    op.drop_index("ix_timer_task", table_name="timer")
    op.create_index(
        "ix_timer_task", "timer", [first, second],
        postgresql_where=_OF_TASK, sqlite_where=_OF_TASK,
    )  # fmt: skip
