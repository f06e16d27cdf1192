"""/jobs: machine work at hand, and such as failed for good with what people do about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g
from marshmallow import Schema

from api.rest import answers
from api.rest.fields import Nothing, Paging, Text, variables
from api.rest.frame import Resource, execute, read
from engine.commands.dead_jobs import MAX_REASON, RetryJob, SkipJob
from engine.queries import jobs as queries
from engine.queries.jobs import JobRow

resource = Resource(
    "jobs",
    __name__,
    url_prefix="/api/v1/jobs",
    description="Machine work: how far it has come, and what failed for good.",
)


class Skipping(Schema):
    """Why to go on without the job; `variables` stand for its answer."""

    reason = Text(MAX_REASON, required=True)
    variables = variables()


@resource.get("/dead", query=Paging, gives=answers.JobPage)
def dead(query: dict[str, Any]) -> Any:
    """List jobs that failed for good and are still waited for, last ones first (right: operate or
    audit; else those of the processes that you administer).
    """
    return read(queries.dead, g.actor, **query)


@resource.get("/at-work", query=Paging, gives=answers.JobPage)
def at_work(query: dict[str, Any]) -> Any:
    """List jobs that workers have now, the newest first (right: operate or audit)."""
    return read(queries.at_work, g.actor, **query)


@resource.get("/own", query=Paging, gives=answers.JobPage)
def own(query: dict[str, Any]) -> Any:
    """List jobs that you asked for and follow, the newest first."""
    return read(queries.own, g.actor, **query)


@resource.get("/<uuid:job_id>", gives=JobRow)
def one(job_id: UUID) -> Any:
    """Read one job, in whatever state it is (who asked for it, or administers its process,
    or right: operate or audit).
    """
    return read(queries.one, g.actor, job_id)


@resource.post("/<uuid:job_id>/retry", takes=Nothing, gives=answers.ChangedJob, scope="operate")
def retry(_body: dict[str, Any], job_id: UUID) -> Any:
    """Try a dead job again (right: operate, or a grant to administer its process)."""
    return execute(RetryJob(job_id))


@resource.post("/<uuid:job_id>/skip", takes=Skipping, gives=answers.ChangedJob, scope="operate")
def skip(body: dict[str, Any], job_id: UUID) -> Any:
    """Go on without a dead job, as if it had answered (right: operate, or a grant to administer its
    process).
    """
    return execute(SkipJob(job_id, **body))
