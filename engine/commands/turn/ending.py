"""Ending an instance from outside: everything that it waits for goes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn import closing
from engine.commands.turn.calls import end_process
from engine.commands.turn.chain import record
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import resolve
from engine.events import InstanceEnded
from engine.models import job as jobs
from engine.models.instance import CANCELLED
from engine.models.job import job
from engine.models.waiting import subscription, timer


def _of_root(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.agency_id == sa.bindparam("agency"), table.c.root_id == sa.bindparam("root")
    )


_CANCEL_JOBS = (
    job.update()
    .where(_of_root(job), jobs.IS_PENDING)
    .values(state=jobs.CANCELLED, ended_at=sa.bindparam("now"), lease_until=None)
)
_DROP_TIMERS = timer.delete().where(_of_root(timer))
_UNSUBSCRIBE = subscription.delete().where(_of_root(subscription))


def cancel(ctx: Context, held: Held, reason: str) -> None:
    for row in closing.live_tasks(ctx, held):
        closing.cancel(ctx, held, row, "cancelled")
    key: dict[str, Any] = {"agency": held.agency_id, "root": held.root_id}
    ctx.db.execute(_CANCEL_JOBS, {**key, "now": ctx.now})
    ctx.db.execute(_DROP_TIMERS, key)
    ctx.db.execute(_UNSUBSCRIBE, key)
    resolve(ctx, held, all_=True)
    for scope, process in held.processes.items():
        if scope and not process.ended:
            end_process(ctx, held, process, CANCELLED)
    held.root.status, held.root.ended, held.moved = CANCELLED, True, True
    record(ctx, held, "instance.cancelled", data={"reason": reason})
    held.news.append(
        InstanceEnded(
            held.agency_id,
            held.root_id,
            held.root.definition.key,
            held.business_key,
            CANCELLED,
            None,
            ctx.actor,
        )
    )
