"""The worker: hears the bell, leases a job in the database, runs its action, reports back."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from api import fence
from api.bell import QUEUE, connect
from api.bootstrap import System, build
from api.settings import Settings
from engine.jobs import Turns

#: Seconds within which a worker notices that it hears nothing any more because the line is dead: it
#: ends, and another begins.
_LISTENS = 60


@cache
def _system() -> System:
    return build(Settings.from_env())


@cache
def _turns() -> Turns:
    return Turns()


def perform(job_id: str) -> None:
    """Run the job whose turn it is to its report; the one rung for has its turn too.

    All that matters is in the database: nothing is returned.
    """
    system = _system()
    with fence.last_resort():
        _turns().run_next(system.bus, UUID(job_id))


def main(settings: Settings) -> None:
    """Work until told to stop; the job at hand is finished first.

    rq is a doorbell here: no scheduler and no forking. What the files of strangers need is a child
    of its own (signing.strangers); every job has the fence.
    """
    _system()
    fence.limit_memory()
    worker = SimpleWorker(
        [QUEUE],
        connection=connect(settings.redis_url),
        serializer=JSONSerializer,
        worker_ttl=_LISTENS,
    )
    worker.work(with_scheduler=False, logging_level="WARNING")
