"""Roles: named bundles of rights, granted for a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, Forbidden
from office.people.commands.holdings import checked_period
from office.people.commands.keepers import READ_ONLY, keeping_rights
from office.people.commands.rows import (
    add,
    add_named,
    change,
    check_text,
    code_of,
    find,
    find_id,
    given,
    having,
    invalid,
    zone,
)
from office.people.commands.standing import refuse_rights
from office.people.history import record, record_change
from office.people.models import person, person_role, role
from office.people.rights import demand
from office.people.rules import Period, midnight
from office.people.versions import check_version

_RIGHT = re.compile(r"[a-z][a-z0-9_.]{0,59}")


@dataclass(frozen=True, slots=True)
class AddRole:
    code: str
    name: str
    rights: Sequence[str] = ()
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRole:
    """Change what is given. `expected`: the version that was read."""

    code: str
    name: str | None = None
    rights: Sequence[str] | None = None
    name_en: str | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class GrantRole:
    username: str
    role: str
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class EndRole:
    """The grant ends now, or with its last day. Right: people, and all that the role gives, but for
    one's own: else whoever may less would first end a role, and then act upon the account.
    """

    grant_id: UUID
    last_day: date | None = None


def add_role(command: AddRole, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    name = check_text(command.name, "name")
    rights = _checked(ctx, command.rights)
    role_id = add_named(
        ctx, role, code=command.code, name=name, name_en=command.name_en, rights=rights
    )
    record(ctx, "role.added", role_id, code=command.code, rights=rights)
    return {"id": str(role_id), "code": command.code}


def _checked(ctx: Context, rights: Sequence[str]) -> list[str]:
    """Nobody gives away a right that they do not hold themselves."""
    for right in rights:
        if not _RIGHT.fullmatch(right):
            raise invalid("rights", f"Expected names of rights, but got {right!r:.80}.")
        if not (ctx.actor.is_system or ctx.actor.may(right)):
            raise Forbidden(f"Expected rights of your own to give, but {right!r} is not.")
    return sorted(set(rights))


def change_role(command: ChangeRole, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find(ctx, role, command.code, lock=True)
    check_version(row, command.expected)
    values = given(command, "name_en")
    if command.name is not None:
        values["name"] = check_text(command.name, "name")
    if command.rights is not None:
        _checked(ctx, row.rights)
        values["rights"] = _checked(ctx, command.rights)
    with keeping_rights(ctx) if "rights" in values else nullcontext():
        change(ctx, role, row.id, values)
    record_change(ctx, "role.changed", row, values)
    return {"id": str(row.id), "code": command.code}


def grant_role(command: GrantRole, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    who = find(ctx, person, command.username, lock=True)
    granted = find(ctx, role, command.role)
    _checked(ctx, granted.rights)
    period = checked_period(command.first_day, command.last_day, ctx)
    _refuse_twice(ctx, who.id, granted.id, period)
    with keeping_rights(ctx) if READ_ONLY in granted.rights else nullcontext():
        grant_id = add(
            ctx,
            person_role,
            person_id=who.id,
            role_id=granted.id,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
        )
    last = command.last_day
    said = {"username": command.username, "role": command.role}
    said |= {"first_day": command.first_day.isoformat()}
    said |= {"last_day": last.isoformat()} if last else {}
    record(ctx, "role.granted", who.id, **said)
    record(ctx, "role.granted", granted.id, **said)
    return {"id": str(grant_id)}


def _refuse_twice(ctx: Context, person_id: UUID, role_id: UUID, period: Period) -> None:
    terms = having(ctx, person_role, "person_id", person_id)
    rows = [one for one in terms if one.role_id == role_id]
    if any(Period(row.starts_at, row.ends_at).overlaps(period) for row in rows):
        raise Conflict("Expected a role not yet granted, but the person has it.", code="granted")


def end_role(command: EndRole, ctx: Context) -> Answer:
    demand(ctx.actor, "people")
    row = find_id(ctx, person_role, command.grant_id)
    if row.ends_at is not None and row.ends_at <= ctx.now:
        raise Conflict("Expected a grant in force, but it has ended.", code="ended")
    ended = find_id(ctx, role, row.role_id)
    if row.person_id != ctx.actor.person_id:
        refuse_rights(ctx, ended.rights, code_of(ctx, person, row.person_id) or "")
    with keeping_rights(ctx) if ended.rights else nullcontext():
        change(ctx, person_role, row.id, {"ends_at": _end(command, row, ctx)})
    said = {
        "username": code_of(ctx, person, row.person_id),
        "role": ended.code,
        **({"last_day": command.last_day.isoformat()} if command.last_day else {}),
    }
    record(ctx, "role.ended", row.person_id, **said)
    record(ctx, "role.ended", row.role_id, **said)
    return {"id": str(row.id)}


def _end(command: EndRole, row: sa.Row[Any], ctx: Context) -> datetime:
    """What somebody could do is not unsaid: a grant ends today at the earliest, and never later."""
    starts_at: datetime = row.starts_at
    if command.last_day is None:
        return max(ctx.now, starts_at)
    ends_at = midnight(command.last_day + timedelta(days=1), zone(ctx))
    if ends_at < midnight(ctx.now.astimezone(zone(ctx)).date(), zone(ctx)):
        raise invalid("last_day", "Expected a last day from yesterday on, but it is before.")
    if row.ends_at is not None and row.ends_at < ends_at:
        raise Conflict("Expected a grant that lasts until then, but it ends before.", code="ended")
    return max(ends_at, starts_at)


HANDLERS: dict[type, Handler] = {
    AddRole: add_role,
    ChangeRole: change_role,
    GrantRole: grant_role,
    EndRole: end_role,
}
