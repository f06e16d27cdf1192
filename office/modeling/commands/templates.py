"""Saving a draft as a template, beginning a draft from one, and removing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands import checks
from engine.errors import NotFound
from engine.ids import new_id
from office.modeling import queries, rules
from office.modeling.commands.rows import RIGHT, add, free_key, named
from office.modeling.models import model_template
from office.modeling.renaming import renamed
from office.people.history import record
from office.people.rights import demand

MOST, LONGEST = 200, 1_000


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """Keep a draft as it is now for new ones to begin from. Right: deploy. Answer: {id}."""

    draft_id: UUID
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class KeepTemplate:
    """Keep files (name -> text) for new drafts to begin from; `file_name` is the diagram's, `code`
    the id of its process. Right: deploy. Answer: {id}.
    """

    files: Mapping[str, str]
    file_name: str
    code: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class BeginFromTemplate:
    """A new draft with a template's files (name -> text), under an id and a name of its own.

    No key: one is made. Right: deploy. Answer: as CreateModel.
    """

    files: Mapping[str, str]
    file_name: str
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class RemoveTemplate:
    """The template goes; what was begun from it stays. Right: deploy. Answer: {id}."""

    template_id: UUID


def save_template(command: SaveTemplate, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    me = ctx.actor.agency_id
    draft = queries.draft(ctx.db, me, command.draft_id)
    others = queries.beside(ctx.db, me, draft.id)
    files = {file: rules.decode(content) for file, content in others.items()}
    files[draft.file_name] = queries.xml(ctx.db, me, draft.id)
    kept = KeepTemplate(files, draft.file_name, draft.key, command.name, command.description)
    return keep_template(kept, ctx)


def keep_template(command: KeepTemplate, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    me = ctx.actor.agency_id
    name, description = named(command.name), command.description.strip()
    if len(description) > LONGEST:
        raise checks.refused("description", "too_long", f"Expected at most {LONGEST} characters.")
    counted = sa.select(sa.func.count()).where(model_template.c.agency_id == me)
    if ctx.db.execute(counted).scalar_one() >= MOST:
        raise checks.refused("name", "too_many_templates", f"Expected at most {MOST} templates.")
    template_id = new_id()
    ctx.db.execute(
        sa.insert(model_template),
        {
            "agency_id": me,
            "id": template_id,
            "name": name,
            "description": description,
            "file_name": command.file_name,
            "files": dict(command.files),
            "saved_by": ctx.actor.username,
            "saved_at": ctx.now,
        },
    )
    record(ctx, "template.saved", template_id, name=name, code=command.code)
    return {"id": str(template_id)}


def begin_from_template(command: BeginFromTemplate, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    name, draft_id = named(command.name), new_id()
    key = free_key(ctx, command.key, draft_id)
    made = renamed(command.files, command.file_name, key, name)
    text = made.pop(command.file_name)
    return add(ctx, draft_id, f"{key}.bpmn", text, {n: t.encode() for n, t in made.items()})


def remove_template(command: RemoveTemplate, ctx: Context) -> Answer:
    demand(ctx.actor, RIGHT)
    which = sa.and_(
        model_template.c.agency_id == ctx.actor.agency_id,
        model_template.c.id == command.template_id,
    )
    row = ctx.db.execute(sa.select(model_template.c.name).where(which)).one_or_none()
    if row is None:
        raise NotFound("Expected a template of this agency, but there is none with this id.")
    ctx.db.execute(sa.delete(model_template).where(which))
    record(ctx, "template.removed", command.template_id, name=row.name)
    return {"id": str(command.template_id)}


HANDLERS: dict[type, Handler] = {
    SaveTemplate: save_template,
    KeepTemplate: keep_template,
    BeginFromTemplate: begin_from_template,
    RemoveTemplate: remove_template,
}
