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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

SUPERUSER = "postgres"
#: Who tests are to PostgreSQL: the owner of their databases, whom the policies bind, and no more.
ROLE = "saraban"


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
    command: list[Any]
    process: subprocess.Popen[bytes] = field(init=False)
    made: int = 0

    def __post_init__(self) -> None:
        self.run()

    def run(self) -> None:
        """Start, or start again after it died; it answers when this returns."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=subprocess.DEVNULL, stderr=log, cwd="/"
            )
        _wait(self)

    def die(self, number: signal.Signals) -> None:
        """Of this signal, sent to the server's first process; its children notice and end."""
        children = _children(self.process.pid)
        self.process.send_signal(number)
        self.process.wait(15)
        while any(Path(f"/proc/{child}").exists() for child in children):
            time.sleep(0.01)  # noqa: TID251 - nobody waits for orphans but init

    def url(self, database: str, role: str = ROLE) -> str:
        return f"postgresql+psycopg://{role}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """A new database, cloned from `template`; its URL."""
        self.made += 1
        name = f"t{self.made}"
        self.run_as_superuser(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {ROLE}')
        return self.url(name)

    def drop(self, url: str) -> None:
        self.run_as_superuser(f'DROP DATABASE IF EXISTS "{sa.make_url(url).database}" WITH (FORCE)')

    def run_as_superuser(self, statement: str) -> None:
        engine = sa.create_engine(self.url("postgres", SUPERUSER), isolation_level="AUTOCOMMIT")
        with engine.connect() as db:
            db.execute(sa.text(statement))
        engine.dispose()


@contextmanager
def replica(primary: Server) -> Iterator[Server]:
    """A standby that has all that the primary has now, and follows it by streaming."""
    folder, port = Path(tempfile.mkdtemp(prefix="saraban-pg-")), free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    run_as, where, data = _as_server_user(), binaries(), folder / "data"
    source = f"host=127.0.0.1 port={primary.port} user={SUPERUSER}"
    subprocess.run(
        [*run_as, where / "pg_basebackup", "-D", data, "-d", source, "-R", "-c", "fast", "-N"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = [
        f"port={port}",
        "listen_addresses=127.0.0.1",
        f"unix_socket_directories={folder}",
        "max_connections=200",
        "timezone=UTC",
        "fsync=off",
    ]
    command = [*run_as, where / "postgres", "-D", data]
    started = Server(folder, port, [*command, *(p for o in options for p in ("-c", o))])
    try:
        yield started
    finally:
        started.process.send_signal(signal.SIGQUIT)
        started.process.wait(15)
        shutil.rmtree(folder, ignore_errors=True)


def lag(behind: Server) -> None:
    """From here on the standby hears nothing of its primary; what it has received, it has."""
    behind.run_as_superuser("ALTER SYSTEM SET primary_conninfo = ''")
    behind.run_as_superuser("SELECT pg_reload_conf()")
    _until(behind, "SELECT count(*) = 0 FROM pg_stat_wal_receiver")


def caught_up(behind: Server, primary: Server) -> None:
    """Wait until the standby has applied what the primary has committed by now: where it does so
    asynchronously, that is in no file yet.
    """
    engine = sa.create_engine(primary.url("postgres", SUPERUSER))
    with engine.connect() as db:
        written = db.execute(sa.text("SELECT pg_current_wal_insert_lsn()")).scalar_one()
    engine.dispose()
    _until(behind, f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn")


def promote(behind: Server) -> None:
    """It takes over, with what it has."""
    behind.run_as_superuser("SELECT pg_promote()")


def _until(server: Server, question: str) -> None:
    engine = sa.create_engine(server.url("postgres", SUPERUSER), poolclass=sa.NullPool)
    for _ in range(400):
        with engine.connect() as db:
            if db.execute(sa.text(question)).scalar_one():
                return
        time.sleep(0.05)  # noqa: TID251 - a server tells nobody that it has caught up
    raise RuntimeError(f"Expected this to come true, but it did not: {question}")


@contextmanager
def server(
    *settings: str, durable: bool = False, data: Path | None = None, log: Path | None = None
) -> Iterator[Server]:
    """A fresh server on loopback. `durable=False` trades fsync for speed. `data` and `log`: disks
    of their own for its tables and for its write-ahead log.
    """
    folder = Path(tempfile.mkdtemp(prefix="saraban-pg-"))
    data = (data or folder) / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    run_as, where = _as_server_user(), binaries()
    apart = ["--waldir", log / "wal"] if log else []
    subprocess.run(
        [
            *run_as,
            where / "initdb",
            "-D",
            data,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            *apart,
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
    command = [*run_as, where / "postgres", "-D", data]
    command += [part for option in options for part in ("-c", option)]
    started = Server(folder, port, command)
    try:
        started.run_as_superuser(f"CREATE ROLE {ROLE} LOGIN")
        # for crowds (`support.crowd`): rows by the ten thousand, settled before they are asked for
        started.run_as_superuser(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")
        started.run_as_superuser(f"GRANT pg_checkpoint TO {ROLE}")
        yield started
    finally:
        started.process.send_signal(signal.SIGQUIT)
        started.process.wait(15)
        _throw_away(folder)


def _throw_away(folder: Path) -> None:
    """Behind our back: the hundred thousand files of a server's databases take half a minute."""
    subprocess.run(["sh", "-c", 'rm -rf -- "$0" &', folder], check=True, start_new_session=True)


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _wait(started: Server) -> None:
    engine = sa.create_engine(started.url("postgres", SUPERUSER), poolclass=sa.NullPool)
    for _ in range(200):
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if started.process.poll() is not None:
                break
            time.sleep(0.05)  # noqa: TID251 - the server tells no other way that it is up
    raise RuntimeError((started.folder / "log").read_text()[-2000:])
