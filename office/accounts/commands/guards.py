"""Counting guesses at secrets, alike for what exists and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.db import UtcDateTime, insert_once
from engine.errors import TooMany
from engine.ids import new_id
from office.accounts import rules
from office.accounts.models import VERIFYING, attempt, guard

_TARGET: sa.BindParameter[str] = sa.bindparam("target")
_SINCE = sa.bindparam("since", type_=UtcDateTime)
_KEPT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AdmitAttempt:
    """Let one guess at `target` (a keyed hash) pass, or raise TooMany. Counts before any check."""

    target: str
    ip: str


@dataclass(frozen=True, slots=True)
class RecordFailure:
    """The guess was wrong. Answer: {failed_count, locked_seconds}."""

    target: str


@dataclass(frozen=True, slots=True)
class ClearFailures:
    """The guess was right, or an administrator lifts the lock."""

    target: str


def lock_guard(ctx: Context, target: str) -> sa.Row[int, datetime | None]:
    """The target's row, made if need be and locked: parallel guesses at it queue here."""
    fresh = {"target": target, "failed_count": 0, "changed_at": ctx.now}
    ctx.db.execute(insert_once(guard), fresh)
    return ctx.db.execute(_GUARD, {"target": target}).one()


_GUARD = (
    sa.select(guard.c.failed_count, guard.c.locked_until)
    .where(guard.c.target == _TARGET)
    .with_for_update()
)
_BY_TARGET = sa.select(sa.func.count()).where(
    attempt.c.target == _TARGET, attempt.c.ip == sa.bindparam("ip"), attempt.c.at > _SINCE
)
_BY_ADDRESS = sa.select(sa.func.count()).where(
    attempt.c.ip == sa.bindparam("ip"), attempt.c.at > _SINCE, attempt.c.target != VERIFYING
)
_FORGET = sa.delete(attempt).where(
    attempt.c.target == _TARGET, attempt.c.at < sa.bindparam("before", type_=UtcDateTime)
)


def admit_attempt(command: AdmitAttempt, ctx: Context) -> Answer:
    row = lock_guard(ctx, command.target)
    if row.locked_until is not None and row.locked_until > ctx.now:
        raise _wait("locked", row.locked_until - ctx.now)
    binds = {"target": command.target, "ip": command.ip, "since": ctx.now - rules.MINUTE}
    if ctx.db.execute(_BY_TARGET, binds).scalar_one() >= rules.PER_MINUTE:
        raise _wait("too_many", rules.MINUTE)
    if ctx.db.execute(_BY_ADDRESS, binds).scalar_one() >= rules.PER_ADDRESS:
        raise _wait("too_many", rules.MINUTE)
    ctx.db.execute(_FORGET, {"target": command.target, "before": ctx.now - _KEPT})
    ctx.db.execute(
        sa.insert(attempt),
        {"id": new_id(), "target": command.target, "ip": command.ip, "at": ctx.now},
    )
    return {"admitted": True}


def _wait(code: str, pause: timedelta) -> TooMany:
    seconds = max(1, int(pause.total_seconds()))
    refused = TooMany(
        f"Expected fewer attempts, but there were too many; try again in {seconds} seconds.",
        seconds,
    )
    refused.code = code
    return refused


def record_failure(command: RecordFailure, ctx: Context) -> Answer:
    failed = lock_guard(ctx, command.target).failed_count + 1
    pause = rules.lock_for(failed)
    ctx.db.execute(
        sa.update(guard)
        .where(guard.c.target == command.target)
        .values(
            failed_count=failed,
            locked_until=None if pause is None else ctx.now + pause,
            changed_at=ctx.now,
        )
    )
    return {"failed_count": failed, "locked_seconds": pause.total_seconds() if pause else 0}


def clear_failures(command: ClearFailures, ctx: Context) -> Answer:
    ctx.db.execute(sa.delete(guard).where(guard.c.target == command.target))
    ctx.db.execute(sa.delete(attempt).where(attempt.c.target == command.target))
    return {"cleared": True}


HANDLERS: dict[type, Handler] = {
    AdmitAttempt: admit_attempt,
    RecordFailure: record_failure,
    ClearFailures: clear_failures,
}
