"""Jobs: wanting one, leasing it, and reporting how it went, fenced by the attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from engine.bus import Answer, Context, Handler

#: How long a worker has before another may take the job.
LEASE = timedelta(minutes=2)


def want_job(
    ctx: Context,
    action: str,
    payload: Mapping[str, Any],
    *,
    instance_id: UUID | None = None,
    business_key: str | None = None,
    due_at: datetime | None = None,
    queue: str = "default",
    max_attempts: int | None = None,
    dedupe: str | None = None,
) -> UUID:
    """Ask for machine work after the commit. `dedupe`: a second wish with its key is the first."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LeaseJob:
    """Answer: {leased: false} or {leased: true, job_id, attempt, action, …} (see jobs.dispatch)."""

    job_id: UUID
    ttl: timedelta = LEASE


@dataclass(frozen=True, slots=True)
class ReportJob:
    """The work is done. Refused (lease_lost) unless `attempt` still holds the lease."""

    job_id: UUID
    attempt: int
    variables: Mapping[str, Any] = field(default_factory=dict)
    effect: Callable[[Context], Mapping[str, Any] | None] | None = field(
        default=None, compare=False
    )


@dataclass(frozen=True, slots=True)
class FailJob:
    """The work failed: again later by the retry ladder, else an incident; or a BPMN error."""

    job_id: UUID
    attempt: int
    message: str
    retry: bool = True
    error_code: str | None = None


def lease_job(command: LeaseJob, ctx: Context) -> Answer:
    raise NotImplementedError


def report_job(command: ReportJob, ctx: Context) -> Answer:
    raise NotImplementedError


def fail_job(command: FailJob, ctx: Context) -> Answer:
    raise NotImplementedError


HANDLERS: dict[type, Handler] = {LeaseJob: lease_job, ReportJob: report_job, FailJob: fail_job}
