"""Forgetting what no longer counts: old attempts, opened locks, long-ended sessions and resets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from office.accounts.models import (
    attempt,
    guard,
    passkey_challenge,
    password_reset,
    session,
    spent_proof,
)

#: Attempts count for a minute, locks for a day at most.
ATTEMPTS_KEPT = timedelta(hours=1)
GUARDS_KEPT = timedelta(days=2)
#: Who was signed in from where is traffic data: ninety days (Computer Crime Act B.E. 2550, ม.26).
SESSIONS_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class ForgetOld:
    """Delete what has expired, in every agency. Answer: how many rows, by table."""


def expired(now: datetime) -> dict[sa.Table, sa.ColumnElement[bool]]:
    return {
        attempt: attempt.c.at < now - ATTEMPTS_KEPT,
        guard: guard.c.changed_at < now - GUARDS_KEPT,
        session: session.c.expires_at < now - SESSIONS_KEPT,
        password_reset: password_reset.c.expires_at < now - SESSIONS_KEPT,
        passkey_challenge: passkey_challenge.c.expires_at < now - ATTEMPTS_KEPT,
        spent_proof: spent_proof.c.expires_at < now - ATTEMPTS_KEPT,
    }


def forget_old(_command: ForgetOld, ctx: Context) -> Answer:
    return {
        table.name: ctx.db.execute(sa.delete(table).where(old)).rowcount
        for table, old in expired(ctx.now).items()
    }


HANDLERS: dict[type, Handler] = {ForgetOld: forget_old}
