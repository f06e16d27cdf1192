"""Providers of sign-in: set up, changed; people linked to who they are there, and unlinked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.errors import Conflict, FieldError, Invalid, NotFound
from engine.ids import new_id
from office.accounts.commands.accounts import username_of
from office.accounts.commands.telling import tell_of
from office.accounts.models import provider_session, session, sign_in_identity, sign_in_provider
from office.people.commands.standing import demand_over
from office.people.history import record, record_change
from office.people.rights import demand
from office.people.versions import check_version

LONGEST_NAME, LONGEST_ISSUER, LONGEST_SUBJECT = 60, 300, 255
#: Buttons on one sign-in page.
MOST_PROVIDERS = 5


@dataclass(frozen=True, slots=True)
class AddProvider:
    """Let people of the agency sign in by a provider. Right: accounts. Answer: {id}.

    `provider_id` is new; the secret is sealed for it.
    """

    name: str
    issuer: str
    client_id: str
    trusts_mfa: bool = False
    provider_id: UUID = field(default_factory=new_id, compare=False)
    sealed_secret: bytes | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ChangeProvider:
    """Change what is given; a new secret replaces the old. Right: accounts. Turned off, it opens
    no session any more, and those that it opened end. `expected`: the version that was read.
    """

    provider_id: UUID
    name: str | None = None
    issuer: str | None = None
    client_id: str | None = None
    trusts_mfa: bool | None = None
    active: bool | None = None
    sealed_secret: bytes | None = field(default=None, compare=False, repr=False)
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """Say that a subject of the provider's is this person: the actor, who has proved it there, or
    anyone with the right accounts. The person is told. Answer: {id}.
    """

    provider_id: UUID
    person_id: UUID
    subject: str


@dataclass(frozen=True, slots=True)
class UnlinkIdentity:
    """End one's own link, or anyone's with the right accounts, and the sessions that came by it."""

    identity_id: UUID


def add_provider(command: AddProvider, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    texts = {"name": command.name, "issuer": command.issuer, "client_id": command.client_id}
    values = _checked(texts) | {"trusts_mfa": command.trusts_mfa}
    there = sa.select(sa.func.count()).where(sign_in_provider.c.agency_id == ctx.actor.agency_id)
    if ctx.db.execute(there).scalar_one() >= MOST_PROVIDERS:
        raise Conflict(
            f"Expected at most {MOST_PROVIDERS} providers, but they are there; change one of them.",
            code="too_many_providers",
        )
    ctx.db.execute(
        sa.insert(sign_in_provider),
        {
            "agency_id": ctx.actor.agency_id,
            "id": command.provider_id,
            "sealed_secret": command.sealed_secret,
            "added_at": ctx.now,
            **values,
        },
    )
    record(ctx, "provider.added", command.provider_id, **values)
    return {"id": str(command.provider_id)}


def _checked(values: Mapping[str, str]) -> dict[str, str]:
    most = {"issuer": LONGEST_ISSUER, "client_id": LONGEST_SUBJECT, "name": LONGEST_NAME}
    found = {name: " ".join(text.split()) for name, text in values.items()}
    errors = [
        FieldError(name, f"Expected 1 to {most[name]} characters.", "required")
        for name, text in found.items()
        if not 0 < len(text) <= most[name]
    ]
    if errors:
        raise Invalid(errors[0].message, errors)
    return found


def change_provider(command: ChangeProvider, ctx: Context) -> Answer:
    demand(ctx.actor, "accounts")
    which = (
        sign_in_provider.c.agency_id == ctx.actor.agency_id,
        sign_in_provider.c.id == command.provider_id,
    )
    row = ctx.db.execute(sa.select(sign_in_provider).where(*which).with_for_update()).one_or_none()
    if row is None:
        raise no_provider()
    check_version(row, command.expected)
    values = _given(command)
    secret = {} if command.sealed_secret is None else {"sealed_secret": command.sealed_secret}
    if values or secret:
        ctx.db.execute(sa.update(sign_in_provider).where(*which).values(**values, **secret))
    record_change(ctx, "provider.changed", row, values)
    if secret:
        record(ctx, "provider.secret_changed", row.id, name=row.name)
    if (row.active and command.active is False) or values.get("issuer", row.issuer) != row.issuer:
        end_where(ctx, provider_session.c.provider_id == row.id)
    return {"id": str(row.id)}


def _given(command: ChangeProvider) -> dict[str, Any]:
    texts = {name: getattr(command, name) for name in ("name", "issuer", "client_id")}
    values: dict[str, Any] = _checked({k: text for k, text in texts.items() if text is not None})
    flags = {name: getattr(command, name) for name in ("trusts_mfa", "active")}
    return values | {name: flag for name, flag in flags.items() if flag is not None}


def no_provider() -> NotFound:
    return NotFound("Expected a provider of sign-in of this agency, but there is none.")


def link_identity(command: LinkIdentity, ctx: Context) -> Answer:
    if command.person_id != ctx.actor.person_id:
        demand_over(ctx, "accounts", command.person_id)
    username = username_of(ctx, command.person_id, here=True)
    found = sa.select(sign_in_provider.c.issuer, sign_in_provider.c.name).where(
        sign_in_provider.c.agency_id == ctx.actor.agency_id,
        sign_in_provider.c.id == command.provider_id,
    )
    row = ctx.db.execute(found).one_or_none()
    if row is None:
        raise no_provider()
    subject = command.subject
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        message = f"Expected 1 to {LONGEST_SUBJECT} characters that can be read."
        raise Invalid(message, [FieldError("subject", message, "required")])
    present = _present(ctx, row.issuer, subject)
    if present is not None and present.person_id == command.person_id:
        return {"id": str(present.id)}
    if present is not None:
        raise Conflict(
            "Expected a subject that is nobody here yet, but somebody has this one; unlink it there"
            " first.",
            code="linked",
        )
    values = {"issuer": row.issuer, "subject": subject}
    identity_id = new_id()
    ctx.db.execute(
        sa.insert(sign_in_identity),
        {
            "agency_id": ctx.actor.agency_id,
            "person_id": command.person_id,
            "id": identity_id,
            "linked_by": ctx.actor.username,
            "linked_at": ctx.now,
            **values,
        },
    )
    record(ctx, "identity.linked", command.person_id, name=row.name, **values)
    tell_of(ctx, username, "linked", row.name)
    return {"id": str(identity_id)}


def _present(ctx: Context, issuer: str, subject: str) -> Any:
    statement = sa.select(sign_in_identity.c.id, sign_in_identity.c.person_id).where(
        sign_in_identity.c.agency_id == ctx.actor.agency_id,
        sign_in_identity.c.issuer == issuer,
        sign_in_identity.c.subject == subject,
    )
    return ctx.db.execute(statement).one_or_none()


def unlink_identity(command: UnlinkIdentity, ctx: Context) -> Answer:
    which = [
        sign_in_identity.c.agency_id == ctx.actor.agency_id,
        sign_in_identity.c.id == command.identity_id,
    ]
    if not (ctx.actor.is_system or ctx.actor.may("accounts")):
        which.append(sign_in_identity.c.person_id == ctx.actor.person_id)
    row = ctx.db.execute(
        sa.delete(sign_in_identity).where(*which).returning(
            sign_in_identity.c.person_id, sign_in_identity.c.issuer, sign_in_identity.c.subject
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound("Expected a link to a provider, but there is none with this id.")
    values = {"issuer": row.issuer, "subject": row.subject}
    record(ctx, "identity.unlinked", row.person_id, **values)
    end_where(
        ctx,
        provider_session.c.issuer == row.issuer,
        provider_session.c.subject == row.subject,
    )
    tell_of(ctx, username_of(ctx, row.person_id), "unlinked", row.issuer)
    return {"unlinked": True}


def end_where(ctx: Context, *which: sa.ColumnElement[bool]) -> int:
    """End the live sessions of this agency that a provider opened, as far as these hold."""
    theirs = sa.select(provider_session.c.session_id).where(
        provider_session.c.agency_id == ctx.actor.agency_id, *which
    )
    ended = ctx.db.execute(
        sa.update(session)
        .where(session.c.agency_id == ctx.actor.agency_id, session.c.id.in_(theirs))
        .where(session.c.revoked_at.is_(None))
        .values(revoked_at=ctx.now)
        .returning(session.c.id, session.c.person_id)
    ).all()
    for row in ended:
        record(ctx, "session.revoked", row.person_id, session_id=str(row.id))
    return len(ended)


HANDLERS: dict[type, Handler] = {
    AddProvider: add_provider,
    ChangeProvider: change_provider,
    LinkIdentity: link_identity,
    UnlinkIdentity: unlink_identity,
}
