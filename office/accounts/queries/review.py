"""What a person reviews on their security page, and administrators on theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.queries.page import Page, Window, by_id
from office.accounts.models import api_token, guard, recovery_code, session
from office.accounts.queries.binds import AGENCY, AWAKE, NOW, WHO, owner
from office.people.models import person

_RECOVERY_LEFT = (
    sa.select(sa.func.count())
    .select_from(recovery_code)
    .where(recovery_code.c.agency_id == AGENCY, recovery_code.c.person_id == WHO)
    .where(recovery_code.c.used_at.is_(None))
)


def recovery_codes_left(db: Connection, agency_id: UUID, person_id: UUID) -> int:
    return int(db.execute(_RECOVERY_LEFT, {"agency": agency_id, "who": person_id}).scalar_one())


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a person's sessions as their security page lists it."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ip: str
    agent: str
    amr: Sequence[str]


_SESSIONS = (
    sa.select(
        session.c.id,
        session.c.created_at,
        session.c.seen_at,
        session.c.expires_at,
        session.c.ip,
        session.c.agent,
        session.c.amr,
    )
    .where(session.c.agency_id == AGENCY, session.c.person_id == WHO)
    .where(session.c.revoked_at.is_(None), session.c.expires_at > NOW)
    .where(session.c.seen_at > AWAKE)
    .order_by(session.c.seen_at.desc())
)


def sessions(
    db: Connection, agency_id: UUID, person_id: UUID, now: datetime, idle: timedelta
) -> tuple[SessionRow, ...]:
    """A person's live sessions, the last used first."""
    binds = {"agency": agency_id, "who": person_id, "now": now, "awake": now - idle}
    return tuple(SessionRow(*row) for row in db.execute(_SESSIONS, binds))


@dataclass(frozen=True, slots=True)
class TokenRow:
    id: UUID
    name: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


_TOKENS = (
    sa.select(
        api_token.c.id,
        api_token.c.name,
        api_token.c.scopes,
        api_token.c.created_at,
        api_token.c.expires_at,
        api_token.c.used_at,
        api_token.c.revoked_at,
    )
    .where(api_token.c.agency_id == AGENCY, api_token.c.person_id == WHO)
    .order_by(api_token.c.created_at.desc(), api_token.c.id.desc())
)


def tokens(db: Connection, agency_id: UUID, person_id: UUID) -> tuple[TokenRow, ...]:
    """A person's API tokens, ended ones too, the newest first."""
    binds = {"agency": agency_id, "who": person_id}
    return tuple(TokenRow(*row) for row in db.execute(_TOKENS, binds))


@dataclass(frozen=True, slots=True)
class LiveToken:
    """One that still opens something, and whose it is. Its secret is kept nowhere."""

    id: UUID
    username: str
    #: of its owner
    person: str
    name: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


_LIVE = (
    sa.select(
        api_token.c.id,
        person.c.username,
        person.c.name.label("person"),
        api_token.c.name,
        api_token.c.scopes,
        api_token.c.created_at,
        api_token.c.expires_at,
        api_token.c.used_at,
    )
    .join(person, owner(api_token))
    .where(api_token.c.agency_id == AGENCY)
    .where(api_token.c.revoked_at.is_(None), api_token.c.expires_at > NOW)
)
_LIVE_OF = _LIVE.where(person.c.username == sa.bindparam("username"))


def live_tokens(
    db: Connection, agency_id: UUID, now: datetime, window: Window, username: str | None = None
) -> Page[LiveToken]:
    """The agency's live tokens, people's and services', the newest first; of one person alone."""
    wanted, given = (_LIVE_OF, {"username": username}) if username else (_LIVE, {})
    binds = {"agency": agency_id, "now": now, **given}
    return by_id(
        db, "live-tokens", wanted, binds, api_token.c.id, window, lambda row: LiveToken(*row[:8])
    )


_LOCKED = sa.select(guard.c.target, guard.c.locked_until).where(
    guard.c.target.in_(sa.bindparam("targets", expanding=True)), guard.c.locked_until > NOW
)


def locked(db: Connection, targets: Sequence[str], now: datetime) -> dict[str, datetime]:
    """Which of these targets (`targets.password_target`) are shut, and until when."""
    rows = db.execute(_LOCKED, {"targets": list(targets), "now": now})
    return {row.target: row.locked_until for row in rows}
