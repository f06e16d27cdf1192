"""What runs behind the requests: `Turns` in workers, `fire_due` and `sweep` in the clock."""

from __future__ import annotations

from engine.jobs.dispatch import actions, run_job
from engine.jobs.migrating import migrate_instances
from engine.jobs.migration_batches import actions as migration_actions
from engine.jobs.sweep import sweep
from engine.jobs.timers import fire_due
from engine.jobs.turns import Turns

__all__ = [
    "Turns",
    "actions",
    "fire_due",
    "migrate_instances",
    "migration_actions",
    "run_job",
    "sweep",
]
