"""What is deployed beside a diagram: forms and decision models, begun, changed, taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from office.modeling import blank, queries, remarks, rules, tables
from office.modeling.commands.rows import RIGHT, change, drop_files, held, put_files, tell_change
from office.people.history import record
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class AddModelFiles:
    """Files to be deployed beside the diagram; of one name the new one stays. Right: deploy.

    `drawn`: by an editor, which knows no comments: a decision model gets those of the one before,
    each at its element. Answer: {id, revision, updated_at, updated_by, moved}.
    """

    draft_id: UUID
    files: Mapping[str, bytes]
    revision: int
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class BeginModelFile:
    """A form or a decision model with the least in it, beside the diagram. Right: deploy.

    `kind`: decision, form. No key: one is made. `english`: what is in it is called so at first.
    Answer: as AddModelFiles, and {file}.
    """

    draft_id: UUID
    kind: str
    name: str
    key: str
    revision: int
    english: bool = False


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """All rules of one table, in their order. Right: deploy. Answer: as AddModelFiles."""

    draft_id: UUID
    file: str
    decision: str
    policy: str
    rules: Sequence[tables.Rule]
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
    files, moved = _with_remarks(present, command.files) if command.drawn else (command.files, [])
    rules.check_beside({**present, **files})
    if files:
        drop_files(ctx, before.id, *files)
        put_files(ctx, before.id, files)
    change(ctx, before)
    for name in sorted(files.keys() - present.keys()):
        record(ctx, "model.file_added", before.id, key=before.key, name=name)
    for name in sorted(name for name in files if files[name] != present.get(name, files[name])):
        tell_change(ctx, before, key=before.key, name=before.name, file=name)
    return {
        "id": before.id,
        "revision": before.revision + 1,
        "updated_at": ctx.now,
        "updated_by": ctx.actor.username,
        "moved": [asdict(one) for one in moved],
    }


def _with_remarks(
    present: Mapping[str, bytes], files: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], list[remarks.Moved]]:
    """The files with the comments of those that they replace, as far as both can be read."""
    kept, moved = dict(files), list[remarks.Moved]()
    for name, after in files.items():
        before = present.get(name, b"")
        if name.lower().endswith(".dmn") and rules.is_model(before) and rules.is_model(after):
            text, lost = remarks.carried(rules.decode(before), rules.decode(after))
            kept[name] = text.encode()
            moved += lost
    return kept, moved


def begin_file(command: BeginModelFile, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    file, content = blank.file(command.kind, command.name, command.key, english=command.english)
    if file in queries.beside(ctx.db, ctx.actor.agency_id, command.draft_id):
        raise checks.refused("key", "taken", f"Expected a code of its own, but {file!r} is there.")
    added = add_files(AddModelFiles(command.draft_id, {file: content}, command.revision), ctx)
    return {**added, "file": file}


def change_rules(command: ChangeRules, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    present = queries.beside(ctx.db, ctx.actor.agency_id, before.id)
    content = tables.with_rules(
        present.get(command.file, b""), command.decision, command.policy, command.rules
    )
    return add_files(AddModelFiles(before.id, {command.file: content}, command.revision), ctx)


def remove_file(command: RemoveModelFile, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    if not drop_files(ctx, before.id, command.name):
        raise checks.refused(
            "name", "gone", "Expected a file of this draft, but it has none so named."
        )
    change(ctx, before)
    record(ctx, "model.file_removed", before.id, key=before.key, name=command.name)
    return {"revision": before.revision + 1}


HANDLERS: dict[type, Handler] = {
    AddModelFiles: add_files,
    BeginModelFile: begin_file,
    ChangeRules: change_rules,
    RemoveModelFile: remove_file,
}
