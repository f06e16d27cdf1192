"""Finding what was forgotten: rings that were lost, leases that ran out, rows that expired."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.jobs import FailJob
from engine.commands.messages import DeliverKept
from engine.commands.starts import StartKept
from engine.commands.upkeep import ClearExpired
from engine.db import reading
from engine.errors import Rejected
from engine.models.columns import AnyRow
from engine.models.command_log import command_log
from engine.models.instance import IS_ALIVE, process_instance
from engine.models.job import IS_LEASED, IS_WAITING, job
from engine.models.starting import IS_MESSAGE_START, start_event
from engine.models.waiting import IS_MESSAGE, message_buffer, subscription

log = logging.getLogger(__name__)

#: The agency of upkeep that concerns all of them.
NOBODY = UUID(int=0)
#: At most so many at once: the next sweep goes on.
BATCH = 500
#: Answers are kept this long for repeated commands.
KEEP = timedelta(days=7)

_NOW: sa.BindParameter[datetime] = sa.bindparam("now")
_EXPIRED_LEASE = sa.and_(IS_LEASED, job.c.lease_until < _NOW)
_WAITING = (
    sa.select(job.c.id).where(IS_WAITING, job.c.due_at <= _NOW).order_by(job.c.due_at).limit(BATCH)
)
_LOST = (
    sa.select(job.c.id)
    .where(_EXPIRED_LEASE, job.c.attempt < job.c.max_attempts)
    .order_by(job.c.lease_until)
    .limit(BATCH)
)
_USED_UP = (
    sa.select(job.c.id, job.c.agency_id, job.c.attempt)
    .where(_EXPIRED_LEASE, job.c.attempt >= job.c.max_attempts)
    .limit(BATCH)
)
_CLEARABLE = sa.select(
    sa.exists().where(command_log.c.at < sa.bindparam("before"))
    | sa.exists().where(message_buffer.c.expires_at <= _NOW)
)
_MISSED = (
    sa.select(subscription.c.id, subscription.c.agency_id)
    .join(
        message_buffer,
        sa.and_(
            message_buffer.c.agency_id == subscription.c.agency_id,
            message_buffer.c.name == subscription.c.name,
            message_buffer.c.key == subscription.c.key,
        ),
    )
    .where(IS_MESSAGE, message_buffer.c.expires_at > _NOW)
    .limit(BATCH)
)
_started = (
    sa.exists()
    .where(
        process_instance.c.agency_id == message_buffer.c.agency_id,
        process_instance.c.start_message == message_buffer.c.name,
        process_instance.c.business_key == message_buffer.c.key,
        IS_ALIVE,
    )
    .correlate(message_buffer)
)
#: Kept messages that start a process now: it was deployed since, or their case's instance ended.
_STARTABLE = (
    sa.select(message_buffer.c.id, message_buffer.c.agency_id)
    .join(
        start_event,
        sa.and_(
            start_event.c.agency_id == message_buffer.c.agency_id,
            start_event.c.name == message_buffer.c.name,
        ),
    )
    .where(IS_MESSAGE_START, message_buffer.c.expires_at > _NOW, sa.not_(_started))
    .order_by(message_buffer.c.id)
    .limit(BATCH)
)


def sweep(bus: Bus) -> int:
    """How many jobs were rung for."""
    now = {"now": bus.services.clock.now()}
    with reading(bus.engine) as db:
        forgotten = [row.id for query in (_WAITING, _LOST) for row in db.execute(query, now)]
        used_up = db.execute(_USED_UP, now).all()
        missed = db.execute(_MISSED, now).all()
        startable = db.execute(_STARTABLE, now).all()
        clearable = db.execute(_CLEARABLE, {**now, "before": now["now"] - KEEP}).scalar_one()
    _ring(bus, forgotten)
    for row in used_up:
        _bury(bus, row)
    for waiting in missed:
        _try(bus, DeliverKept(waiting.id), waiting.agency_id)
    for kept in startable:
        _try(bus, StartKept(kept.id), kept.agency_id)
    if clearable:
        _try(bus, ClearExpired(KEEP), NOBODY)
    return len(forgotten)


def _ring(bus: Bus, job_ids: Sequence[UUID]) -> None:
    if job_ids:
        bus.bell.ring(job_ids)


def _bury(bus: Bus, row: AnyRow) -> None:
    """Its last worker died with it: an incident, not a loop."""
    message = "Expected a report within the lease, but the worker fell silent."
    _try(bus, FailJob(row.id, row.attempt, message, retry=False), row.agency_id)


def _try(bus: Bus, command: object, agency_id: UUID) -> None:
    try:
        bus.execute(command, system_actor(agency_id))
    except Rejected as rejected:
        log.info("The sweeper was too late for %s: %s", command, rejected.message)
    except Exception:
        # One bad row must not keep the sweeper from all that comes after it.
        log.exception("Expected %s to be swept, but it broke.", type(command).__name__)
