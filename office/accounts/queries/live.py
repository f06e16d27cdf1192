"""Who a cookie or an API token is, with all that they may: one statement, for every request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from office.accounts.models import account, api_token, session
from office.accounts.queries.binds import AWAKE, owner
from office.accounts.secrets import read_api_token, same, sha256
from office.people.models import person
from office.people.queries import actor_of, actor_rows
from office.people.queries.moment import AT
from office.people.rights import holds_post

#: `amr` of a session that a provider opened.
PROVIDED = "oidc"


@dataclass(frozen=True, slots=True)
class SessionView:
    """A live session and whose it is."""

    session_id: UUID
    agency_id: UUID
    person_id: UUID
    username: str
    name: str
    language: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    auth_time: datetime
    amr: Sequence[str]
    #: between the password and the second factor: nothing but that may be done
    needs_factor: bool
    #: a new password has to be chosen before anything else
    must_change: bool
    #: a second factor has to be enrolled before anything else
    must_enrol: bool
    #: None while a factor is needed
    actor: Actor | None


_SESSION = actor_rows(
    sa.select(
        session.c.id.label("session_id"),
        session.c.agency_id,
        session.c.person_id,
        person.c.username,
        person.c.name,
        person.c.language,
        session.c.created_at,
        session.c.seen_at,
        session.c.expires_at,
        session.c.auth_time,
        session.c.amr,
        session.c.needs_factor,
        account.c.must_change,
        session.c.must_enrol,
    )
    .join_from(session, person, owner(session))
    .join(account, owner(account))
    .where(session.c.token_sha256 == sa.bindparam("hash"), session.c.revoked_at.is_(None))
    .where(session.c.expires_at > AT)
    .where(session.c.seen_at > AWAKE)
    .cte("me")
)


def session_rows() -> sa.CTE:
    """What `session_by_token` reads, as a part of another statement: binds hash, at and awake."""
    return _SESSION.cte("who")


def principals_in(rows: sa.FromClause) -> sa.CTE:
    """The principals that `actor_of` finds in these rows, each once, as one column."""

    def of(kind: str, prefix: str, text: sa.ColumnElement[Any]) -> sa.Select[Any]:
        named = sa.literal_column(f"'{prefix}:'", sa.Text) + text
        return sa.select(named.label("principal")).where(rows.c.kind == _literal(kind))

    found = (
        of("person", "person", rows.c.code),
        of("position", "position", rows.c.code),
        of("position", "unit", rows.c.text),
        of("role", "role", rows.c.code),
        of("instrument", "position", rows.c.code),
    )
    return sa.union(*found).cte("principals")


def _literal(text: str) -> sa.ColumnElement[str]:
    return sa.literal_column(f"'{text}'", sa.Text)


#: A view's own columns come first in the rows.
_SESSION_COLUMNS = len(fields(SessionView)) - 1


def session_by_token(
    db: Connection, token: str, now: datetime, idle: timedelta
) -> SessionView | None:
    """The live session behind a cookie's token, in one statement. None: sign in again."""
    binds = {"hash": sha256(token), "at": now, "awake": now - idle}
    rows: Any = db.execute(_SESSION, binds).all()
    if not rows:
        return None
    actor = None if rows[0].needs_factor else actor_of(rows)
    view = SessionView(*(*rows[0][:_SESSION_COLUMNS], actor))
    # Whom a provider proved came by no first password that they would have to change.
    return replace(view, must_change=False) if PROVIDED in view.amr else view


@dataclass(frozen=True, slots=True)
class TokenView:
    """A live API token and whose it is."""

    token_id: UUID
    agency_id: UUID
    person_id: UUID
    username: str
    name: str
    language: str
    scopes: frozenset[str]
    used_at: datetime | None
    actor: Actor | None


_TOKEN = actor_rows(
    sa.select(
        api_token.c.id.label("token_id"),
        api_token.c.agency_id,
        api_token.c.person_id,
        person.c.username,
        person.c.name,
        person.c.language,
        api_token.c.scopes,
        api_token.c.used_at,
        api_token.c.secret_sha256,
        api_token.c.issued_by,
    )
    .join_from(api_token, person, owner(api_token))
    .where(api_token.c.id == sa.bindparam("id", type_=sa.Uuid), api_token.c.revoked_at.is_(None))
    .where(api_token.c.expires_at > AT)
    .cte("me")
)


def token_by_text(db: Connection, text: str, now: datetime) -> TokenView | None:
    """The live token that was presented as `Bearer srb_…`, in one statement. None too where another
    issued it and its owner holds a post by now: that lends the issuer nothing.
    """
    read = read_api_token(text)
    rows = [] if read is None else db.execute(_TOKEN, {"id": read[0], "at": now}).all()
    if read is None or not rows or not same(rows[0].secret_sha256, read[1]):
        return None
    row = rows[0]
    scopes = frozenset(row.scopes)
    actor = actor_of(rows, scopes)
    by_another = row.issued_by not in (None, row.person_id)
    if by_another and actor is not None and holds_post(actor):
        return None
    return TokenView(
        token_id=row.token_id,
        agency_id=row.agency_id,
        person_id=row.person_id,
        username=row.username,
        name=row.name,
        language=row.language,
        scopes=scopes,
        used_at=row.used_at,
        actor=actor,
    )
