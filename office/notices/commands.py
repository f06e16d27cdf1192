"""What a person does with their notices: read them, and choose how to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import FieldError, Forbidden, Invalid, NotFound
from office.notices.listeners import unless_waiting, write
from office.notices.models import notice, notice_preference
from office.notices.queries import recipients
from office.notices.rules import KINDS


@dataclass(frozen=True, slots=True)
class MarkRead:
    """One notice of the actor's, or (None) all of them. Answer: {read: how many}."""

    notice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TellPerson:
    """A notice about something else than a task: `what` names it, `where` is a page of ours. Part
    of other commands only. `by`: who caused it. `once`: not again within an hour while one of the
    kind about the same page is unread. Answer: {told: bool}: whether they hear of it.
    """

    username: str
    kind: str
    what: str
    where: str
    due_at: datetime | None = None
    by: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class ChooseNotice:
    """How the actor wants to be told about one kind."""

    kind: str
    in_page: bool
    by_mail: bool


def mark_read(command: MarkRead, ctx: Context) -> Answer:
    mine = (
        sa.update(notice)
        .where(notice.c.agency_id == ctx.actor.agency_id)
        .where(notice.c.person_id == ctx.actor.person_id)
    )
    if command.notice_id is not None:
        mine = mine.where(notice.c.id == command.notice_id)
    read = ctx.db.execute(mine.where(notice.c.read_at.is_(None)).values(read_at=ctx.now)).rowcount
    if not read and command.notice_id is not None and not _exists(ctx, command.notice_id):
        raise NotFound("Expected one of your notices, but found none with this id.")
    return {"read": read}


def _exists(ctx: Context, notice_id: UUID) -> bool:
    wanted = sa.select(notice.c.id).where(
        notice.c.agency_id == ctx.actor.agency_id,
        notice.c.person_id == ctx.actor.person_id,
        notice.c.id == notice_id,
    )
    return ctx.db.execute(wanted).first() is not None


def tell_person(command: TellPerson, ctx: Context) -> Answer:
    if not ctx.depth:
        raise Forbidden("Expected a part of another command, but this one came alone.")
    agency = ctx.actor.agency_id
    told = {
        "agency_id": agency,
        "kind": command.kind,
        "task_name": command.what,
        "page": command.where,
        "due_at": command.due_at,
        "actor": command.by,
    }
    found = recipients(ctx.db, agency, command.kind, [command.username])
    if command.once:
        found = unless_waiting(ctx, found, command.kind, command.where)
    write(ctx, found, told)
    return {"told": bool(found)}


def choose_notice(command: ChooseNotice, ctx: Context) -> Answer:
    if command.kind not in KINDS:
        message = f"Expected one of {', '.join(KINDS)}, but got {command.kind!r:.40}."
        raise Invalid(message, [FieldError("kind", message)])
    key: dict[str, Any] = {
        "agency_id": ctx.actor.agency_id,
        "person_id": ctx.actor.person_id,
        "kind": command.kind,
    }
    values = {"in_page": command.in_page, "by_mail": command.by_mail}
    present = sa.update(notice_preference).where(
        *(notice_preference.c[name] == value for name, value in key.items())
    )
    if not ctx.db.execute(present.values(**values)).rowcount:
        ctx.db.execute(sa.insert(notice_preference), {**key, **values})
    return {"kind": command.kind, **values}


HANDLERS: dict[type, Handler] = {
    MarkRead: mark_read,
    TellPerson: tell_person,
    ChooseNotice: choose_notice,
}
