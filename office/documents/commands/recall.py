"""The drafter's two shortcuts: taking a letter back, and asking to skip levels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context
from engine.commands.messages import SendMessage
from engine.commands.tasks import CompleteTask
from engine.errors import Conflict, Forbidden
from engine.models.task import LIVE, task
from office.documents import access, errors, rules
from office.documents.models import endorsement

RECALL = "recall"
BYPASS = "bypass"


@dataclass(frozen=True, slots=True)
class RecallDocument:
    """Take the letter back from the next level, which has not opened it yet (409 recall_too_late
    otherwise). Answer: {id, state, next}.
    """

    document_id: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BypassLevels:
    """Submit as ด่วนที่สุด straight to the division head's consent, then to the signer; those
    who are skipped are told afterwards. `task_id` is the drafter's. Answer as of CompleteTask.
    """

    document_id: UUID
    task_id: UUID
    reason: str


def recall_document(command: RecallDocument, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    if row.drafter != ctx.actor.username:
        raise Forbidden("Expected the letter's drafter to recall it, but this is someone else.")
    if row.state not in {rules.IN_ROUTE, rules.WAITING_SIGNATURE}:
        raise errors.not_editable(row.state)
    access.lock_instance(ctx.db, row)
    _refuse_opened(ctx, row)
    ctx.run(
        SendMessage(
            RECALL,
            str(row.id),
            variables={"recall_reason": command.reason, "outcome": RECALL, "resume": None},
        )
    )
    return {"id": str(row.id), "state": rules.DRAFTING}


def bypass_levels(command: BypassLevels, ctx: Context) -> Answer:
    row = access.find(ctx.db, ctx.actor.agency_id, command.document_id)
    access.check_editor(ctx.db, ctx.actor, row, ctx.now)
    return ctx.run(CompleteTask(command.task_id, outcome=BYPASS, comment=command.reason))


def _refuse_opened(ctx: Context, row: access.Row) -> None:
    """The last word must be the drafter's own, and nobody may have looked since."""
    waiting = ctx.db.execute(
        sa.select(task.c.element_id, task.c.first_opened_at, task.c.state).where(
            task.c.agency_id == row.agency_id,
            task.c.root_id == row.instance_id,
            task.c.state.in_(LIVE),
        )
    ).all()
    last = ctx.db.execute(
        sa.select(endorsement.c.element_id)
        .where(endorsement.c.agency_id == row.agency_id, endorsement.c.document_id == row.id)
        .where(sa.not_(endorsement.c.skipped))
        .order_by(endorsement.c.ordinal.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last != "draft" or any(_looked_at(one) for one in waiting):
        raise errors.recall_too_late()
    if not waiting:
        raise Conflict("Expected a level that waits, but the letter is on its way; try again.")


def _looked_at(waiting: access.Row) -> bool:
    return waiting.first_opened_at is not None or waiting.state == "claimed"
