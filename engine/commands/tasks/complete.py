"""Completing a task: the command that everything else is built around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from engine.actor import Authority
from engine.bus import Answer, Context
from engine.commands import checks, forms
from engine.commands.tasks.comment import add_comment
from engine.commands.tasks.held_task import (
    HeldTask,
    check_actor,
    check_may_act,
    hold_task,
    hold_with_siblings,
)
from engine.commands.turn import closing
from engine.commands.turn.applying import apply
from engine.commands.turn.chain import record_of_task
from engine.commands.turn.held import save
from engine.commands.turn.moving import bundle_of, move
from engine.commands.turn.news import task_shape
from engine.commands.turn.opening import NEW, Because
from engine.errors import Conflict
from engine.models.taking import may_act
from engine.models.task import ACKNOWLEDGE
from engine.runtime import complete_task as complete_token

#: the act of proving anew to be oneself, for one answer
CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class ActPerformed:
    """Proof that the act which a task demands was done: made only by the room that does it. `ref`:
    of a signature its id; of a confirmation by what (`otp`, `pop` or `recovery`).
    """

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Answer: {task, instance_status, next}: `next` are this instance's open tasks that the actor
    may do now.

    Codes: task_not_open, task_claimed_by_other (409), not_candidate, excluded (403),
    authorization_required, confirmation_required (409), invalid with errors by field (422).
    """

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None
    #: not part of what a repeated command is compared by
    authorization: ActPerformed | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CheckCompletion:
    """Whether the actor may complete the task so, once its act is performed: refused as
    CompleteTask would be. Changes nothing. Answer: {}.
    """

    task_id: UUID
    outcome: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None


Asked = CompleteTask | CheckCompletion


@dataclass(frozen=True, slots=True)
class Completion:
    """How the task at hand ends, checked."""

    outcome: str | None
    variables: Mapping[str, Any]
    comment: str | None
    because: Because = NEW
    #: by what whoever answers has proved anew to be themselves
    confirmed: str | None = None


def complete_task(command: CompleteTask, ctx: Context) -> Answer:
    work = hold_with_siblings(ctx, command.task_id)
    authority = _authority(ctx, work, command)
    _check_act(work.row, command.authorization)
    comment = _check_outcome(work.row, command)
    variables = _clean(ctx, work, command)
    _hold_files(ctx, work, variables)
    proof = command.authorization
    confirmed = proof.ref if proof is not None and proof.kind == CONFIRM else None
    done = Completion(command.outcome, variables, comment, confirmed=confirmed)
    finish(ctx, work, done, authority)
    return answer(ctx, work)


def check_completion(command: CheckCompletion, ctx: Context) -> Answer:
    work = hold_task(ctx, command.task_id)
    check_may_act(ctx, work)
    _check_outcome(work.row, command)
    _clean(ctx, work, command)
    return {}


def _authority(ctx: Context, work: HeldTask, command: CompleteTask) -> Authority:
    """An act that was performed is recorded even when the order has ended since."""
    if command.authorization is not None:
        return check_actor(ctx.actor, work.row)
    return check_may_act(ctx, work)


def _check_act(row: Mapping[str, Any], proof: ActPerformed | None) -> None:
    act = row["act"]
    if act in (None, ACKNOWLEDGE) or (proof is not None and proof.kind == act):
        return
    if act == CONFIRM:
        raise Conflict(
            f"Expected whoever answers {row['name']!r} to prove anew to be themselves, but there"
            " was no proof. Bring a code of your second factor, or your passkey's answer.",
            code="confirmation_required",
        )
    raise Conflict(
        f"Expected {row['name']!r} to be completed by its act {act!r}, but only the completion"
        " was asked for. Perform the act: it completes the task.",
        code="authorization_required",
    )


def _check_outcome(row: Mapping[str, Any], command: Asked) -> str | None:
    """The comment, trimmed; the outcome is one that the task offers, with a reason if it asks."""
    offered = {outcome["id"]: outcome for outcome in row["outcomes"]}
    if offered and command.outcome not in offered:
        raise checks.refused(
            "outcome",
            "unknown_outcome" if command.outcome else "required",
            f"Expected an outcome of {', '.join(offered)}, but got {command.outcome!r:.80}.",
        )
    chosen = offered.get(command.outcome or "", {})
    required = bool(chosen.get("reason_required"))
    return checks.text(command.comment, "comment", required=required) or None


def _clean(
    ctx: Context, work: HeldTask, command: CompleteTask | CheckCompletion
) -> Mapping[str, Any]:
    checks.variables(command.variables)
    form, row = work.row["form"], work.row
    if form is None and not command.variables:
        return {}
    process = work.held.process_of(row["instance_id"])
    known = {**process.variables, **row["local"]}
    bundle = bundle_of(ctx, process.definition)
    if form is not None:
        key = work.held.business_key
        root_id = work.held.root_id
        return forms.clean(
            ctx, bundle, form, command.variables, known, command.outcome, key, root_id
        )
    forms.check_seen(command.variables, bundle, process.definition.key, row["element_id"])
    for one in work.held.with_callers(process):
        its = bundle_of(ctx, one.definition)
        forms.check_free(command.variables, its, one.definition.key, known)
        forms.check_unasked(ctx, command.variables, its, one.definition.key, known)
    return command.variables


def _hold_files(ctx: Context, work: HeldTask, variables: Mapping[str, Any]) -> None:
    form, row = work.row["form"], work.row
    if form is not None:
        bundle = bundle_of(ctx, work.held.process_of(row["instance_id"]).definition)
        forms.hold_files(ctx, bundle, form, variables, work.held.root_id, row["id"])


def finish(ctx: Context, work: HeldTask, done: Completion, authority: Authority) -> None:
    """End the task and move its instance on. Who had not claimed it needs no claim: the event of
    the end says who acted, when, and by which authority.
    """
    held, row = work.held, work.row
    advance = move(ctx, held, complete_token, row["token"], done.variables, done.outcome)
    if done.comment is not None:
        add_comment(ctx, work, done.comment)
    closing.complete(
        ctx,
        held,
        row,
        outcome=done.outcome,
        variables=done.variables,
        authority=authority,
        comment=done.comment,
        confirmed=done.confirmed,
    )
    if done.because.to is not None:
        record_of_task(ctx, held, "task.returned", row, done.variables, authority)
    because = replace(done.because, said=done.comment)
    apply(ctx, held, advance, because, told=row["element_id"])


def answer(ctx: Context, work: HeldTask) -> Answer:
    """Save the turn and say what came of it."""
    held = work.held
    save(ctx, held)
    if ctx.holds != work.holds:
        held.live = None  # a listener's command has held the instance after us
    waiting = closing.live_tasks(ctx, held) if held.alive else []
    return {
        "task": task_shape(held, work.row),
        "instance_status": held.process_of(work.row["instance_id"]).status,
        "next": [task_shape(held, row) for row in waiting if may_act(ctx.actor, row)],
    }
