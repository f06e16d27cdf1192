"""Passwords forgotten, or never set: a single-use way in that is mailed and soon too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.commands.jobs import want_job
from engine.errors import Rejected
from engine.ids import new_id
from office.accounts.commands.accounts import replace_password, username_of
from office.accounts.commands.sessions import end_lost
from office.accounts.commands.telling import tell_of_tokens
from office.accounts.models import password_reset
from office.accounts.secrets import reset_token, sha256
from office.accounts.settings import settings_of
from office.people.commands.standing import demand_over
from office.people.history import record

MAIL_ACTION = "accounts.reset_mail"


@dataclass(frozen=True, slots=True)
class OpenReset:
    """Mail the person a way back: the system, for whoever asks at the door; somebody else with the
    right accounts, and no less than the person's own. Earlier ones that are still open end.
    `hours`: how long it is good; none: as long as the installation says. `sent_by`: who of which
    agency had it sent, where it was none of this one. Answer: {requested, reset_id}.
    """

    person_id: UUID
    hours: int | None = None
    sent_by: str | None = None


@dataclass(frozen=True, slots=True)
class UseReset:
    """Whoever has the token sets the password, once. Ends sessions and API tokens."""

    token_sha256: str
    password_hash: str


def open_reset(command: OpenReset, ctx: Context) -> Answer:
    demand_over(ctx, "accounts", command.person_id)
    settings = settings_of(ctx.services)
    valid = timedelta(hours=command.hours) if command.hours else settings.reset_valid
    reset_id = new_id()
    ctx.db.execute(_unused(ctx).where(password_reset.c.person_id == command.person_id))
    ctx.db.execute(
        sa.insert(password_reset),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": command.person_id,
            "id": reset_id,
            "token_sha256": sha256(reset_token(settings.secret, reset_id)),
            "created_at": ctx.now,
            "expires_at": ctx.now + valid,
        },
    )
    record(ctx, "account.reset_requested", command.person_id, sent_by=command.sent_by)
    want_job(ctx, MAIL_ACTION, {"reset_id": str(reset_id)})
    return {"requested": True, "reset_id": str(reset_id)}


def _unused(ctx: Context) -> sa.Update:
    return (
        sa.update(password_reset)
        .where(password_reset.c.agency_id == ctx.actor.agency_id)
        .where(password_reset.c.used_at.is_(None))
        .values(used_at=ctx.now)
    )


def use_reset(command: UseReset, ctx: Context) -> Answer:
    row = ctx.db.execute(
        _unused(ctx)
        .where(password_reset.c.token_sha256 == command.token_sha256)
        .where(password_reset.c.expires_at > ctx.now)
        .returning(password_reset.c.person_id)
    ).one_or_none()
    if row is None:
        raise reset_expired()
    replace_password(ctx, row.person_id, command.password_hash)
    tell_of_tokens(ctx, username_of(ctx, row.person_id), end_lost(ctx, row.person_id))
    return {"person_id": str(row.person_id)}


def reset_expired() -> Rejected:
    return Rejected(
        "Expected a link that is still good, but this one was used or is too old;"
        " ask for a new one.",
        code="reset_expired",
    )


HANDLERS: dict[type, Handler] = {OpenReset: open_reset, UseReset: use_reset}
