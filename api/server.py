"""The web process: gunicorn with threads, told all it needs here and nothing by files."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import monotonic
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from api import fence, overload
from api.app import create_app
from api.bootstrap import build
from api.settings import Settings

#: Objects made beyond those that went, until the collector looks: more than a request holds.
_YOUNG = 10_000


class _Worker(ThreadWorker):  # type: ignore[misc] # gunicorn ships no types
    """Threads that know how long a request has stood in their queue: the door counts it."""

    def enqueue_req(self, conn: Any) -> None:
        conn.came = monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        overload.stood(monotonic() - conn.came)
        return super().handle(conn)


# gunicorn ships no types, so its class is Any to the type checker.
class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, load: Callable[[], Any], options: dict[str, Any]) -> None:
        self._load, self._options = load, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._load()


def _options(settings: Settings, port: int, processes: int, threads: int) -> dict[str, Any]:
    return {
        "bind": f"{settings.bind}:{port}",
        "workers": processes,
        "worker_class": _Worker,
        "threads": threads,
        "timeout": 60,
        "graceful_timeout": 6,
        "keepalive": 30,
        "backlog": 512,
        "limit_request_line": 8190,
        "loglevel": settings.log_level if settings.log_level != "info" else "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "127.0.0.1",
    }


def main(settings: Settings) -> None:
    """Serve the pages and the API. Each process builds its own system after the fork."""
    threads = overload.threads_for(settings.web_threads)
    options = _options(settings, settings.port, settings.web_processes, threads)
    _Server(lambda: fenced_app(settings), options).run()


def fenced_app(settings: Settings) -> Flask:
    """The application in a process that takes so much memory and no more: the request that asks for
    more is ended with a 500, the others and the process go on.
    """
    app = create_app(build(settings))
    settle()
    fence.limit_memory()
    return app


def settle() -> None:
    """What stands when a process begins to serve stays until its end: the collector walks it no
    more, and comes so seldom that what a request holds is gone before it is taken for old.

    Else each process stops for a quarter of a second ten times a minute, with all its requests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])


def serve_wsgi(settings: Settings, app: Any, port: int) -> None:
    """Serve another WSGI program of ours (the demo's timestamp authority) on loopback."""
    _Server(lambda: app, _options(settings, port, 1, 4)).run()
