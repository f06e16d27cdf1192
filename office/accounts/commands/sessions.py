"""Sessions: opened, carried over a second factor, kept awake, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, NotFound
from engine.ids import new_id
from office.accounts.compulsion import compels
from office.accounts.models import (
    account,
    api_token,
    provider_session,
    session,
    sign_in_identity,
    sign_in_provider,
)
from office.accounts.settings import settings_of
from office.people.history import record
from office.people.rights import demand

_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Provided:
    """What a provider told of the session that it opens."""

    provider_id: UUID
    issuer: str
    subject: str
    sid: str
    sealed_token: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """The person has proved who they are by `amr`. Answer: {session_id, expires_at}."""

    person_id: UUID
    token_sha256: str
    amr: Sequence[str]
    #: a second factor is still to come: the session opens nothing else
    needs_factor: bool
    ip: str
    agent: str
    #: the password's hash made anew, when the way of hashing has changed
    rehashed: str | None = None
    #: a provider has proved the person
    provided: Provided | None = None


@dataclass(frozen=True, slots=True)
class PromoteSession:
    """The second factor was right: a new session with a new token takes the old one's place."""

    session_id: UUID
    token_sha256: str
    amr: Sequence[str]
    ip: str
    agent: str


@dataclass(frozen=True, slots=True)
class TouchSession:
    """The session was used; told every few minutes, not with every request."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeSession:
    """Sign out of one session: the actor's own, or anyone's with the right accounts."""

    session_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    """End every session of a person (None: the actor) but `keep`."""

    person_id: UUID | None = None
    keep: UUID | None = None


def open_session(command: OpenSession, ctx: Context) -> Answer:
    if command.provided is not None:
        _hold_link(ctx, command.person_id, command.provided)
    session_id = _insert(ctx, command.person_id, command)
    if command.provided is not None:
        _keep_provided(ctx, session_id, command.provided)
    ctx.db.execute(
        sa.update(account)
        .where(account.c.agency_id == ctx.actor.agency_id)
        .where(account.c.person_id == command.person_id)
        .values(
            last_sign_in_at=ctx.now,
            **({"password_hash": command.rehashed} if command.rehashed else {}),
        )
    )
    record(ctx, "session.opened", command.person_id, ip=command.ip, amr=list(command.amr))
    return {"session_id": str(session_id)}


_LINK = (
    sa.select(sign_in_identity.c.id)
    .join(
        sign_in_provider,
        sa.and_(
            sign_in_provider.c.agency_id == sign_in_identity.c.agency_id,
            sign_in_provider.c.issuer == sign_in_identity.c.issuer,
        ),
    )
    .where(
        sign_in_identity.c.agency_id == sa.bindparam("agency"),
        sign_in_identity.c.issuer == sa.bindparam("issuer"),
        sign_in_identity.c.subject == sa.bindparam("subject"),
        sign_in_identity.c.person_id == sa.bindparam("person"),
        sign_in_provider.c.id == sa.bindparam("provider"),
        sign_in_provider.c.active,
    )
    .with_for_update(read=True)
)


def _hold_link(ctx: Context, person_id: UUID, provided: Provided) -> None:
    """Whoever ends the provider or the link ends what it opened: they come before this session, or
    wait for it.
    """
    binds = {
        "agency": ctx.actor.agency_id,
        "issuer": provided.issuer,
        "subject": provided.subject,
        "person": person_id,
        "provider": provided.provider_id,
    }
    if ctx.db.execute(_LINK, binds).one_or_none() is None:
        raise Conflict(
            "Expected a provider and a link that are in use, but one has ended.", code="link_ended"
        )


def _insert(ctx: Context, person_id: UUID, command: OpenSession | PromoteSession) -> UUID:
    session_id = new_id()
    ctx.db.execute(
        sa.insert(session),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": person_id,
            "id": session_id,
            "token_sha256": command.token_sha256,
            "created_at": ctx.now,
            "seen_at": ctx.now,
            "expires_at": ctx.now + settings_of(ctx.services).absolute,
            "auth_time": ctx.now,
            "amr": list(command.amr),
            "needs_factor": isinstance(command, OpenSession) and command.needs_factor,
            "must_enrol": isinstance(command, OpenSession) and _must_enrol(ctx, command),
            "ip": command.ip,
            "agent": command.agent[:_AGENT_LENGTH],
        },
    )
    return session_id


def _must_enrol(ctx: Context, command: OpenSession) -> bool:
    """Who has a second factor is asked for it; who has none, and no provider asked for one, may
    have to get one first.
    """
    if command.needs_factor or "mfa" in command.amr:
        return False
    return compels(ctx.db, ctx.actor.agency_id, command.person_id, ctx.now)


def _keep_provided(ctx: Context, session_id: UUID, provided: Provided) -> None:
    ctx.db.execute(
        sa.insert(provider_session),
        {
            "agency_id": ctx.actor.agency_id,
            "session_id": session_id,
            "provider_id": provided.provider_id,
            "issuer": provided.issuer,
            "subject": provided.subject,
            "sid": provided.sid,
            "sealed_token": provided.sealed_token,
        },
    )


def promote_session(command: PromoteSession, ctx: Context) -> Answer:
    """A session that a provider opened stays one that it can end."""
    person_id = _end(ctx, command.session_id)
    session_id = _insert(ctx, person_id, command)
    ctx.db.execute(
        sa.update(provider_session)
        .where(provider_session.c.agency_id == ctx.actor.agency_id)
        .where(provider_session.c.session_id == command.session_id)
        .values(session_id=session_id)
    )
    record(ctx, "session.proved", person_id, ip=command.ip, amr=list(command.amr))
    return {"session_id": str(session_id)}


def _end(ctx: Context, session_id: UUID) -> UUID:
    """Revoke one live session; the second of two who try finds it ended."""
    row = ctx.db.execute(
        sa.update(session)
        .where(session.c.agency_id == ctx.actor.agency_id, session.c.id == session_id)
        .where(session.c.revoked_at.is_(None))
        .values(revoked_at=ctx.now)
        .returning(session.c.person_id)
    ).one_or_none()
    if row is None:
        raise Conflict(
            "Expected a live session, but it has ended; sign in again.", code="session_ended"
        )
    person_id: UUID = row.person_id
    return person_id


_SEEN = (
    sa.update(session)
    .where(session.c.agency_id == sa.bindparam("agency"), session.c.id == sa.bindparam("this"))
    .values(seen_at=sa.bindparam("now"))
)


def touch_session(command: TouchSession, ctx: Context) -> Answer:
    key = {"agency": ctx.actor.agency_id, "this": command.session_id}
    ctx.db.execute(_SEEN, key | {"now": ctx.now})
    return {"seen": True}


def revoke_session(command: RevokeSession, ctx: Context) -> Answer:
    owner = ctx.db.execute(
        sa.select(session.c.person_id).where(
            session.c.agency_id == ctx.actor.agency_id, session.c.id == command.session_id
        )
    ).scalar_one_or_none()
    if owner is None or (owner != ctx.actor.person_id and not ctx.actor.may("accounts")):
        raise NotFound("Expected one of your sessions, but found none with this id.")
    _end(ctx, command.session_id)
    record(ctx, "session.revoked", owner, session_id=str(command.session_id))
    return {"revoked": 1}


def revoke_sessions(command: RevokeSessions, ctx: Context) -> Answer:
    if command.person_id not in (None, ctx.actor.person_id):
        demand(ctx.actor, "accounts")
    owner = command.person_id or ctx.actor.person_id
    if owner is None:
        raise NotFound("Expected a person whose sessions end, but the system has none.")
    return {"revoked": end_all(ctx, owner, command.keep)}


def end_all(ctx: Context, person_id: UUID, keep: UUID | None = None) -> int:
    """End every live session of a person: their password or factor is not what it was."""
    ended = (
        sa.update(session)
        .where(session.c.agency_id == ctx.actor.agency_id, session.c.person_id == person_id)
        .where(session.c.revoked_at.is_(None))
        .values(revoked_at=ctx.now)
    )
    ended = ended if keep is None else ended.where(session.c.id != keep)
    count = ctx.db.execute(ended).rowcount
    record(ctx, "session.revoked", person_id, count=count)
    return count


def end_lost(ctx: Context, person_id: UUID) -> Sequence[str]:
    """End every session and API token: whoever found what was lost may have made any of them. The
    names of the tokens that would still have opened something.
    """
    end_all(ctx, person_id)
    ended = (
        sa.update(api_token)
        .where(api_token.c.agency_id == ctx.actor.agency_id, api_token.c.person_id == person_id)
        .where(api_token.c.revoked_at.is_(None))
        .values(revoked_at=ctx.now)
        .returning(api_token.c.name, api_token.c.expires_at)
    )
    rows = ctx.db.execute(ended).all()
    if rows:
        record(ctx, "token.revoked", person_id, count=len(rows))
    return sorted(row.name for row in rows if row.expires_at > ctx.now)


HANDLERS: dict[type, Handler] = {
    OpenSession: open_session,
    PromoteSession: promote_session,
    TouchSession: touch_session,
    RevokeSession: revoke_session,
    RevokeSessions: revoke_sessions,
}
