"""The doorbell over rq: job ids go to Redis after the commit. Losing Redis loses nothing."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from api import fence

log = logging.getLogger(__name__)

QUEUE = "saraban"
#: What a worker calls with a job's id; named by text so that ringing needs no worker code.
TASK = "api.worker.perform"
#: A bell not heard for this long (seconds) is forgotten; the sweeper rings again.
LIFE = 600


def connect(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)


class RqBell:
    """Rings by queueing the ids. rq's own results, retries and registries are not used."""

    def __init__(self, redis: Redis) -> None:
        self._queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)

    def ring(self, job_ids: Sequence[UUID]) -> None:
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
            log.warning(
                "Expected Redis to take %d jobs, but %s; the sweeper will ring.", len(calls), lost
            )


class SilentBell:
    """For processes that only prepare (the demo's set-up): the sweeper finds the jobs."""

    def ring(self, job_ids: Sequence[UUID]) -> None:
        """Ring nobody."""
