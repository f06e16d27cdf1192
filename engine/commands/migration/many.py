"""What is asked when many instances are to go to another version at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MigrateInstances:
    """Every running instance of the target's process that is in another version (or only in
    `source_definition_id`), oldest first, at most `limit` of them.

    No handler carries this out: `engine.jobs.migrate_instances` does, with a MigrateInstance for
    each in a transaction of its own, so that none waits for the others and none takes them along.
    """

    target_definition_id: UUID
    source_definition_id: UUID | None = None
    dry_run: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None
