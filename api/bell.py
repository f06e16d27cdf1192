"""The doorbell over rq: job ids go to Redis after the commit. Losing Redis loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError, TimeoutError
from rq import Queue
from rq.serializers import JSONSerializer

from api import fence

log = logging.getLogger(__name__)

QUEUE = "saraban"
#: What a worker calls with a job's id; named by text so that ringing needs no worker code.
TASK = "api.worker.perform"
#: A bell not heard for this long (seconds) is forgotten; the sweeper rings again.
LIFE = 600


#: Seconds that a request waits for Valkey: what it says there is a courtesy, and who asked waits.
COURTESY = 0.5
#: Seconds for which nobody waits for it again after it has said nothing.
HUSH = 10


def connect(url: str, patience: float = 5) -> Redis:
    """`patience`: seconds for an answer, and at most for a line."""
    return Redis.from_url(
        url, socket_connect_timeout=min(2, patience), socket_timeout=patience, socket_keepalive=True
    )


class Hush:
    """One that says nothing keeps one request waiting, not all that come: they would fill every
    seat. One that refuses costs no time, and is asked again at once.
    """

    def __init__(self) -> None:
        self._until = 0.0

    def __bool__(self) -> bool:
        return monotonic() < self._until

    def after(self, lost: RedisError) -> None:
        if isinstance(lost, TimeoutError):
            self._until = monotonic() + HUSH


class RqBell:
    """Rings by queueing the ids. rq's own results, retries and registries are not used."""

    def __init__(self, redis: Redis) -> None:
        self._queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
        self._hush = Hush()

    def ring(self, job_ids: Sequence[UUID]) -> None:
        if self._hush:
            return
        calls = [
            Queue.prepare_data(
                TASK,
                args=[str(job)],
                result_ttl=0,
                failure_ttl=LIFE,
                ttl=LIFE,
                timeout=fence.SECONDS,
            )
            for job in job_ids
        ]
        try:
            self._queue.enqueue_many(calls)
        except RedisError as lost:
            self._hush.after(lost)
            log.warning(
                "Expected Redis to take %d jobs, but %s; the sweeper will ring.", len(calls), lost
            )


class SilentBell:
    """For processes that only prepare (the demo's set-up): the sweeper finds the jobs."""

    def ring(self, job_ids: Sequence[UUID]) -> None:
        """Ring nobody."""
