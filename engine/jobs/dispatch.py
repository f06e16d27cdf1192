"""One job from lease to report: its handler runs with no transaction open."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine import faults
from engine.actor import Actor, system_actor
from engine.bus import Bus, Context
from engine.commands.conditions import ASK_CONDITION, AskCondition
from engine.commands.jobs import LEASE, FailJob, LeaseJob, ReportJob
from engine.commands.messages import SendMessage, SendSignal
from engine.commands.starts import StartByCondition, StartBySignal
from engine.commands.turn.routing import (
    SEND_MESSAGE,
    SEND_SIGNAL,
    START_BY_CONDITION,
    START_BY_SIGNAL,
)
from engine.db import reading
from engine.errors import Rejected, Unavailable
from engine.jobs.progress import Telling
from engine.models.columns import AnyRow
from engine.models.job import job
from engine.ports import Action, ActionHandler, JobFailed, JobInput, JobOutput, Progress

log = logging.getLogger(__name__)

_FIND = sa.select(job).where(job.c.id == sa.bindparam("this"))


def run_job(bus: Bus, job_id: UUID, ttl: timedelta = LEASE) -> bool:
    """Whether there was work to do: a job that another has, or that has ended, is passed over."""
    row = _find(bus, job_id)
    if row is None:
        return False
    actor = system_actor(row.agency_id)
    lease = bus.execute(LeaseJob(job_id, ttl), actor)
    if not lease["leased"]:
        return False
    attempt = lease["attempt"]
    faults.point("before_work")
    try:
        output = _perform(bus, row, attempt, Telling(bus, actor, job_id, attempt, ttl))
        faults.point("after_work")
        bus.execute(ReportJob(job_id, attempt, output.variables, output.effect), actor)
    except JobFailed as failed:
        said = (str(failed), failed.retry, failed.error_code, failed.code, failed.effect)
        _fail(bus, actor, FailJob(job_id, attempt, *said))
    except Rejected as rejected:
        _refused(bus, actor, job_id, attempt, rejected)
    except Exception as bug:
        # What it held may be all the memory there is, and telling of it needs some.
        traceback.clear_frames(bug.__traceback__)
        log.exception("Expected the action %s to succeed or to say why, but it broke.", row.action)
        _fail(bus, actor, FailJob(job_id, attempt, f"{type(bug).__name__}: {bug}"))
    return True


def _find(bus: Bus, job_id: UUID) -> AnyRow | None:
    with reading(bus.engine) as db:
        return db.execute(_FIND, {"this": job_id}).first()


def _perform(bus: Bus, row: AnyRow, attempt: int, progress: Progress) -> JobOutput:
    action = bus.services.actions.get(row.action)
    if action is None:
        raise JobFailed(
            f"Expected the action {row.action!r}, but this version does not have it.", retry=False
        )
    if row.token is not None and not action.drawn:
        # whatever deployed it: an older version had no such rule
        raise JobFailed(
            f"Expected an action for diagrams, but {row.action!r} is a job of the house's own.",
            retry=False,
            code="action_of_house",
        )
    given = JobInput(
        job_id=row.id,
        agency_id=row.agency_id,
        instance_id=row.instance_id,
        business_key=row.business_key,
        action=row.action,
        payload=row.payload,
        attempt=attempt,
        progress=progress,
        root_id=row.root_id,
    )
    if action.bound is not None:
        with reading(bus.engine, row.agency_id) as db:
            action.bound(db, given)
    return action.handler(given)


def _refused(bus: Bus, actor: Actor, job_id: UUID, attempt: int, why: Rejected) -> None:
    """A lost lease is another worker's job by now; what is unavailable may be back later."""
    if why.code == "lease_lost":
        log.warning("%s", why.message)
        return
    retry = isinstance(why, Unavailable)
    _fail(bus, actor, FailJob(job_id, attempt, why.message, retry))


def _fail(bus: Bus, actor: Actor, failed: FailJob) -> None:
    try:
        bus.execute(failed, actor)
    except Rejected as rejected:
        # The lease ran out, or the database is away: the sweeper will come by.
        log.warning("Expected to note a failed job, but: %s", rejected.message)


def actions() -> list[Action]:
    """The engine's own: carrying thrown messages and signals to other instances."""
    of_condition = ("definition_key", "element_id", "facts")
    return [
        _own(SEND_MESSAGE, _send_message, "name", "key", "variables", "ttl"),
        _own(SEND_SIGNAL, _send_signal, "name", "root_id", "variables"),
        _own(START_BY_SIGNAL, _start, "definition_key", "name", "variables"),
        _own(START_BY_CONDITION, _start_by_condition, *of_condition),
        _own(ASK_CONDITION, _ask_condition, *of_condition),
    ]


def _own(name: str, handler: ActionHandler, *inputs: str) -> Action:
    return Action(name, handler, frozenset(inputs), drawn=False)


def _send_message(job_input: JobInput) -> JobOutput:
    """In the transaction of the report: the message arrives exactly when the job is done."""
    given = job_input.payload
    command = SendMessage(given["name"], given["key"], given["variables"], given["ttl"])
    return JobOutput(effect=lambda ctx: _nothing(ctx, command))


def _send_signal(job_input: JobInput) -> JobOutput:
    given = job_input.payload
    command = SendSignal(UUID(given["root_id"]), given["name"], given["variables"])
    return JobOutput(effect=lambda ctx: _nothing(ctx, command))


def _start(job_input: JobInput) -> JobOutput:
    given = job_input.payload
    command = StartBySignal(given["definition_key"], given["name"], given["variables"])
    return JobOutput(effect=lambda ctx: _nothing(ctx, command))


def _start_by_condition(job_input: JobInput) -> JobOutput:
    command = StartByCondition(**job_input.payload)
    return JobOutput(effect=lambda ctx: _nothing(ctx, command))


def _ask_condition(job_input: JobInput) -> JobOutput:
    """An operator has a condition asked again that was wrong."""
    command = AskCondition(**job_input.payload)
    return JobOutput(effect=lambda ctx: _nothing(ctx, command))


def _nothing(ctx: Context, command: Any) -> Mapping[str, Any]:
    ctx.run(command)
    return {}
