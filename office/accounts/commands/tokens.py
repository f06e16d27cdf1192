"""API tokens: issued with scopes and an end, noticed when used, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.bus import Answer, Context, Handler
from engine.errors import FieldError, Forbidden, Invalid, NotFound
from engine.models.columns import AnyRow
from office.accounts.commands.accounts import username_of
from office.accounts.commands.standing import check_no_official
from office.accounts.commands.telling import tell_of, tell_of_tokens
from office.accounts.models import api_token
from office.people.commands.standing import demand_over
from office.people.history import record
from office.people.rights import demand

LONGEST = timedelta(days=366)
LONGEST_NAME = 100
#: What a token may be limited to. "sign" still needs its owner's authorization in each call.
SCOPES = ("read", "write", "deploy", "operate", "sign")


@dataclass(frozen=True, slots=True)
class StoreToken:
    """Keep a token's hash. For oneself, or with the right accounts for an account of another
    system; the owner is told. No token issues another.
    """

    token_id: UUID
    person_id: UUID
    name: str
    secret_sha256: str
    scopes: Sequence[str]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TouchToken:
    """The token was used; told every few minutes."""

    token_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """End one's own token, or anyone's with the right accounts. Its owner is told."""

    token_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeTokens:
    """End all live tokens of one person: one's own, or with the right accounts anyone's. Answer:
    {revoked: how many}; none is no mistake. Their owner is told.
    """

    person_id: UUID


def store_token(command: StoreToken, ctx: Context) -> Answer:
    refuse_breeding(ctx.actor)
    if command.person_id != ctx.actor.person_id:
        demand_over(ctx, "accounts", command.person_id)
        check_no_official(ctx, command.person_id)
    username = username_of(ctx, command.person_id)
    check_wanted(command.name, command.scopes, command.expires_at - ctx.now)
    ctx.db.execute(
        sa.insert(api_token),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": command.person_id,
            "id": command.token_id,
            "name": command.name,
            "secret_sha256": command.secret_sha256,
            "scopes": list(command.scopes),
            "issued_by": ctx.actor.person_id,
            "created_at": ctx.now,
            "expires_at": command.expires_at,
        },
    )
    record(ctx, "token.issued", command.person_id, name=command.name, scopes=list(command.scopes))
    tell_of(ctx, username, "token_issued", command.name)
    return {"token_id": str(command.token_id), "expires_at": command.expires_at.isoformat()}


def refuse_breeding(actor: Actor) -> None:
    """A token that leaked must not outlive its revocation in others."""
    if actor.scopes is not None:
        raise Forbidden(
            "Expected a signed-in session, but this asks by an API token, and no token issues"
            " another; sign in and issue it at your account's page.",
            code="token_by_token",
        )


def check_wanted(name: str, scopes: Sequence[str], valid_for: timedelta) -> None:
    """Invalid, with the field's error, unless a token may be so."""
    if not name.strip() or len(name) > LONGEST_NAME:
        message = f"Expected a name of at most {LONGEST_NAME} characters."
        raise Invalid(message, [FieldError("name", message, "required")])
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        message = f"Expected scopes out of {', '.join(SCOPES)}, but got {unknown or 'none'}."
        raise Invalid(message, [FieldError("scopes", message, "unknown_scope")])
    if not timedelta(0) < valid_for <= LONGEST:
        message = "Expected an end within a year from now."
        raise Invalid(message, [FieldError("expires_at", message, "out_of_range")])


def touch_token(command: TouchToken, ctx: Context) -> Answer:
    ctx.db.execute(_one(ctx, command.token_id).values(used_at=ctx.now))
    return {"used": True}


def _one(ctx: Context, token_id: UUID) -> sa.Update:
    return sa.update(api_token).where(
        api_token.c.agency_id == ctx.actor.agency_id, api_token.c.id == token_id
    )


def revoke_token(command: RevokeToken, ctx: Context) -> Answer:
    ended = _one(ctx, command.token_id).where(api_token.c.revoked_at.is_(None))
    if not ctx.actor.may("accounts"):
        ended = ended.where(api_token.c.person_id == ctx.actor.person_id)
    row = ctx.db.execute(ended.values(revoked_at=ctx.now).returning(*_TOLD)).one_or_none()
    if row is None:
        raise NotFound("Expected one of your live tokens, but found none with this id.")
    _tell(ctx, row)
    tell_of_tokens(ctx, username_of(ctx, row.person_id), [row.name])
    return {"revoked": True}


_TOLD = (api_token.c.person_id, api_token.c.id, api_token.c.name)


def _tell(ctx: Context, row: AnyRow) -> None:
    record(ctx, "token.revoked", row.person_id, token_id=str(row.id), name=row.name)


def revoke_tokens(command: RevokeTokens, ctx: Context) -> Answer:
    if command.person_id != ctx.actor.person_id:
        demand(ctx.actor, "accounts")
    username = username_of(ctx, command.person_id)
    ended = (
        sa.update(api_token)
        .where(api_token.c.agency_id == ctx.actor.agency_id)
        .where(api_token.c.person_id == command.person_id)
        .where(api_token.c.revoked_at.is_(None), api_token.c.expires_at > ctx.now)
        .values(revoked_at=ctx.now)
        .returning(*_TOLD)
    )
    rows = ctx.db.execute(ended).all()
    for row in rows:
        _tell(ctx, row)
    tell_of_tokens(ctx, username, [row.name for row in rows])
    return {"revoked": len(rows)}


HANDLERS: dict[type, Handler] = {
    StoreToken: store_token,
    TouchToken: touch_token,
    RevokeToken: revoke_token,
    RevokeTokens: revoke_tokens,
}
