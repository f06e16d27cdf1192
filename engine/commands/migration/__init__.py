"""Taking running instances to another version of their process, and back."""

from __future__ import annotations

from engine.bus import Handler
from engine.commands.migration.many import MigrateInstances
from engine.commands.migration.migrate import MigrateInstance, migrate_instance
from engine.commands.migration.undo import UndoMigration, undo_migration

__all__ = ["HANDLERS", "MigrateInstance", "MigrateInstances", "UndoMigration"]

HANDLERS: dict[type, Handler] = {
    MigrateInstance: migrate_instance,
    UndoMigration: undo_migration,
}
