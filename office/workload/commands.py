"""A head gives a task of the unit to another of its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Authority
from engine.bus import Answer, Context, Handler
from engine.commands.tasks import ReassignTask
from engine.commands.tasks.held_task import HeldTask, hold_task
from engine.errors import Conflict, Forbidden
from engine.models.task import LIVE
from office.documents import access
from office.documents.models import document
from office.documents.rules import OPEN_TO_RIGHTS
from office.people.queries.moment import AGENCY
from office.workload.scope import MEMBERS, PRINCIPALS, Scope, demand_head

_members, _principals = MEMBERS.subquery(), PRINCIPALS.subquery()
_IS_MEMBER = sa.select(_members.c.username).where(_members.c.username == sa.bindparam("who"))
_IS_OURS = sa.select(_principals.c.principal).where(
    _principals.c.principal.in_(sa.bindparam("named", expanding=True))
)
_LETTER = sa.select(document).where(
    document.c.agency_id == AGENCY, document.c.instance_id == sa.bindparam("root", type_=sa.Uuid)
)


@dataclass(frozen=True, slots=True)
class ReassignInUnit:
    """Give a task that somebody of the unit has, or that waits there, to another of its people
    (sign-in name). For the head, or who acts for them; exclusions hold. Answer: {task}.

    Forbidden: not_head, not_of_unit (task or person is of another unit), not_reader (a secret
    letter that the head may not read).
    """

    task_id: UUID
    to: str
    reason: str


def reassign_in_unit(command: ReassignInUnit, ctx: Context) -> Answer:
    scope = demand_head(ctx.db, ctx.actor, ctx.now)
    work = hold_task(ctx, command.task_id)
    _check_live(work)
    authority = _authority(ctx, work, scope)
    _check_letter(ctx, work)
    binds = scope.binds(ctx.actor, ctx.now)
    if ctx.db.execute(_IS_MEMBER, {**binds, "who": command.to}).first() is None:
        raise _elsewhere(f"{command.to!r:.80} works in another")
    return ctx.run(ReassignTask(command.task_id, command.to, command.reason, authority))


def _check_live(work: HeldTask) -> None:
    if work.row["state"] not in LIVE:
        raise Conflict(
            f"Expected a task that is still to be done, but it is {work.row['state']}.",
            code="task_not_open",
        )


def _authority(ctx: Context, work: HeldTask, scope: Scope) -> Authority:
    """By what the actor disposes of this task; Forbidden where it is of another unit."""
    for headship in scope.by:
        if _is_of(ctx, work, headship.binds(ctx.actor, ctx.now)):
            return headship.authority
    raise _elsewhere("the task is with another")


def _is_of(ctx: Context, work: HeldTask, binds: dict[str, Any]) -> bool:
    holder = work.row["assignee"]
    if holder is not None:
        return ctx.db.execute(_IS_MEMBER, {**binds, "who": holder}).first() is not None
    named = [f"{one['kind']}:{one['id']}" for one in work.row["candidates"]]
    return ctx.db.execute(_IS_OURS, {**binds, "named": named}).first() is not None


def _check_letter(ctx: Context, work: HeldTask) -> None:
    """Who may not read a secret letter does not decide who reads it."""
    key = {"agency": ctx.actor.agency_id, "root": work.held.root_id}
    for letter in ctx.db.execute(_LETTER, key):
        if letter.secrecy > OPEN_TO_RIGHTS:
            access.check_reader(ctx.db, ctx.actor, letter)


def _elsewhere(why: str) -> Forbidden:
    return Forbidden(
        f"Expected a task and a person of a unit that you head, but {why}.", code="not_of_unit"
    )


HANDLERS: dict[type, Handler] = {ReassignInUnit: reassign_in_unit}
