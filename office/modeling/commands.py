"""Working on diagrams: begin, open a deployed one, bring a file in, save, discard, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.commands.deployments import Deploy
from engine.errors import Conflict, Stale
from engine.ids import new_id
from engine.queries import definitions
from office.modeling import queries, rules
from office.modeling.models import model_draft, model_file
from office.modeling.queries import DraftRow
from office.people.history import record
from office.people.rights import demand

RIGHT = "deploy"


@dataclass(frozen=True, slots=True)
class CreateModel:
    """A new diagram of three elements. No key: one is made. Right: deploy.

    Answer: {id, key, revision}.
    """

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ImportModel:
    """A diagram's file, whoever drew it, with what is deployed beside it. Right: deploy.

    Answer: {id, key, revision}. Nothing but what cannot be read as BPMN is refused.
    """

    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A deployed version as a draft; one that stands on it already is answered as it is.

    Right: deploy. Answer: {id, key, revision}.
    """

    definition_id: UUID


@dataclass(frozen=True, slots=True)
class SaveModel:
    """The diagram as it was drawn; faults in it may stand until it is published.

    Stale where `revision` is not the present one. Right: deploy.
    Answer: {id, key, name, revision, updated_at, updated_by}.
    """

    draft_id: UUID
    xml: str
    revision: int


@dataclass(frozen=True, slots=True)
class CopyModel:
    """A draft of its own with this diagram, on the same version and with the same files.

    For whoever saves second and wants to lose nothing. Right: deploy. Answer: as SaveModel.
    """

    draft_id: UUID
    xml: str


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


@dataclass(frozen=True, slots=True)
class DiscardModel:
    """The draft goes; what was deployed stays. Right: deploy."""

    draft_id: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class PublishModel:
    """The draft as the next version, with a note that says why. Right: deploy.

    `after`: the newest version that was seen (0: none); Conflict where there is a newer one.
    Answer: {id, key, version, warnings} of the definition. DeploymentRefused: the linter found
    an error.
    """

    draft_id: UUID
    revision: int
    note: str
    after: int


