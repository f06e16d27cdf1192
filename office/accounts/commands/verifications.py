"""How often strangers may have a file verified: each verification costs a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.db import UtcDateTime
from engine.errors import TooMany
from engine.ids import new_id
from office.accounts import rules
from office.accounts.commands.guards import lock_guard
from office.accounts.models import VERIFYING, attempt

HOUR = timedelta(hours=1)
_COUNT = sa.select(sa.func.count(), sa.func.min(attempt.c.at)).where(
    attempt.c.target == VERIFYING, attempt.c.at > sa.bindparam("since", type_=UtcDateTime)
)
_OF_CLIENT = _COUNT.where(attempt.c.ip == sa.bindparam("ip"))


@dataclass(frozen=True, slots=True)
class AdmitVerification:
    """Let one verification for this address pass, or raise TooMany until the hour allows another:
    counted per client and in all.
    """

    ip: str


def admit_verification(command: AdmitVerification, ctx: Context) -> Answer:
    client = rules.client_of(command.ip)
    lock_guard(ctx, VERIFYING)
    since = ctx.now - HOUR
    _check(ctx, _OF_CLIENT, {"since": since, "ip": client}, rules.VERIFIED_PER_CLIENT)
    _check(ctx, _COUNT, {"since": since}, rules.VERIFIED_IN_ALL)
    one = {"id": new_id(), "target": VERIFYING, "ip": client, "at": ctx.now}
    ctx.db.execute(sa.insert(attempt), one)
    return {"admitted": True}


def _check(
    ctx: Context, counting: sa.Select[int, datetime], binds: dict[str, object], most: int
) -> None:
    count, first = ctx.db.execute(counting, binds).one()
    if count < most:
        return
    seconds = max(1, int((first + HOUR - ctx.now).total_seconds()))
    raise TooMany(
        f"Expected at most {most} verifications in an hour, but there were as many;"
        f" try again in {seconds} seconds.",
        seconds,
    )


HANDLERS: dict[type, Handler] = {AdmitVerification: admit_verification}
