"""From engine events to notices: who is told, about what, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.jobs import want_job
from engine.events import (
    IncidentRaised,
    TaskCreated,
    TaskEscalated,
    TaskReassigned,
    TaskRef,
    TaskReminded,
    TaskRetold,
    TaskReturned,
    TaskWithdrawn,
)
from engine.ids import new_id
from engine.joint import add_later
from engine.ports import Candidate, Listener
from office.notices import queries
from office.notices.models import notice
from office.notices.queries import Recipient
from office.notices.rules import BECAUSE
from office.people.queries import process_keepers

MAIL_ACTION = "notices.mail"
_LONGEST_REASON = 2_000
#: as the column holds
_LONGEST_PAGE = 200
#: So long one unread notice stands for what follows.
QUIET = timedelta(hours=1)


def task_created(happened: TaskCreated, ctx: Context) -> None:
    """Everybody who can act is told, but not the one whose own step made the task."""
    able = _able(ctx, happened.candidates) if happened.able is None else happened.able
    who = able - {ctx.actor.username}
    kind = BECAUSE.get(happened.because, "task")
    _tell(ctx, kind, happened.task, who, reason=happened.reason or "")


def task_reassigned(happened: TaskReassigned, ctx: Context) -> None:
    who = {happened.assignee} - {ctx.actor.username}
    _tell(ctx, "assigned", happened.task, who, reason=happened.reason or "")


def task_reminded(happened: TaskReminded, ctx: Context) -> None:
    _tell(ctx, "reminder", happened.task, _responsible(ctx, happened))


def task_escalated(happened: TaskEscalated, ctx: Context) -> None:
    """Those who are late and those who are asked to step in."""
    who = _responsible(ctx, happened) | _able(ctx, happened.escalated_to)
    _tell(ctx, "escalation", happened.task, who)


def task_retold(happened: TaskRetold, ctx: Context) -> None:
    """Who has the task, else who may take it: its words or its deadline are others now."""
    who = {happened.assignee} if happened.assignee else _able(ctx, happened.candidates)
    _tell(ctx, "changed", happened.task, who - {ctx.actor.username})


def task_withdrawn(happened: TaskWithdrawn, ctx: Context) -> None:
    """Who had taken the task, else all who could: nobody waits for them any more."""
    who = {happened.assignee} if happened.assignee else _able(ctx, happened.candidates)
    _tell(ctx, "withdrawn", happened.task, who - {ctx.actor.username}, reason=happened.reason)


def task_returned(_happened: TaskReturned, _ctx: Context) -> None:
    """Nobody is told here: the task that the return opens tells its candidates, with the reason."""


def incident_raised(happened: IncidentRaised, ctx: Context) -> None:
    """Those who were granted to administer the process. Where many cases are stuck at once, by a
    system that is down, one unread notice of an hour stands for all.
    """
    agency = happened.agency_id
    keepers = process_keepers(ctx.db, agency, happened.process)
    if not keepers:
        return
    able = ctx.services.directory.who_can_act(ctx.db, agency, keepers, ctx.now)
    page = f"/incidents?process={quote(happened.process, safe='')}"[:_LONGEST_PAGE]
    found = queries.recipients(ctx.db, agency, "incident", able - {ctx.actor.username})
    told = {
        "agency_id": agency,
        "kind": "incident",
        "instance_id": happened.root_id,
        "page": page,
        "task_name": happened.process,
        "title": happened.title,
    }
    write(ctx, unless_waiting(ctx, found, "incident", page), told)


def unless_waiting(
    ctx: Context, recipients: Collection[Recipient], kind: str, page: str
) -> tuple[Recipient, ...]:
    """Without those for whom a notice of the kind about the page lies unread."""
    if not recipients:
        return ()
    waiting = (
        sa.select(notice.c.person_id)
        .where(notice.c.agency_id == ctx.actor.agency_id)
        .where(notice.c.person_id.in_([to.person_id for to in recipients]))
        .where(notice.c.read_at.is_(None), notice.c.created_at > ctx.now - QUIET)
        .where(notice.c.kind == kind, notice.c.page == page)
    )
    known = set(ctx.db.execute(waiting).scalars())
    return tuple(to for to in recipients if to.person_id not in known)


def _responsible(ctx: Context, happened: TaskReminded | TaskEscalated) -> set[str]:
    if happened.assignee is not None:
        return {happened.assignee}
    return _able(ctx, happened.candidates)


def _able(ctx: Context, candidates: Sequence[Candidate]) -> set[str]:
    principals = [candidate.principal for candidate in candidates]
    return set(ctx.services.directory.who_can_act(ctx.db, ctx.actor.agency_id, principals, ctx.now))


def _tell(
    ctx: Context, kind: str, task: TaskRef, who: Collection[str], *, reason: str = ""
) -> None:
    told = {
        "agency_id": task.agency_id,
        "kind": kind,
        "task_id": task.task_id,
        "instance_id": task.instance_id,
        "task_name": task.name,
        "title": task.title,
        "actor": "" if ctx.actor.is_system else ctx.actor.username,
        "reason": reason[:_LONGEST_REASON],
        "priority": task.priority,
        "due_at": task.due_at,
    }
    write(ctx, queries.recipients(ctx.db, task.agency_id, kind, who), told)


def write(ctx: Context, recipients: Collection[Recipient], told: Mapping[str, Any]) -> None:
    """A notice for each, sent with the turn's rows, and jobs for mails. `told` is what it says."""
    said = {**_SILENT, **told, "created_at": ctx.now}
    rows = [
        said | {"id": new_id(), "person_id": to.person_id, "in_page": to.wish.in_page}
        for to in recipients
    ]
    add_later(ctx.db, notice, rows)
    for to, row in zip(recipients, rows, strict=True):
        if to.wish.by_mail and to.email:
            want_job(ctx, MAIL_ACTION, {"notice_id": str(row["id"])})


#: All columns, so that the row can travel with others, and what each holds if nothing is said.
_SILENT: dict[str, Any] = {
    **dict.fromkeys(column.name for column in notice.columns),
    "title": "",
    "actor": "",
    "reason": "",
    "priority": 1,
}


LISTENERS: dict[type, Sequence[Listener]] = {
    TaskCreated: (task_created,),
    TaskReturned: (task_returned,),
    TaskReassigned: (task_reassigned,),
    TaskReminded: (task_reminded,),
    TaskEscalated: (task_escalated,),
    TaskRetold: (task_retold,),
    TaskWithdrawn: (task_withdrawn,),
    IncidentRaised: (incident_raised,),
}
