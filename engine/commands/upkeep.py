"""Clearing away what has expired: old answers and messages that nobody fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from engine.bus import Answer, Context, Handler
from engine.models.command_log import command_log
from engine.models.waiting import message_buffer

_OLD_ANSWERS = command_log.delete().where(command_log.c.at < sa.bindparam("before"))
_EXPIRED = message_buffer.delete().where(message_buffer.c.expires_at <= sa.bindparam("now"))


@dataclass(frozen=True, slots=True)
class ClearExpired:
    """Of every agency. Answer: {commands, messages}: how many rows went."""

    keep_answers: timedelta = timedelta(days=7)


def clear_expired(command: ClearExpired, ctx: Context) -> Answer:
    before = ctx.now - command.keep_answers
    return {
        "commands": ctx.db.execute(_OLD_ANSWERS, {"before": before}).rowcount,
        "messages": ctx.db.execute(_EXPIRED, {"now": ctx.now}).rowcount,
    }


HANDLERS: dict[type, Handler] = {ClearExpired: clear_expired}
