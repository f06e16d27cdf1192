"""Migrations of instances to other versions: who, from where to where, and the way back; and many
of them at once.
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.db import Json, metadata
from engine.models.columns import agency, index_where, moment, own_id, refers
from engine.models.packing import Packed

instance_migration = sa.Table(
    "instance_migration",
    metadata,
    own_id(),
    agency(),
    refers("root_id", "process_instance.id"),
    refers("from_definition_id", "process_definition.id"),
    refers("to_definition_id", "process_definition.id"),
    # element id in the old version -> in the new one, where they differ
    sa.Column("mapping", Json, nullable=False),
    sa.Column("migrated_by", sa.Text, nullable=False),
    moment("migrated_at"),
    # The state before, and what the rows beside it said (None: it moved on at once, and there is
    # no way back). Bytes as they were: the old version reads them.
    sa.Column("state", sa.LargeBinary),
    sa.Column("rows", Packed),
    # the instance has not moved since while its state has this hash and history no later move
    sa.Column("state_sha256", sa.LargeBinary, nullable=False),
    sa.Column("history_seq", sa.Integer, nullable=False),
    moment("undone_at", optional=True),
    sa.Column("undone_by", sa.Text),
    sa.Index("ix_instance_migration_root", "agency_id", "root_id", "id"),
)

#: A batch at work, each state with the one that follows when all its instances are settled.
CHECKING, MIGRATING, UNDOING = "checking", "migrating", "undoing"
CHECKED, MIGRATED, UNDONE = "checked", "migrated", "undone"
NEXT = {CHECKING: CHECKED, MIGRATING: MIGRATED, UNDOING: UNDONE}
#: What became of an instance of a batch so far. `stays`: it could not be taken back; `unchosen`: it
#: could migrate, and whoever looked at the batch leaves it in its version.
WAITING, POSSIBLE, REFUSED, FAILED = "waiting", "possible", "refused", "failed"
STAYS, UNCHOSEN = "stays", "unchosen"
OUTCOMES = (WAITING, POSSIBLE, UNCHOSEN, REFUSED, FAILED, MIGRATED, UNDONE, STAYS)
#: The instances that a batch at work still has to settle.
TODO = {CHECKING: WAITING, MIGRATING: POSSIBLE, UNDOING: MIGRATED}

migration_batch = sa.Table(
    "migration_batch",
    metadata,
    own_id(),
    agency(),
    sa.Column("key", sa.Text, nullable=False),
    refers("target_definition_id", "process_definition.id"),
    # None: from every other version
    refers("source_definition_id", "process_definition.id", optional=True),
    sa.Column("mapping", Json, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    # how many instances the present state began with
    sa.Column("wanted", sa.Integer, nullable=False),
    # whose word the work under way is done on
    sa.Column("by_person", sa.Uuid),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("asked_by", sa.Text, nullable=False),
    moment("asked_at"),
    sa.Column("carried_by", sa.Text),
    moment("carried_at", optional=True),
    sa.Column("undone_by", sa.Text),
    moment("undone_at", optional=True),
    # when the present state was reached; None: at work
    moment("settled_at", optional=True),
    sa.Index("ix_migration_batch_key", "agency_id", "key", "id"),
    # one at a time: two would contradict each other about the same instances
    index_where(
        "uq_migration_batch_working",
        "state in ('checking', 'migrating', 'undoing')",
        "agency_id",
        "key",
        unique=True,
    ),
)

migration_fate = sa.Table(
    "migration_fate",
    metadata,
    agency(),
    refers("batch_id", "migration_batch.id"),
    # No references: what became of it is told even when it was deleted for its age.
    sa.Column("root_id", sa.Uuid, nullable=False),
    sa.Column("from_definition_id", sa.Uuid, nullable=False),
    sa.Column("outcome", sa.String(10), nullable=False),
    # why not, and at which element of the old version first
    sa.Column("code", sa.Text),
    sa.Column("element_id", sa.Text),
    sa.Column("message", sa.Text),
    # [{element_id, target_element_id, outcome, changes, code}] of those with something to say
    sa.Column("tokens", Json, nullable=False),
    sa.PrimaryKeyConstraint("agency_id", "batch_id", "root_id"),
    sa.Index("ix_migration_fate_outcome", "agency_id", "batch_id", "outcome", "root_id"),
)
