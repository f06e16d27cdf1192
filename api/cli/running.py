"""Commands that run programs: the whole tree, or one part of it for many hosts."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from urllib.error import URLError
from urllib.request import urlopen

import click

from api import migrations, valkey
from api.processes import Part, Tree
from api.settings import Settings
from engine.db import make_engine

#: The console script itself: parts carry their name in their command line.
PROGRAM = [sys.executable, "-P", sys.argv[0]]


@click.command()
def serve() -> None:
    """Start web, worker, clock, an embedded Valkey and (in the demo) a timestamp authority."""
    settings = Settings.from_env()
    settings.home.mkdir(parents=True, exist_ok=True)
    click.echo(f"Saraban, data in {settings.home}")
    _prepare(settings)
    bell = None if settings.redis_url else valkey.prepare(settings.home, _free_port())
    tsa_port = _free_port()
    environ = {**os.environ, **_addresses(settings, bell, tsa_port)}
    tree = Tree(_parts(settings, bell, tsa_port), environ, say=_say)
    sys.exit(tree.run(lambda: _announce(settings)))


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


def _prepare(settings: Settings) -> None:
    """Bring the database to the newest revision and, in demo mode, the demo agency into it."""
    _say("  database: to the newest revision")
    database = make_engine(settings.database_url)
    migrations.upgrade(database)
    database.dispose()
    if settings.demo:
        from api import demo
        from api.bootstrap import opened

        _say("  demo agency: people, posts, keys, processes (the first time takes a minute)")
        with opened(settings, bell=False) as system:
            demo.install(system)


def _addresses(settings: Settings, bell: valkey.Embedded | None, tsa_port: int) -> dict[str, str]:
    """What the parts are told: the embedded services' addresses where the settings name none."""
    told = {"SARABAN_HOME": str(settings.home)}
    if bell is not None:
        told["SARABAN_REDIS_URL_FILE"] = str(bell.url_file)
    if not settings.tsa_url:
        told["SARABAN_TSA_URL"] = f"http://127.0.0.1:{tsa_port}/"
    return told


def _parts(settings: Settings, bell: valkey.Embedded | None, tsa_port: int) -> list[Part]:
    """The parts in their order of starting."""
    parts = []
    if bell is not None:
        parts.append(Part("valkey", bell.command, _listens(bell.port), below=True))
    if not settings.tsa_url:
        command = [*PROGRAM, "timestamp-authority", "--port", str(tsa_port)]
        parts.append(Part("timestamp authority", command, _listens(tsa_port), below=True))
    parts += [
        Part(f"worker {n + 1}" if settings.workers > 1 else "worker", [*PROGRAM, "worker"])
        for n in range(settings.workers)
    ]
    parts.append(Part("clock", [*PROGRAM, "clock"]))
    parts.append(
        Part("web", [*PROGRAM, "web"], _answers(f"http://{settings.bind}:{settings.port}/healthz"))
    )
    return parts


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> Callable[[], bool]:
    def ready() -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", port)) == 0

    return ready


def _answers(url: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            with urlopen(url, timeout=1) as answer:  # noqa: S310 - our own address
                return int(answer.status) == 200
        except (URLError, OSError):
            return False

    return ready


def _announce(settings: Settings) -> None:
    _say(f"\nSaraban serves {settings.public_url}\n")
    if settings.demo:
        from api import demo

        _say(demo.sign_ins())
    _say("Ctrl-C stops all.")


@click.command()
def web() -> None:
    """Serve the pages and the API."""
    from api import server

    server.main(Settings.from_env())


@click.command()
def worker() -> None:
    """Carry out jobs."""
    from api import worker as working

    working.main(Settings.from_env())


@click.command()
def clock() -> None:
    """Fire timers and sweep."""
    from api import clock as ticking

    ticking.main(Settings.from_env())


@click.command("timestamp-authority", hidden=True)
@click.option("--port", type=int, required=True)
def timestamp_authority(port: int) -> None:
    """Serve the demo's own RFC 3161 timestamp authority on loopback."""
    from api import server
    from api.bootstrap import timestamp_app

    settings = Settings.from_env()
    server.serve_wsgi(settings, timestamp_app(settings), port)


COMMANDS = (serve, web, worker, clock, timestamp_authority)
