"""Taking running instances to another version of their process, and back."""

from __future__ import annotations

from engine.bus import Handler
from engine.commands.migration.batch import (
    CarryOutMigration,
    CheckMigration,
    Choice,
    ChooseInstances,
    UndoBatch,
    carry_out_migration,
    check_migration,
    choose_instances,
    undo_batch,
)
from engine.commands.migration.many import MigrateInstances
from engine.commands.migration.migrate import MigrateInstance, migrate_instance
from engine.commands.migration.settling import (
    EndBatch,
    NoteFate,
    SettleFate,
    end_batch,
    note_fate,
    settle_fate,
)
from engine.commands.migration.undo import UndoMigration, undo_migration

__all__ = [
    "HANDLERS",
    "CarryOutMigration",
    "CheckMigration",
    "Choice",
    "ChooseInstances",
    "MigrateInstance",
    "MigrateInstances",
    "UndoBatch",
    "UndoMigration",
]

HANDLERS: dict[type, Handler] = {
    MigrateInstance: migrate_instance,
    UndoMigration: undo_migration,
    CheckMigration: check_migration,
    ChooseInstances: choose_instances,
    CarryOutMigration: carry_out_migration,
    UndoBatch: undo_batch,
    SettleFate: settle_fate,
    NoteFate: note_fate,
    EndBatch: end_batch,
}
