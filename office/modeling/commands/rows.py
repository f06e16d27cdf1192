"""Rows of drafts and of the files beside them, for every command of this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands import checks
from engine.errors import Stale
from engine.queries import definitions
from office.modeling import queries, rules
from office.modeling.models import model_draft, model_file
from office.modeling.queries import DraftRow
from office.people.history import record

RIGHT = "deploy"
#: whoever saves again within this time is still at the same work
SITTING = timedelta(hours=1)


class Saved(Protocol):
    """A draft as it was saved last: of a diagram, or of cards."""

    @property
    def updated_at(self) -> datetime: ...
    @property
    def updated_by(self) -> str: ...
    @property
    def changed(self) -> bool: ...


def add(
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
    put_files(ctx, draft_id, others)
    record(ctx, "model.created", draft_id, key=known.key, name=known.name)
    return saved(ctx, draft_id, known, 1)


def put_files(ctx: Context, draft_id: UUID, files: Mapping[str, bytes]) -> None:
    if files:
        ctx.db.execute(
            model_file.insert(),
            [
                {"agency_id": ctx.actor.agency_id, "draft_id": draft_id, "name": n, "content": c}
                for n, c in files.items()
            ],
        )


def drop_files(ctx: Context, draft_id: UUID, *names: str) -> int:
    of_draft = sa.delete(model_file).where(
        model_file.c.agency_id == ctx.actor.agency_id, model_file.c.draft_id == draft_id
    )
    chosen = of_draft.where(model_file.c.name.in_(names)) if names else of_draft
    return ctx.db.execute(chosen).rowcount


def saved(ctx: Context, draft_id: UUID, known: rules.Identity, revision: int) -> Answer:
    return {
        "id": draft_id,
        "key": known.key,
        "name": known.name,
        "revision": revision,
        "updated_at": ctx.now,
        "updated_by": ctx.actor.username,
    }


def held(ctx: Context, draft_id: UUID, revision: int) -> DraftRow:
    before = queries.draft(ctx.db, ctx.actor.agency_id, draft_id)
    if before.revision != revision:
        raise Stale(
            f"Expected revision {before.revision} of the diagram, but you saw {revision};"
            f" {before.updated_by} has saved since. Open that one, or save yours as a new draft."
        )
    return before


def change(ctx: Context, before: DraftRow, **values: Any) -> None:
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


def tell_change(ctx: Context, before: DraftRow, **said: Any) -> None:
    """One entry a sitting, though an editor saves every few seconds: at the first change by
    somebody else than the last one, after a pause, or since what was published.
    """
    if not told_already(ctx, before):
        record(ctx, "model.changed", before.id, **said, revision=before.revision + 1)


def told_already(ctx: Context, before: Saved) -> bool:
    """Whether the entry of an earlier change tells of this one too: of the same sitting."""
    goes_on = before.updated_by == ctx.actor.username and ctx.now - before.updated_at < SITTING
    return before.changed and goes_on


def named(text: str) -> str:
    """The name with single spaces."""
    name = " ".join(text.split())
    if not name or len(name) > rules.LONGEST_NAME:
        raise checks.refused("name", "required", "Expected a name of at most 200 characters.")
    return name


def free_key(ctx: Context, wanted: str, draft_id: UUID) -> str:
    """The code of a process that is not there yet; one of its own where none is wanted."""
    key = wanted.strip() or f"process-{draft_id.hex[-8:]}"
    if not rules.KEY.fullmatch(key):
        raise checks.refused(
            "key", "key", f"Expected a code of a-z, digits and -, but got {key!r:.80}."
        )
    if definitions.versions(ctx.db, ctx.actor.agency_id, key):
        raise checks.refused(
            "key", "taken", f"Expected a code of its own, but {key!r:.80} is taken."
        )
    return key
