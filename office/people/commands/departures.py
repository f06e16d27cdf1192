"""Somebody leaves the house, or hands on all that waits for them: in one act, nothing forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.tasks.hand_over import ReassignTask, reassign_task
from engine.errors import Conflict, Invalid, TooLarge
from office.people.commands.keepers import keeping_rights
from office.people.commands.leaving import leave_house, refuse_own
from office.people.commands.rows import check_text, find, invalid
from office.people.commands.standing import refuse_beyond
from office.people.history import record
from office.people.models import person
from office.people.queries import duties
from office.people.rights import demand

#: so many cases are locked by one press; whoever has more presses again
MOST_TASKS = 200


@dataclass(frozen=True, slots=True)
class HandOnTasks:
    """Give every open task of a person to another ("noi") or to a post ("position:clerk"). Right:
    reassign or operate. Tasks that the other may not do stay. Answer: {moved, left}.
    """

    username: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class LetGo:
    """The person leaves: posts, roles, orders, clearances, grants and coming leaves end now, open
    tasks go to `to`, and nobody signs in by this name any more. Rights: people, and reassign where
    there are tasks. Answer: {moved}.
    """

    username: str
    reason: str
    to: str | None = None


def hand_on_tasks(command: HandOnTasks, ctx: Context) -> Answer:
    reason = check_text(command.reason, "reason")
    who = find(ctx, person, command.username)
    moved, left = _hand_on(ctx, command.username, _receiver(ctx, command.to, who), reason)
    if moved:
        record(ctx, "person.tasks_handed_on", who.id, to=command.to, tasks=moved, reason=reason)
    return {"moved": moved, "left": left}


def _receiver(ctx: Context, to: str, who: sa.Row[Any]) -> str:
    """Who takes the tasks: somebody else, who is here."""
    wanted = to.removeprefix("person:")
    if wanted == who.username:
        raise invalid("to", "Expected somebody else, but got the person who hands on.", "own_self")
    if ":" not in wanted and not find(ctx, person, wanted).active:
        raise invalid("to", f"Expected somebody who is here, but {wanted} has left.", "inactive")
    return to


def _hand_on(ctx: Context, username: str, to: str, reason: str) -> tuple[int, int]:
    """How many went to the other, and how many the other may not do."""
    tasks = duties.tasks_of(ctx.db, ctx.actor.agency_id, username)
    moved = left = 0
    for task_id in tasks[:MOST_TASKS]:
        try:
            reassign_task(ReassignTask(task_id, to, reason), ctx)
            moved += 1
        except Invalid as refused:
            if not any(error.code == "excluded" for error in refused.errors):
                raise
            left += 1
    return moved, left + len(tasks[MOST_TASKS:])


def let_go(command: LetGo, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    reason = check_text(command.reason, "reason")
    who = find(ctx, person, command.username, lock=True)
    _check(ctx, who)
    moved = _settle_tasks(ctx, command, who, reason)
    with keeping_rights(ctx):
        ended = leave_house(ctx, who, reason)
    record(ctx, "person.left", who.id, username=who.username, to=command.to, tasks=moved,
           reason=reason, **ended)  # fmt: skip
    return {"moved": moved}


def _check(ctx: Context, who: sa.Row[Any]) -> None:
    refuse_own(ctx, who)
    if not who.active:
        raise Conflict("Expected a person who is here, but they have left.", code="ended")
    refuse_beyond(ctx, who)


def _settle_tasks(ctx: Context, command: LetGo, who: sa.Row[Any], reason: str) -> int:
    tasks = duties.tasks_of(ctx.db, ctx.actor.agency_id, who.username)
    if not tasks:
        return 0
    if not command.to:
        raise Conflict(
            f"Expected somebody to take the {len(tasks)} open tasks, but nobody is named.",
            code="tasks_open",
        )
    if len(tasks) > MOST_TASKS:
        raise TooLarge(
            f"Expected at most {MOST_TASKS} open tasks, but there are {len(tasks)}; hand on tasks"
            " first."
        )
    moved, left = _hand_on(ctx, who.username, _receiver(ctx, command.to, who), reason)
    if left:
        raise Conflict(
            f"Expected somebody who may do every task, but {command.to} may not do {left} of them"
            " (separation of duties); hand those to others first.",
            code="excluded_left",
        )
    return moved


HANDLERS: dict[type, Handler] = {HandOnTasks: hand_on_tasks, LetGo: let_go}
