"""Every change to processes, a file for each noun. The handlers are gathered here."""

from __future__ import annotations

from engine.bus import Handler
from engine.commands import (
    archiving,
    conditions,
    dead_jobs,
    definitions,
    deleting,
    deployments,
    epochs,
    incidents,
    instances,
    jobs,
    late,
    messages,
    migration,
    progress,
    starts,
    tasks,
    timers,
    upkeep,
    variables,
)

HANDLERS: dict[type, Handler] = {
    **conditions.HANDLERS,
    **deployments.HANDLERS,
    **definitions.HANDLERS,
    **deleting.HANDLERS,
    **instances.HANDLERS,
    **tasks.HANDLERS,
    **jobs.HANDLERS,
    **progress.HANDLERS,
    **dead_jobs.HANDLERS,
    **timers.HANDLERS,
    **late.HANDLERS,
    **messages.HANDLERS,
    **starts.HANDLERS,
    **incidents.HANDLERS,
    **upkeep.HANDLERS,
    **epochs.HANDLERS,
    **variables.HANDLERS,
    **migration.HANDLERS,
    **archiving.HANDLERS,
}
