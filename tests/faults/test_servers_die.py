"""PostgreSQL and Valkey die and come back: nothing that was accepted is lost or done twice."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from redis import Redis
from sqlalchemy import Engine
from support import database, postgres
from support.builders import Works, bpmn, make_works, service, user
from support.valkey import Valkey

from api.bell import COURTESY, RqBell, connect
from engine import jobs
from engine.clock import SteppedClock
from engine.commands.instances import StartInstance
from engine.commands.tasks import CompleteTask
from engine.db import make_engine
from engine.errors import Unavailable
from engine.models.instance import process_instance

pytestmark = pytest.mark.faults

ROUTE = bpmn("route", user("draft"), service("note", "test.echo", text='="x"'), user("after"),
             flows="start>draft draft>note note>after after>end")  # fmt: skip


# -- PostgreSQL -----------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    with postgres.server("recovery_init_sync_method=syncfs", durable=True) as running:
        yield running


@dataclass
class Client:
    """Starts cases and completes their first task, and asks again until it is told."""

    works: Works
    stop: threading.Event
    told: list[str] = field(default_factory=list)
    unavailable: int = 0

    def live(self) -> None:
        while not self.stop.is_set():
            started = self._insist(StartInstance("route", None, None, {}))
            self._insist(CompleteTask(started["next"][0]["id"]))
            self.told.append(started["id"])

    def _insist(self, command: Any) -> Any:
        command_id = uuid4()
        while True:
            try:
                return self.works.run(command, "somchai", command_id)
            except Unavailable:
                self.unavailable += 1
                time.sleep(0.05)  # noqa: TID251 - the server is away


def _deaths(server: postgres.Server) -> Iterator[Any]:
    """Ways to die: the first process at once, all at once, each connection's own process."""
    yield lambda: server.die(signal.SIGKILL)
    yield lambda: server.die(signal.SIGQUIT)
    yield lambda: _terminate(server)
    yield lambda: server.die(signal.SIGKILL)


def _terminate(server: postgres.Server) -> None:
    engine = sa.create_engine(
        server.url("postgres", postgres.SUPERUSER), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as db:
        db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    engine.dispose()


def test_clients_of_a_server_that_dies_again_and_again(
    server: postgres.Server, clock: SteppedClock
) -> None:
    engine = make_engine(server.create())
    database.build(engine)
    works = make_works(engine, clock).deploy(ROUTE)
    stop = threading.Event()
    clients = [Client(works, stop) for _ in range(3)]
    threads = [threading.Thread(target=client.live) for client in clients]
    for thread in threads:
        thread.start()
    try:
        for die in _deaths(server):
            stop.wait(0.3)
            die()
            if server.process.poll() is not None:
                server.run()
        stop.wait(0.3)
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)
    told = [id_ for client in clients for id_ in client.told]
    assert len(told) > 10
    assert sum(client.unavailable for client in clients) > 0
    assert sorted(told) == sorted(str(row.id) for row in works.rows(process_instance))
    jobs.sweep(works.bus)
    works.work_off()
    assert works.findings() == []
    engine.dispose()


# -- Valkey ---------------------------------------------------------------------------------------


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    running = Valkey(tmp_path)
    yield running
    running.die()


@pytest.fixture
def doorbell(valkey: Valkey) -> Iterator[Redis]:
    with connect(valkey.url) as redis:
        yield redis


@pytest.fixture
def works(sqlite_engine: Engine, clock: SteppedClock, doorbell: Redis) -> Iterator[Works]:
    works = make_works(sqlite_engine, clock).deploy(ROUTE)
    works.bus.bell = RqBell(doorbell)
    yield works
    assert works.findings() == []


def _wants_a_job(works: Works) -> None:
    works.start().task("draft").complete()


def test_a_dead_doorbell_hinders_no_command_and_the_sweeper_rings_later(
    works: Works, valkey: Valkey
) -> None:
    _wants_a_job(works)
    assert valkey.rung() == 1
    valkey.die()
    _wants_a_job(works)
    jobs.sweep(works.bus)
    valkey.run()
    assert valkey.rung() == 0  # it kept nothing, and lost nothing
    assert jobs.sweep(works.bus) == valkey.rung() == 2


def test_a_mute_doorbell_keeps_one_waiting_and_not_all(works: Works, valkey: Valkey) -> None:
    """It takes the line and never answers: each who comes would lose a seat for as long."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        works.bus.bell = RqBell(connect(f"redis://127.0.0.1:{mute.getsockname()[1]}/0", COURTESY))
        began = time.monotonic()
        for _ in range(12):
            _wants_a_job(works)
        took = time.monotonic() - began
    works.bus.bell = RqBell(connect(valkey.url, COURTESY))
    assert COURTESY <= took < 6 * COURTESY
    assert jobs.sweep(works.bus) == valkey.rung() == 12


@pytest.mark.parametrize(
    ("harm", "mend"),
    [
        (("FLUSHALL",), ("PING",)),
        (("REPLICAOF", "127.0.0.1", "1"), ("REPLICAOF", "NO", "ONE")),
        (("CONFIG", "SET", "maxmemory", "1"), ("CONFIG", "SET", "maxmemory", "0")),
    ],
    ids=["flushed", "read-only", "out of memory"],
)
def test_a_doorbell_that_forgets_or_refuses(
    works: Works, valkey: Valkey, harm: tuple[str, ...], mend: tuple[str, ...]
) -> None:
    _wants_a_job(works)
    valkey.told(*harm)
    _wants_a_job(works)
    valkey.told(*mend)
    valkey.told("FLUSHALL")
    assert jobs.sweep(works.bus) == valkey.rung() == 2
