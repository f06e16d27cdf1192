"""Saving a draft's words, by whoever has a writing step on their desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.secrecy import classify
from engine.commands.variables import SetVariables
from engine.errors import Conflict, Forbidden
from office.documents import access, errors
from office.documents.commands.looking import saw_own
from office.documents.degrees import check_degree, told_subject
from office.documents.models import document
from office.documents.reading import Reading, read_content
from office.documents.routing import plan
from office.documents.two_signers import with_checker


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Replace the content. `base_revision` is the revision that the editor started from: any other
    is Stale (412); Forbidden (only_proposes) for whose step of the route changes no words. The same
    words again make no new revision. Answer: {id, revision, saved_at}.
    """

    document_id: UUID
    content: Mapping[str, Any]
    base_revision: int


def save_draft(command: SaveDraft, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    reading = read_content(command.content)
    if reading.secrecy != row.secrecy:
        check_degree(ctx, reading.secrecy)
    told = _news_for_the_route(row, reading)
    if told or reading.secrecy != row.secrecy:
        access.lock_instance(ctx.db, row)
    row = access.lock(ctx.db, row.agency_id, row.id)
    _check_editor(ctx, row)
    content = with_checker(ctx.db, row.agency_id, reading.content, row.signing_post, ctx.now)
    reading = replace(reading, content=content)
    if command.base_revision != row.revision:
        raise errors.stale(command.base_revision, row.revision)
    _refuse_other_paper(row, reading.content, ctx)
    if told:
        ctx.run(SetVariables(row.instance_id, told))
    if reading.secrecy != row.secrecy:
        classify(ctx, str(row.id), reading.secrecy)
    if reading.content != row.content:
        write(
            ctx,
            row,
            content=reading.content,
            subject=reading.content["subject"],
            urgency=reading.urgency,
            secrecy=reading.secrecy,
            circular=reading.circular,
        )
        saw_own(ctx, row, reading.content, row.revision + 1)
    revision = row.revision + (reading.content != row.content)
    return {"id": str(row.id), "revision": revision, "saved_at": ctx.now}


def _check_editor(ctx: Context, row: access.Row) -> None:
    """Whoever only proposes is told so: their words are no less welcome, by another way."""
    try:
        access.check_editor(ctx.db, ctx.actor, row, ctx.now)
    except Forbidden:
        if access.may_propose(ctx.db, ctx.actor, row):
            raise errors.may_only_propose(ctx.actor.username) from None
        raise


def _news_for_the_route(row: access.Row, reading: Reading) -> dict[str, Any]:
    """What the route goes by and this change makes anew: the case's title, deadlines to come."""
    now = {
        "subject": told_subject(reading.content["subject"], reading.secrecy),
        "urgency": reading.urgency,
        "circular": reading.circular,
    }
    was = {
        "subject": told_subject(row.subject, row.secrecy),
        "urgency": row.urgency,
        "circular": row.circular,
    }
    return {name: value for name, value in now.items() if value != was[name]}


def write(ctx: Context, row: access.Row, **values: Any) -> None:
    """A new revision of the locked row."""
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(revision=row.revision + 1, updated_at=ctx.now, **values)
    )


def _refuse_other_paper(row: access.Row, content: Mapping[str, Any], ctx: Context) -> None:
    """Kind and signing post decide the route, which has begun: they stay as they were."""
    if content["kind"] != row.kind:
        raise Conflict(
            f"Expected the document to stay {row.kind}, as its route began; start a new one.",
            code="route_begun",
        )
    if content["position_lines"] != row.content["position_lines"]:
        route = plan(ctx.db, ctx.actor, content, ctx.now)
        if route.signing_post != row.signing_post:
            raise Conflict(
                "Expected the signing post to stay as it was when the route began;"
                " start a new document.",
                code="route_begun",
            )