def create_model(command: CreateModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    name, draft_id = " ".join(command.name.split()), new_id()
    if not name or len(name) > rules.LONGEST_NAME:
        raise checks.refused("name", "required", "Expected a name of at most 200 characters.")
    key = command.key.strip() or f"process-{draft_id.hex[-8:]}"
    if not rules.KEY.fullmatch(key):
        raise checks.refused(
            "key", "key", f"Expected a code of a-z, digits and -, but got {key!r:.80}."
        )
    if definitions.versions(ctx.db, ctx.actor.agency_id, key):
        raise checks.refused(
            "key", "taken", f"Expected a code of its own, but {key!r:.80} is taken."
        )
    return _add(ctx, draft_id, f"{key}.bpmn", rules.template(key, name), {})


def import_model(command: ImportModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    name, text, others = rules.split(command.files)
    return _add(ctx, new_id(), name, text, others)


def open_model(command: OpenModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    agency_id = ctx.actor.agency_id
    found = definitions.one(ctx.db, agency_id, command.definition_id)
    before = queries.draft_of(ctx.db, agency_id, command.definition_id)
    if before is not None:
        return {"id": before.id, "key": before.key, "revision": before.revision}
    files = dict(definitions.files(ctx.db, agency_id, command.definition_id))
    text = rules.decode(files.pop(found.file_name))
    return _add(ctx, new_id(), found.file_name, text, files, UUID(found.id))


def _add(
    ctx: Context,
    draft_id: UUID,
    file_name: str,
    text: str,
    others: Mapping[str, bytes],
    base: UUID | None = None,
    published: int | None = 1,
) -> Answer:
    known = rules.identify(text)
    ctx.db.execute(
        model_draft.insert(),
        {
            "agency_id": ctx.actor.agency_id,
            "id": draft_id,
            "key": known.key,
            "name": known.name,
            "file_name": file_name,
            "xml": text,
            "base_definition_id": base,
            "revision": 1,
            "published_revision": published if base else None,
            "created_at": ctx.now,
            "updated_at": ctx.now,
            "updated_by": ctx.actor.username,
        },
    )
    _put_files(ctx, draft_id, others)
    record(ctx, "model.created", draft_id, key=known.key, name=known.name)
    return _saved(ctx, draft_id, known, 1)


def _put_files(ctx: Context, draft_id: UUID, files: Mapping[str, bytes]) -> None:
    if files:
        ctx.db.execute(
            model_file.insert(),
            [
                {"agency_id": ctx.actor.agency_id, "draft_id": draft_id, "name": n, "content": c}
                for n, c in files.items()
            ],
        )


def _drop_files(ctx: Context, draft_id: UUID, *names: str) -> int:
    of_draft = sa.delete(model_file).where(
        model_file.c.agency_id == ctx.actor.agency_id, model_file.c.draft_id == draft_id
    )
    chosen = of_draft.where(model_file.c.name.in_(names)) if names else of_draft
    return ctx.db.execute(chosen).rowcount


def _saved(ctx: Context, draft_id: UUID, known: rules.Identity, revision: int) -> Answer:
    return {
        "id": draft_id,
        "key": known.key,
        "name": known.name,
        "revision": revision,
        "updated_at": ctx.now,
        "updated_by": ctx.actor.username,
    }


def save_model(command: SaveModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.draft_id, command.revision)
    known = rules.identify(command.xml)
    _change(ctx, before, xml=command.xml, key=known.key, name=known.name)
    return _saved(ctx, before.id, known, before.revision + 1)


def _held(ctx: Context, draft_id: UUID, revision: int) -> DraftRow:
    before = queries.draft(ctx.db, ctx.actor.agency_id, draft_id)
    if before.revision != revision:
        raise Stale(
            f"Expected revision {before.revision} of the diagram, but you saw {revision};"
            f" {before.updated_by} has saved since. Open that one, or save yours as a new draft."
        )
    return before


def _change(ctx: Context, before: DraftRow, **values: Any) -> None:
    """The row of exactly that revision: who comes second is told."""
    done = ctx.db.execute(
        sa.update(model_draft)
        .where(model_draft.c.agency_id == ctx.actor.agency_id, model_draft.c.id == before.id)
        .where(model_draft.c.revision == before.revision)
        .values(
            revision=before.revision + 1,
            updated_at=ctx.now,
            updated_by=ctx.actor.username,
            **values,
        )
    )
    if done.rowcount != 1:
        raise Stale("Expected the diagram as you saw it, but somebody has just changed it.")


def copy_model(command: CopyModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    agency_id = ctx.actor.agency_id
    before = queries.draft(ctx.db, agency_id, command.draft_id)
    others = queries.beside(ctx.db, agency_id, before.id)
    base = before.base_definition_id
    return _add(ctx, new_id(), before.file_name, command.xml, others, base, None)


def add_files(command: AddModelFiles, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.draft_id, command.revision)
    present = queries.beside(ctx.db, ctx.actor.agency_id, before.id)
    if before.file_name in command.files:
        raise checks.refused(
            "files", "drawn",
            f"Expected files beside {before.file_name!r:.90}, but this is the diagram itself.",
        )  # fmt: skip
    rules.check_beside({**present, **command.files})
    if command.files:
        _drop_files(ctx, before.id, *command.files)
        _put_files(ctx, before.id, command.files)
    _change(ctx, before)
    return {"revision": before.revision + 1}


def remove_file(command: RemoveModelFile, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.draft_id, command.revision)
    if not _drop_files(ctx, before.id, command.name):
        raise checks.refused(
            "name", "gone", "Expected a file of this draft, but it has none so named."
        )
    _change(ctx, before)
    return {"revision": before.revision + 1}


def discard_model(command: DiscardModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = _held(ctx, command.draft_id, command.revision)
    _drop_files(ctx, before.id)
    ctx.db.execute(
        sa.delete(model_draft).where(
            model_draft.c.agency_id == ctx.actor.agency_id, model_draft.c.id == before.id
        )
    )
    record(ctx, "model.discarded", before.id, key=before.key, name=before.name)
    return {"id": before.id}


def publish_model(command: PublishModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before, note = _held(ctx, command.draft_id, command.revision), command.note.strip()
    if not note or len(note) > rules.LONGEST_NOTE:
        raise checks.refused(
            "note", "required", f"Expected a note of at most {rules.LONGEST_NOTE} characters."
        )
    newest = _newest(ctx, before.key)
    if newest != command.after:
        raise Conflict(
            f"Expected version {command.after or 'none'} of {before.key!r:.80} to be the newest,"
            f" but it is {newest or 'none'}; look what changed in it, then publish.",
            code="newer_version",
        )
    made = ctx.run(Deploy(queries.files(ctx.db, ctx.actor.agency_id, before), note))
    published = next(one for one in made["definitions"] if one["key"] == before.key)
    _change(
        ctx,
        before,
        base_definition_id=UUID(str(published["id"])),
        published_revision=before.revision + 1,
    )
    version = published["version"]
    record(ctx, "model.published", before.id, key=before.key, version=version, note=note)
    return {**published, "warnings": made["warnings"]}


def _newest(ctx: Context, key: str) -> int:
    found = definitions.versions(ctx.db, ctx.actor.agency_id, key)
    return found[0].version if found else 0


HANDLERS: dict[type, Handler] = {
    CreateModel: create_model,
    ImportModel: import_model,
    OpenModel: open_model,
    SaveModel: save_model,
    CopyModel: copy_model,
    AddModelFiles: add_files,
    RemoveModelFile: remove_file,
    DiscardModel: discard_model,
    PublishModel: publish_model,
}
