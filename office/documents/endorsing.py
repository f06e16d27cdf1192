"""Endorsements and the names of those who prepared: written when a level of the route ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Context
from engine.commands.vouching import vouch
from engine.events import TaskRef
from engine.ids import new_id
from engine.models.task import task as task_table
from office.documents import rules
from office.documents.access import Row
from office.documents.models import endorsement, preparer, signature
from office.documents.rules import ENDORSED
from office.documents.versions import Version
from office.people import queries as people

_MINE = sa.and_(
    endorsement.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    endorsement.c.document_id == sa.bindparam("document", type_=sa.Uuid),
)
_COUNT = sa.select(sa.func.count()).where(_MINE)
_TASK = sa.select(task_table.c.candidates, task_table.c.outcomes).where(
    task_table.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
    task_table.c.id == sa.bindparam("task", type_=sa.Uuid),
)
_SIGNED_AS = (
    sa.select(signature.c.position_lines)
    .where(
        signature.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        signature.c.task_id == sa.bindparam("task", type_=sa.Uuid),
        signature.c.state.in_((rules.DONE, rules.FIRST)),
    )
    .order_by(signature.c.reserved_at.desc())
)
_STANDING = (
    sa.select(endorsement.c.id, endorsement.c.ordinal, endorsement.c.element_id)
    .where(_MINE, endorsement.c.lapsed_at.is_(None))
    .order_by(endorsement.c.ordinal)
)


def endorse(
    ctx: Context,
    row: Row,
    version: Version,
    task: TaskRef,
    *,
    actor: Actor,
    outcome: str | None,
    text: str,
    on_behalf_of: str | None = None,
    instrument_id: UUID | None = None,
    skipped: bool = False,
) -> None:
    """One more endorsement of the locked document's version, never changed afterwards; the case's
    history names the version's hash.
    """
    place = ctx.db.execute(_COUNT, {"agency": row.agency_id, "document": row.id}).scalar_one()
    asked = ctx.db.execute(_TASK, {"agency": row.agency_id, "task": task.task_id}).one()
    ctx.db.execute(
        sa.insert(endorsement),
        {
            "agency_id": row.agency_id,
            "id": new_id(),
            "document_id": row.id,
            "ordinal": place + 1,
            "version_id": version.id,
            "version_sha256": version.sha256,
            "task_id": task.task_id,
            "element_id": task.element_id,
            "level": task.name,
            "username": actor.username,
            "name": actor.name,
            "position_lines": _lines_under(ctx, actor, task, asked.candidates, instrument_id),
            "on_behalf_of": on_behalf_of,
            "instrument_id": instrument_id,
            "outcome": outcome,
            "outcome_name": _name_of(outcome, asked.outcomes),
            "text": text,
            "skipped": skipped,
            "at": ctx.now,
        },
    )
    vouch(
        ctx,
        task.instance_id,
        ENDORSED,
        {"document_id": row.id, "version": version.ordinal, "sha256": version.sha256},
        element_id=task.element_id,
        task_id=task.task_id,
    )


def _lines_under(
    ctx: Context,
    actor: Actor,
    task: TaskRef,
    candidates: Sequence[Mapping[str, str]],
    instrument_id: UUID | None,
) -> list[str]:
    """The lines under the name: of whoever signs, those of the signature."""
    if task.act == "sign":
        given = {"agency": actor.agency_id, "task": task.task_id}
        signed = ctx.db.execute(_SIGNED_AS, given).scalars().first()
        if signed is not None:
            return list(signed)
    asked = frozenset(f"{one['kind']}:{one['id']}" for one in candidates)
    return people.post_lines(ctx.db, actor, ctx.now, asked=asked, instrument_id=instrument_id)


def _name_of(outcome: str | None, outcomes: Sequence[Mapping[str, Any]]) -> str | None:
    return next((str(one["name"]) for one in outcomes if one["id"] == outcome), None)


def lapse_from(ctx: Context, row: Row, element_id: str) -> None:
    """A return voids what was said from that step on: those levels run again."""
    binds = {"agency": row.agency_id, "document": row.id}
    standing = ctx.db.execute(_STANDING, binds).all()
    starts = [one.ordinal for one in standing if one.element_id == element_id]
    if not starts:
        return
    void = [one.id for one in standing if one.ordinal >= starts[-1]]
    ctx.db.execute(
        sa.update(endorsement)
        .where(endorsement.c.agency_id == row.agency_id, endorsement.c.id.in_(void))
        .values(lapsed_at=ctx.now)
    )


def note_preparer(ctx: Context, row: Row, element_id: str, actor: Actor) -> None:
    """The names at the paper's edge: the last who drafted, proofread, checked."""
    part = rules.PREPARERS.get(element_id)
    if part is None:
        return
    mine = sa.and_(
        preparer.c.agency_id == row.agency_id,
        preparer.c.document_id == row.id,
        preparer.c.part == part,
    )
    values = {"username": actor.username, "name": actor.name, "at": ctx.now}
    if ctx.db.execute(sa.update(preparer).where(mine).values(values)).rowcount == 0:
        key = {"agency_id": row.agency_id, "id": new_id(), "document_id": row.id, "part": part}
        ctx.db.execute(sa.insert(preparer), {**key, **values})
