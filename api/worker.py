"""The worker: hears the bell, leases the job in the database, runs its action, reports back."""

from __future__ import annotations

import logging
from functools import cache
from uuid import UUID

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from api.bell import QUEUE, connect
from api.bootstrap import System, build
from api.settings import Settings
from engine.jobs import run_job

log = logging.getLogger(__name__)


@cache
def _system() -> System:
    return build(Settings.from_env())


def perform(job_id: str) -> None:
    """Run one job to its report. All that matters is in the database: nothing is returned."""
    system = _system()
    run_job(system.bus, UUID(job_id))


class BellWorker(SimpleWorker):
    """rq as a doorbell: no scheduler, no forking (jobs that need a fence start a child)."""

    def handle_job_failure(self, job, queue, started_at=None, ended_at=None, exc_string=""):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - rq's untyped hook
        """Log and forget: the lease runs out and the sweeper rings again."""
        log.error("A job's run ended with an unexpected error: %s", exc_string)
        super().handle_job_failure(job, queue, started_at, ended_at, exc_string)


def main(settings: Settings) -> None:
    """Work until told to stop; the job at hand is finished first."""
    _system()
    worker = BellWorker([QUEUE], connection=connect(settings.redis_url), serializer=JSONSerializer)
    worker.work(with_scheduler=False, logging_level="WARNING")
