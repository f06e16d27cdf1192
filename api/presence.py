"""Who has a page open now, so that two people in one draft see each other.

Kept in Valkey for less than a minute and nowhere else: whoever is shown too long or too late loses
nothing, for what they write is merged anyway. Without Valkey nobody is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError

from api.bell import Hush

log = logging.getLogger(__name__)

#: A page says that it is open every 15 s; two such calls may get lost (seconds).
STAYS = 45
#: So many are named.
MOST = 10


class Presence:
    """`redis` None: nobody is ever shown."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._hush = Hush()

    def enter(self, agency_id: UUID, page: UUID, username: str, now: datetime) -> Sequence[str]:
        """Say that `username` has this page open, and hear who else has, last come first."""
        if self._redis is None or self._hush:
            return ()
        key, moment = f"saraban:here:{agency_id}:{page}", now.timestamp()
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.zremrangebyscore(key, "-inf", moment - STAYS)
                pipe.zrange(key, 0, MOST, desc=True)
                pipe.zadd(key, {username: moment})
                pipe.expire(key, STAYS)
                found: list[bytes] = pipe.execute()[1]
        except RedisError as lost:
            self._hush.after(lost)
            log.info("Expected Valkey to tell who has the page open, but %s.", lost)
            return ()
        return [name for name in (one.decode() for one in found) if name != username][:MOST]
