"""What documents do when the route moves: freeze, endorse, change state, let read, give numbers up.

A route's instance has the document's id as its business key; instances of other processes are
not ours and pass by.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Context
from engine.events import (
    InstanceEnded,
    TaskCompleted,
    TaskCreated,
    TaskEscalated,
    TaskReassigned,
    TaskRef,
    TaskReturned,
    TaskUnclaimed,
)
from engine.ports import Listener
from office.documents import access, errors, rules
from office.documents.commands.keys import revoke
from office.documents.commands.looking import forget_looks
from office.documents.endorsing import endorse, lapse_from, note_preparer
from office.documents.models import document, endorsement, signing_key
from office.documents.ports import desk_of
from office.documents.versions import freeze
from office.documents.wrapping import check_wraps
from office.people import queries as people
from office.people.happenings import PersonLeft

BYPASS, RETURN, ACKNOWLEDGE = "bypass", "return", "acknowledge"
#: How the route can end without a signature, by the end event's id.
ENDS = {"end_refused": rules.REFUSED, "end_withdrawn": rules.WITHDRAWN}


def on_created(happened: TaskCreated, ctx: Context) -> None:
    """Whoever may take the task may read its letter; the step says where the letter stands."""
    row = _of(ctx, happened.task)
    if row is None:
        return
    _refuse_while_stamped(row, happened.task)
    principals = [candidate.principal for candidate in happened.candidates]
    access.let_read(ctx.db, row.agency_id, row.id, principals, "task", ctx.now)
    _move(ctx, row, _state_at(happened.task.element_id, happened.task.act))


def _state_at(element_id: str, act: str | None) -> str:
    if act == "sign":
        return rules.WAITING_SIGNATURE
    return rules.DRAFTING if element_id == "draft" else rules.IN_ROUTE


def on_completed(happened: TaskCompleted, ctx: Context) -> None:
    """Freeze what the level saw and keep what it said about it."""
    row = _of(ctx, happened.task)
    if row is None or _said_already(ctx, row, happened.task.task_id):
        return
    _refuse_while_stamped(row, happened.task)
    if happened.task.element_id == "draft":
        check_wraps(ctx.db, row)
    if happened.outcome == BYPASS:
        row = _mark_urgent(ctx, row, happened.comment or "")
    endorse(
        ctx,
        row,
        freeze(ctx, row),
        happened.task,
        actor=happened.actor,
        outcome=happened.outcome,
        text=rules.note_of(happened.comment, happened.variables),
        on_behalf_of=happened.on_behalf_of,
        instrument_id=happened.instrument_id,
        skipped=happened.skipped,
    )
    if not happened.skipped and happened.outcome != RETURN:
        note_preparer(ctx, row, happened.task.element_id, happened.actor)
    if happened.task.act == "sign" and row.state != rules.SIGNED:
        _give_number_up(ctx, row, f"ไม่ได้ลงนาม: {happened.outcome}")


def _refuse_while_stamped(row: access.Row, about: TaskRef) -> None:
    """A letter that was signed and waits for its timestamp is not sent back, declined or handed
    on: its number is on a signed file. Signing itself has made it `signed` before it comes here.
    """
    if row.state == rules.WAITING_TIMESTAMP and about.act == "sign":
        raise errors.being_stamped()


def _mark_urgent(ctx: Context, row: access.Row, reason: str) -> access.Row:
    """Who asks to skip levels marks the letter ด่วนที่สุด, and the mark is printed on it."""
    label = {"priority": rules.URGENCY[-1], "priority_code": "004"}
    values = {"bypass_reason": reason, "urgency": len(rules.URGENCY)}
    _set(ctx, row, content={**row.content, **label}, revision=row.revision + 1, **values)
    return access.lock(ctx.db, row.agency_id, row.id)


def on_returned(happened: TaskReturned, ctx: Context) -> None:
    """The reason stays with the version it was said about; what must run again lapses."""
    row = _of(ctx, happened.task)
    if row is None:
        return
    if not _said_already(ctx, row, happened.task.task_id):
        endorse(
            ctx,
            row,
            freeze(ctx, row),
            happened.task,
            actor=happened.actor,
            outcome=RETURN,
            text=happened.reason,
        )
    if happened.resume == "rerun":
        lapse_from(ctx, row, happened.to)
    if happened.task.act == "sign":
        _give_number_up(ctx, row, f"ส่งคืนแก้ไข: {happened.reason}")


def on_reassigned(happened: TaskReassigned, ctx: Context) -> None:
    row = _of(ctx, happened.task)
    if row is not None:
        _refuse_while_stamped(row, happened.task)
        _refuse_uncleared(ctx, row, happened.assignee)
        who = [f"person:{happened.assignee}"]
        access.let_read(ctx.db, row.agency_id, row.id, who, "task", ctx.now)


def _refuse_uncleared(ctx: Context, row: access.Row, username: str) -> None:
    """Nobody is handed a secret that they are not cleared for."""
    if row.secrecy > rules.OPEN_TO_RIGHTS:
        levels = people.levels_of(ctx.db, row.agency_id, [username], ctx.now)
        if levels.get(username, rules.OPEN_TO_RIGHTS) < row.secrecy:
            raise errors.receiver_not_cleared(username)


def on_unclaimed(happened: TaskUnclaimed, ctx: Context) -> None:
    row = _of(ctx, happened.task)
    if row is not None:
        _refuse_while_stamped(row, happened.task)


def on_escalated(happened: TaskEscalated, ctx: Context) -> None:
    row = _of(ctx, happened.task)
    if row is not None:
        who = [candidate.principal for candidate in happened.escalated_to]
        access.let_read(ctx.db, row.agency_id, row.id, who, "task", ctx.now)


def on_ended(happened: InstanceEnded, ctx: Context) -> None:
    """A route that ends without a signature ends its document too."""
    row = _of(ctx, happened)
    if row is not None:
        forget_looks(ctx, row)
    if row is None or row.state in rules.OVER:
        return
    if row.state == rules.WAITING_TIMESTAMP:
        raise errors.being_stamped()
    wanted = ENDS.get(happened.end_element or "") or _unsigned(ctx, row, happened)
    _give_number_up(ctx, row, "เรื่องยุติก่อนลงนาม")
    _move(ctx, row, wanted)


def _unsigned(ctx: Context, row: access.Row, happened: InstanceEnded) -> str:
    """What a composed route comes to: refused, where the last word was no, or where it ended at the
    refusal of a step, to which its deadline leads as well.
    """
    if happened.status != "completed":
        return rules.WITHDRAWN
    statement = (
        sa.select(endorsement.c.element_id, endorsement.c.outcome)
        .where(endorsement.c.agency_id == row.agency_id, endorsement.c.document_id == row.id)
        .order_by(endorsement.c.ordinal.desc())
    )
    said = ctx.db.execute(statement).all()
    told = {f"end_{one.element_id}" for one in said if one.outcome == ACKNOWLEDGE}
    last = next((one.outcome for one in said if one.outcome != ACKNOWLEDGE), None)
    end = happened.end_element or ""
    refused = _says_no(last) or (end.startswith("end_") and end not in told)
    return rules.REFUSED if refused else rules.WITHDRAWN


def _says_no(outcome: str | None) -> bool:
    """As the cards of composed routes name their buttons."""
    return outcome is not None and (outcome == "refuse" or outcome.startswith("refuse_"))


def on_left(happened: PersonLeft, ctx: Context) -> None:
    """Whoever leaves signs nothing any more; what they signed stays good."""
    statement = sa.select(signing_key).where(
        signing_key.c.agency_id == ctx.actor.agency_id,
        signing_key.c.username == happened.username,
        signing_key.c.retired_at.is_(None),
    )
    for key in ctx.db.execute(statement.with_for_update()).all():
        revoke(ctx, key, happened.reason)


def _of(ctx: Context, about: TaskRef | InstanceEnded) -> access.Row | None:
    """The document whose route this is, locked; None for other processes.

    Anybody may start a process under any business key: only the document's own instance counts,
    which is not known yet while the route starts.
    """
    try:
        document_id = UUID(about.business_key or "")
    except ValueError:
        return None
    statement = (
        sa.select(document)
        .where(document.c.agency_id == about.agency_id, document.c.id == document_id)
        .where(sa.func.coalesce(document.c.instance_id, about.instance_id) == about.instance_id)
        .with_for_update()
    )
    return ctx.db.execute(statement).one_or_none()


def _said_already(ctx: Context, row: access.Row, task_id: UUID) -> bool:
    """A return may be told twice, as a completion and as a return."""
    statement = sa.select(endorsement.c.id).where(
        endorsement.c.agency_id == row.agency_id, endorsement.c.task_id == task_id
    )
    return ctx.db.execute(statement).first() is not None


def _move(ctx: Context, row: access.Row, wanted: str) -> None:
    if rules.may_become(row.state, wanted):
        _set(ctx, row, state=wanted)


def _set(ctx: Context, row: access.Row, **values: object) -> None:
    ctx.db.execute(
        sa.update(document)
        .where(document.c.agency_id == row.agency_id, document.c.id == row.id)
        .values(updated_at=ctx.now, **values)
    )


def _give_number_up(ctx: Context, row: access.Row, cause: str) -> None:
    desk_of(ctx).numbers.give_up(ctx, row.id, cause)


LISTENERS: dict[type, Sequence[Listener]] = {
    TaskCreated: (on_created,),
    TaskCompleted: (on_completed,),
    TaskReturned: (on_returned,),
    TaskReassigned: (on_reassigned,),
    TaskUnclaimed: (on_unclaimed,),
    TaskEscalated: (on_escalated,),
    InstanceEnded: (on_ended,),
    PersonLeft: (on_left,),
}
