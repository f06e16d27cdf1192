"""Messages and signals that a process throws: to this instance at once, to others by a job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine.bus import Context
from engine.commands.turn.chain import record
from engine.commands.turn.held import Held
from engine.commands.turn.incidents import add_row, incident_row
from engine.commands.turn.todo import Deliver
from engine.commands.turn.waits import job_row
from engine.db import storable
from engine.errors import Cause
from engine.models.job import DEAD, job
from engine.models.starting import SIGNAL, start_event
from engine.models.waiting import IS_MESSAGE, subscription
from engine.runtime.values import Thrown

#: Actions that carry a message or signal to another instance: a transaction holds only one.
SEND_MESSAGE, SEND_SIGNAL = "engine.send_message", "engine.send_signal"
#: Actions that begin a process at its signal or conditional start.
START_BY_SIGNAL, START_BY_CONDITION = "engine.start_by_signal", "engine.start_by_condition"
#: A thrown message for which nobody waits yet is kept this long.
KEPT = timedelta(days=30)
#: More deliveries within one turn than this go by a job: a ring of messages cannot hold the lock.
MANY = 50
#: More messages and signals in a row than this, with no person and no moment in between, are a ring
#: of instances that would go on for ever.
HOPS = 1_000

_MESSAGE = sa.select(subscription).where(
    subscription.c.agency_id == sa.bindparam("agency"),
    IS_MESSAGE,
    subscription.c.name == sa.bindparam("name"),
    subscription.c.key == sa.bindparam("key"),
    subscription.c.root_id == sa.bindparam("root"),
)
_SIGNALS = sa.select(subscription).where(
    subscription.c.agency_id == sa.bindparam("agency"),
    subscription.c.kind == "signal",
    subscription.c.name == sa.bindparam("name"),
)
_STARTS = sa.select(start_event.c.definition_key).where(
    start_event.c.agency_id == sa.bindparam("agency"),
    start_event.c.kind == SIGNAL,
    start_event.c.name == sa.bindparam("name"),
)
_ADD_JOB = job.insert()


def route(ctx: Context, held: Held, thrown: Sequence[Thrown], delivered: int) -> None:
    """`delivered`: how many deliveries this turn has made already."""
    for each in thrown:
        data = {"name": each.name, "key": each.key}
        record(ctx, held, f"{each.kind}.thrown", element_id=each.element_id, data=data)
        if each.kind == "message":
            _route_message(ctx, held, each, here=delivered < MANY)
        else:
            _route_signal(ctx, held, each, here=delivered < MANY)


def _route_message(ctx: Context, held: Held, thrown: Thrown, *, here: bool) -> None:
    name, key = storable(thrown.name), storable(thrown.key or held.business_key or "")
    where = {"agency": held.agency_id, "root": held.root_id, "name": name, "key": key}
    own = ctx.db.execute(_MESSAGE, where).first() if here else None
    if own is not None:
        held.todo.append(Deliver(own.token, own.element_id, name, key, thrown.payload))
        return
    payload = {"name": name, "key": key, "variables": thrown.payload, "ttl": KEPT}
    _post(ctx, held, thrown, SEND_MESSAGE, payload)


def _route_signal(ctx: Context, held: Held, thrown: Thrown, *, here: bool) -> None:
    name = storable(thrown.name)
    found = ctx.db.execute(_SIGNALS, {"agency": held.agency_id, "name": name}).all()
    others: set[Any] = set()
    for row in found:
        if row.root_id == held.root_id and here:
            held.todo.append(Deliver(row.token, row.element_id, name, None, thrown.payload))
        else:
            others.add(row.root_id)
    for root_id in sorted(others):
        payload = {"name": name, "root_id": str(root_id), "variables": thrown.payload}
        _post(ctx, held, thrown, SEND_SIGNAL, payload)
    for key in ctx.db.execute(_STARTS, {"agency": held.agency_id, "name": name}).scalars().all():
        payload = {"definition_key": key, "name": name, "variables": thrown.payload}
        _post(ctx, held, thrown, START_BY_SIGNAL, payload)


def _post(ctx: Context, held: Held, thrown: Thrown, action: str, payload: dict[str, Any]) -> None:
    row = job_row(ctx, action, payload) | {"hops": ctx.hops + 1}
    if ctx.hops >= HOPS:
        _stop(ctx, held, thrown, row)
        return
    ctx.db.execute(_ADD_JOB, row)
    ctx.rings.append(row["id"])


def _stop(ctx: Context, held: Held, thrown: Thrown, row: dict[str, Any]) -> None:
    """The job lies dead, with an incident. An operator's retry begins to count anew."""
    ctx.db.execute(_ADD_JOB, row | {"state": DEAD, "hops": 0, "ended_at": ctx.now})
    cause = Cause(
        code="message_loop",
        message=f"Expected instances to come to an end, but {HOPS} messages and signals followed"
        f" from one another, the last being {thrown.kind} {thrown.name!r:.80} of instance"
        f" {held.root_id}. Mend the diagrams, or try again to let it go on.",
        element_id=thrown.element_id,
        detail={"root_id": str(held.root_id)},
    )
    add_row(ctx, incident_row(ctx, cause, job_id=row["id"]))
