"""What is deployed beside a diagram: forms and decision models, added and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from office.modeling import queries, rules
from office.modeling.commands.rows import RIGHT, change, drop_files, held, put_files
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class AddModelFiles:
    """Files to be deployed beside the diagram; of one name the new one stays. Right: deploy."""

    draft_id: UUID
    files: Mapping[str, bytes]
    revision: int


@dataclass(frozen=True, slots=True)
class RemoveModelFile:
    """Right: deploy."""

    draft_id: UUID
    name: str
    revision: int


def add_files(command: AddModelFiles, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    present = queries.beside(ctx.db, ctx.actor.agency_id, before.id)
    if before.file_name in command.files:
        raise checks.refused(
            "files", "drawn",
            f"Expected files beside {before.file_name!r:.90}, but this is the diagram itself.",
        )  # fmt: skip
    rules.check_beside({**present, **command.files})
    if command.files:
        drop_files(ctx, before.id, *command.files)
        put_files(ctx, before.id, command.files)
    change(ctx, before)
    return {"revision": before.revision + 1}


def remove_file(command: RemoveModelFile, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    if not drop_files(ctx, before.id, command.name):
        raise checks.refused(
            "name", "gone", "Expected a file of this draft, but it has none so named."
        )
    change(ctx, before)
    return {"revision": before.revision + 1}


HANDLERS: dict[type, Handler] = {
    AddModelFiles: add_files,
    RemoveModelFile: remove_file,
}
