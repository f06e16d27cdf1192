"""Working on diagrams: begin, open a deployed one, bring a file in, save, copy, discard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.ids import new_id
from engine.queries import definitions
from office.modeling import queries, remarks, rules
from office.modeling.commands.rows import (
    RIGHT,
    add,
    change,
    drop_files,
    free_key,
    held,
    named,
    saved,
    tell_change,
)
from office.modeling.models import model_draft
from office.people.history import record
from office.people.rights import demand


@dataclass(frozen=True, slots=True)
class CreateModel:
    """A new diagram of three elements. No key: one is made. Right: deploy.

    `english`: what its elements are called at first. Answer: {id, key, name, revision}.
    """

    name: str
    key: str = ""
    english: bool = False


@dataclass(frozen=True, slots=True)
class ImportModel:
    """A diagram's file, whoever drew it, with what is deployed beside it. Right: deploy.

    `base`: the deployed version that it is to stand on. Answer: {id, key, name, revision}. Nothing
    but what cannot be read as BPMN is refused.
    """

    files: Mapping[str, bytes]
    base: UUID | None = None


@dataclass(frozen=True, slots=True)
class OpenModel:
    """A deployed version as a draft; one that stands on it already is answered as it is.

    Right: deploy. Answer: {id, key, name, revision}.
    """

    definition_id: UUID


@dataclass(frozen=True, slots=True)
class SaveModel:
    """The diagram as it was drawn; faults in it may stand until it is published.

    `drawn`: by a canvas, which knows no comments: it gets those of the present text, and the
    answer tells which of them lost their element. Stale where `revision` is not the present one.
    Right: deploy. Answer: {id, key, name, revision, updated_at, updated_by, moved}.
    """

    draft_id: UUID
    xml: str
    revision: int
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class CopyModel:
    """A draft of its own with this diagram, on the same version and with the same files.

    For whoever saves second and wants to lose nothing. Right: deploy. Answer: as SaveModel.
    """

    draft_id: UUID
    xml: str
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class DiscardModel:
    """The draft goes; what was deployed stays. Right: deploy."""

    draft_id: UUID
    revision: int


def create_model(command: CreateModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    name, draft_id = named(command.name), new_id()
    key = free_key(ctx, command.key, draft_id)
    return add(ctx, draft_id, f"{key}.bpmn", rules.template(key, name, english=command.english), {})


def import_model(command: ImportModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    name, text, others = rules.split(command.files)
    if command.base is not None:
        definitions.one(ctx.db, ctx.actor.agency_id, command.base)
    return add(ctx, new_id(), name, text, others, command.base, None)


def open_model(command: OpenModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    agency_id = ctx.actor.agency_id
    found = definitions.one(ctx.db, agency_id, command.definition_id)
    before = queries.draft_of(ctx.db, agency_id, command.definition_id)
    if before is not None:
        return {name: getattr(before, name) for name in ("id", "key", "name", "revision")}
    files = dict(definitions.files(ctx.db, agency_id, command.definition_id))
    text = rules.decode(files.pop(found.file_name))
    return add(ctx, new_id(), found.file_name, text, files, UUID(found.id))


def save_model(command: SaveModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    present = queries.xml(ctx.db, ctx.actor.agency_id, before.id)
    text, moved = _with_remarks(command, present)
    known = rules.identify(text)
    change(ctx, before, xml=text, key=known.key, name=known.name)
    if text != present:
        tell_change(ctx, before, key=known.key, name=known.name)
    return {**saved(ctx, before.id, known, before.revision + 1), "moved": moved}


def _with_remarks(command: SaveModel | CopyModel, present: str) -> tuple[str, list[dict[str, str]]]:
    if not command.drawn:
        return command.xml, []
    rules.identify(command.xml)
    text, moved = remarks.carried(present, command.xml)
    return text, [asdict(one) for one in moved]


def copy_model(command: CopyModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    agency_id = ctx.actor.agency_id
    before = queries.draft(ctx.db, agency_id, command.draft_id)
    others = queries.beside(ctx.db, agency_id, before.id)
    base = before.base_definition_id
    text, moved = _with_remarks(command, queries.xml(ctx.db, agency_id, before.id))
    return {**add(ctx, new_id(), before.file_name, text, others, base, None), "moved": moved}


def discard_model(command: DiscardModel, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    before = held(ctx, command.draft_id, command.revision)
    drop_files(ctx, before.id)
    ctx.db.execute(
        sa.delete(model_draft).where(
            model_draft.c.agency_id == ctx.actor.agency_id, model_draft.c.id == before.id
        )
    )
    record(ctx, "model.discarded", before.id, key=before.key, name=before.name)
    return {"id": before.id}


HANDLERS: dict[type, Handler] = {
    CreateModel: create_model,
    ImportModel: import_model,
    OpenModel: open_model,
    SaveModel: save_model,
    CopyModel: copy_model,
    DiscardModel: discard_model,
}
