"""Starts what is measured: the product's own process tree and the baseline, on fresh databases."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench import baseline

HERE = Path(__file__).parent
#: of `bench`, the administrator
PASSWORD = "a long bench password"
SARABAN = str(Path(sys.executable).parent / "saraban")


@dataclass(frozen=True)
class Product:
    port: int
    token: str
    home: Path
    #: of the process that started all others
    pid: int


@dataclass(frozen=True)
class Base:
    port: int
    #: of its rows
    ids: list[str]
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


#: Seconds for a server to come up, on a machine that others keep busy.
PATIENCE = 180


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with code {process.returncode}.")
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)  # noqa: TID251 - waits for another process
    raise RuntimeError(f"The server did not come up within {PATIENCE} s.")


@contextmanager
def running(
    command: list[str], port: int, environ: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, from its first answer until the end."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **environ}, stdout=out, stderr=out)
        try:
            _await(port, process)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


@contextmanager
def product(database_url: str, **more: str) -> Iterator[Product]:
    """The whole tree with one agency, its admin and the benchmark process deployed.

    `more`: further variables of its environment.
    """
    with tempfile.TemporaryDirectory(prefix="saraban-bench-") as folder:
        port, home = free_port(), Path(folder)
        url = database_url or f"sqlite:///{home / 'saraban.db'}"
        environ = {"SARABAN_HOME": folder, "SARABAN_PORT": str(port), "SARABAN_DATABASE_URL": url}
        environ |= more

        def saraban(*words: str) -> str:
            run = subprocess.run(
                [SARABAN, *words],
                env={**os.environ, **environ},
                capture_output=True,
                text=True,
                check=False,
            )
            if run.returncode:
                raise RuntimeError(f"saraban {' '.join(words)}: {run.stderr}")
            return run.stdout.strip().splitlines()[-1] if run.stdout.strip() else ""

        saraban("migrate")
        saraban(
            "init",
            "--agency",
            "bench",
            "--name",
            "Bench",
            "--admin",
            "bench",
            "--password",
            PASSWORD,
        )
        saraban("deploy", "--agency", "bench", str(HERE / "route.bpmn"))
        token = saraban("token", "bench")
        with running([SARABAN, "serve"], port, environ, home / "log") as process:
            yield Product(port, token, home, process.pid)


@contextmanager
def base(database_url: str) -> Iterator[Base]:
    """The baseline server."""
    with tempfile.TemporaryDirectory(prefix="saraban-base-") as folder:
        port, url = free_port(), database_url or f"sqlite:///{folder}/base.db"
        ids = baseline.create(url)
        command = [sys.executable, "-m", "bench.baseline", str(port), url]
        with running(command, port, {}, Path(folder) / "log") as process:
            yield Base(port, ids, process.pid)
