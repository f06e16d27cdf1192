"""F23: the web parts are restarted one after the other while people work, and no request fails."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from support import nginx, postgres
from support.valkey import Valkey

from bench import servers
from engine.db import make_engine

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(900)]

ROLL = nginx.ROOT / "examples" / "production" / "roll"
CLIENTS = 4
#: requests under way end well within these seconds here
LONGEST = "3"


@dataclass
class Part:
    """A web part that systemd would keep: restarted by SIGTERM and a new start."""

    port: int
    environ: dict[str, str]
    log: Path
    starts: int = 0
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        command = [servers.SARABAN, "web"]
        environ = {**self.environ, "SARABAN_PORT": str(self.port)}
        self._running.enter_context(servers.running(command, self.port, environ, self.log))
        self.starts += 1

    def stop(self) -> None:
        self._running.close()

    def restart(self) -> None:
        self.stop()
        self.start()


@dataclass
class Visitor:
    """Starts cases and reads the inbox over TLS, a connection kept for many requests."""

    front: Path
    tls: int
    token: str
    ends: Event
    answers: list[tuple[int, str]] = field(default_factory=list)
    started: set[str] = field(default_factory=set)
    anew: int = 0

    def visit(self) -> None:
        line = self._line()
        while not self.ends.is_set():
            line = self._ask(line)
        line.close()

    def _line(self) -> http.client.HTTPConnection:
        context = ssl.create_default_context(cafile=self.front / "fullchain.pem")
        plain = socket.create_connection(("127.0.0.1", self.tls), 30)
        over = http.client.HTTPConnection("proxy")
        over.sock = context.wrap_socket(plain, server_hostname=nginx.NAME)
        return over

    def _ask(self, line: http.client.HTTPConnection) -> http.client.HTTPConnection:
        body = json.dumps({"definition_key": "bench_route", "variables": {"amount": 1}})
        line, case = self._answer(line, "POST", "/api/v1/process-instances", body)
        if case:
            self.started.add(case["id"])
        return self._answer(line, "GET", "/api/v1/tasks?view=claimable", None)[0]

    def _answer(
        self, line: http.client.HTTPConnection, method: str, path: str, body: str | None
    ) -> tuple[http.client.HTTPConnection, Any]:
        """A kept connection that was closed meanwhile is opened anew, as browsers do."""
        headers = {"Host": nginx.NAME, "Authorization": f"Bearer {self.token}",
                   "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}  # fmt: skip
        try:
            line.request(method, path, body, headers)
            got = line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError):
            line.close()
            line = self._line()
            self.anew += 1
            line.request(method, path, body, headers)
            got = line.getresponse()
        text, closes = got.read().decode(), got.will_close
        self.answers.append((got.status, "" if got.status < 300 else text[:200]))
        if closes:
            line.close()
            line = self._line()
        return line, json.loads(text) if got.status < 300 else None


@pytest.fixture
def token_and_parts(tmp_path: Path) -> Iterator[tuple[str, str, list[Part]]]:
    bell = Valkey(tmp_path)
    with postgres.server() as server, ExitStack() as stack:
        stack.callback(bell.die)
        url = server.create()
        environ = {
            "SARABAN_HOME": str(tmp_path / "home"), "SARABAN_DATABASE_URL": url,
            "SARABAN_REDIS_URL": bell.url,
            "SARABAN_BEHIND_PROXY": "true", "SARABAN_PUBLIC_URL": f"https://{nginx.NAME}",
        }  # fmt: skip
        for words in (
            ["migrate"],
            ["init", "--agency", "bench", "--name", "Bench", "--admin", "bench",
             "--password", servers.PASSWORD],
            ["deploy", "--agency", "bench", str(servers.HERE / "route.bpmn")],
        ):  # fmt: skip
            _saraban(environ, *words)
        token = _saraban(environ, "token", "bench").strip().splitlines()[-1]
        ports = [servers.free_port() for _ in range(2)]
        parts = [Part(port, environ, tmp_path / f"{port}.log") for port in ports]
        for part in parts:
            part.start()
            stack.callback(part.stop)
        yield url, token, parts


def _saraban(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [servers.SARABAN, *words], env={**os.environ, **environ}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


def _stand_ins(folder: Path) -> Path:
    """`systemctl` that asks this test to restart a part and waits, and nginx of this test."""
    programs = folder / "programs"
    programs.mkdir()
    asked = folder / "asked"
    os.mkfifo(asked)
    os.mkfifo(folder / "done")
    told = " ".join(nginx.command(folder))
    for name, line in (
        ("systemctl", f'echo "$2" > {asked}; read _ < {folder}/done'),
        ("nginx", f'exec {told} "$@"'),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{line}\n")
        (programs / name).chmod(0o755)
    return programs


def _restarts(folder: Path, parts: list[Part], times: int) -> None:
    by_unit = {f"saraban-web@{part.port}": part for part in parts}
    for _ in range(times):
        unit = (folder / "asked").read_text().strip()
        by_unit[unit].restart()
        (folder / "done").write_text("done\n")


def _roll(folder: Path, *ports: str) -> subprocess.CompletedProcess[str]:
    environ = {
        **os.environ, "PATH": f"{folder}/programs:{os.environ['PATH']}",
        "SERVERS_FILE": str(folder / "saraban-servers"), "LONGEST_REQUEST": LONGEST,
    }  # fmt: skip
    command = [str(ROLL), *ports]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def test_nobody_is_cut_off_while_the_web_parts_roll(
    token_and_parts: tuple[str, str, list[Part]], tmp_path: Path
) -> None:
    url, token, parts = token_and_parts
    assert shutil.which("curl"), "the script asks with it whether a part is ready"
    ports, tls = [part.port for part in parts], servers.free_port()
    nginx.write(tmp_path, tls, servers.free_port(), ports)
    _stand_ins(tmp_path)
    ends = Event()
    visitors = [Visitor(tmp_path, tls, token, ends) for _ in range(CLIENTS)]
    threads = [Thread(target=one.visit) for one in visitors]
    keeper = Thread(target=_restarts, args=(tmp_path, parts, 4), daemon=True)
    with nginx.running(tmp_path, tls):
        for thread in (keeper, *threads):
            thread.start()
        try:
            rolled = [_roll(tmp_path, *map(str, ports)) for _ in range(2)]
        finally:
            ends.set()
            for thread in threads:
                thread.join(60)
    assert [(one.returncode, one.stderr.count("Expected")) for one in rolled] == [(0, 0), (0, 0)]
    assert [part.starts for part in parts] == [3, 3]
    answers = [answer for one in visitors for answer in one.answers]
    assert len(answers) > 100
    assert [answer for answer in answers if answer[0] >= 300] == []
    started = set().union(*(one.started for one in visitors))
    assert len(started) == len(answers) / 2
    assert sum(one.anew for one in visitors) < len(answers) / 20  # the proxy says when it closes
    assert _cases(url) == len(started)


def _cases(url: str) -> int:
    engine = make_engine(url)
    with engine.connect() as db:
        found = db.execute(sa.text("SELECT count(*) FROM process_instance")).scalar_one()
    engine.dispose()
    return int(found)


def test_a_lone_part_is_not_rolled(tmp_path: Path) -> None:
    done = _roll(tmp_path, "8000")
    assert done.returncode == 2
    assert "at least two" in done.stderr
