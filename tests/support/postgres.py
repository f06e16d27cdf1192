"""A real PostgreSQL for the tests: one throw-away server a test process, one database a test.

Debian's server refuses to run as root; there it runs as its own user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa


def binaries() -> Path:
    """The folder of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise RuntimeError(
            "Expected PostgreSQL under /usr/lib/postgresql, but found none."
            " Install Debian's package postgresql (make test does)."
        )
    return found[-1].parent


def _as_server_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A running server; `url(name)` addresses one of its databases."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    made: int = 0

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """A new database, cloned from `template`; its URL."""
        self.made += 1
        name = f"t{self.made}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{sa.make_url(url).database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.execute(sa.text(statement))
        engine.dispose()


@contextmanager
def server(*settings: str, durable: bool = False) -> Iterator[Server]:
    """A fresh server on loopback. `durable=False` trades fsync for speed."""
    folder = Path(tempfile.mkdtemp(prefix="saraban-pg-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    run_as, where = _as_server_user(), binaries()
    subprocess.run(
        [
            *run_as,
            where / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    port = free_port()
    quick = [] if durable else ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    options = [
        f"port={port}",
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={folder}",
        "max_connections=200",
        "timezone=UTC",
        *quick,
        *settings,
    ]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [*run_as, where / "postgres", "-D", data, *(part for o in options for part in ("-c", o))],
        stdout=subprocess.DEVNULL,
        stderr=log,
        cwd="/",
    )
    started = Server(folder, port, process)
    try:
        _wait(started)
        yield started
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(15)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(started: Server) -> None:
    engine = sa.create_engine(started.url("postgres"), poolclass=sa.NullPool)
    for _ in range(200):
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if started.process.poll() is not None:
                break
            time.sleep(0.05)  # noqa: TID251 - the server tells no other way that it is up
    raise RuntimeError((started.folder / "log").read_text()[-2000:])
