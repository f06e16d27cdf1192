"""Who cannot be served is told so soon, on a page or as a problem; who is served is served."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import urlopen

from support.postgres import free_port
from support.world import World

from api.overload import BENCHES, Door, threads_for
from api.server import _options
from api.settings import Settings

#: as the world was given it
PATIENCE = 1


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    began = monotonic()
    answer = ask()
    return answer, monotonic() - began


def test_no_connection_left_is_told_within_the_patience(crowded: World) -> None:
    crowded.get("/tasks")  # the token is made by then
    with ExitStack() as held:
        for _ in range(16):
            held.enter_context(crowded.system.engine.connect())
        answer, took = _timed(lambda: crowded.get("/tasks"))
        assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
        assert answer.headers["Retry-After"] == "5"
        assert PATIENCE <= took < PATIENCE + 1
        assert crowded.client.get("/healthz").status_code == 200
    assert crowded.get("/tasks").status_code == 200


@contextmanager
def _locked(world: World) -> Iterator[None]:
    """Whoever reads tasks waits."""
    with world.system.engine.connect() as db, db.begin():
        db.exec_driver_sql("LOCK TABLE task IN ACCESS EXCLUSIVE MODE")
        yield


def test_no_seat_left_is_told_soon_and_no_bench_left_at_once(crowded: World) -> None:
    crowded.get("/tasks")  # what is compiled once is no part of the measure
    client = crowded.client.application.test_client
    headers = {"Authorization": f"Bearer {crowded.token('clerk')}"}

    def ask() -> tuple[Any, float]:
        return _timed(lambda: client().get("/api/v1/tasks", headers=headers))

    benches = 2 * BENCHES
    with ThreadPoolExecutor(2 + benches) as people, _locked(crowded):
        seated = [people.submit(ask) for _ in range(2)]
        _wait(0.3)
        benched = [people.submit(ask) for _ in range(benches)]
        _wait(0.3)
        turned_away, at_once = ask()
        page, page_at_once = _timed(lambda: client().get("/sign-in"))
        soon = [one.result() for one in benched]
        assert client().get("/healthz").status_code == 200
    assert (turned_away.status_code, turned_away.json["code"]) == (503, "overloaded")
    assert max(at_once, page_at_once) < 0.5
    assert "มีผู้ใช้พร้อมกันมากเกินไป" in page.text
    assert page.headers["Retry-After"] == "5"
    assert [answer.status_code for answer, _ in soon] == [503] * benches
    assert all(PATIENCE <= took < PATIENCE + 1 for _, took in soon)
    # who sat kept the seat, and left it
    assert [one.result()[0].status_code for one in seated] == [200, 200]
    assert [crowded.get("/tasks").status_code for _ in range(5)] == [200] * 5


def _wait(seconds: float) -> None:
    threading.Event().wait(seconds)


def test_a_seat_is_left_whatever_becomes_of_the_request(crowded: World) -> None:
    for _ in range(5):
        assert crowded.get("/tasks", as_=None).status_code == 401
        assert crowded.client.get("/no-such-page").status_code in {302, 303, 404}
    assert crowded.get("/tasks").status_code == 200


def test_the_server_has_threads_to_turn_others_away(tmp_path: Path) -> None:
    options = _options(Settings(home=tmp_path), 8000, 1, threads_for(8))
    assert options["threads"] == 42
    door = Door(1, 0.05)
    assert [door.enter(), door.enter()] == [True, False]
    door.leave()
    assert door.enter()


def test_who_has_stood_before_the_door_too_long_takes_no_seat_from_others() -> None:
    door = Door(1, 2)
    assert door.enter(waited=9)  # nobody else wants it
    with ThreadPoolExecutor(2) as people:
        benched = people.submit(door.enter)
        _wait(0.05)
        late, at_once = _timed(lambda: door.enter(waited=2))
        assert (late, at_once < 1) == (False, True)
        assert benched.result() is False
        benched = people.submit(door.enter)
        _wait(0.05)
        door.leave()
        assert benched.result()
    # of the patience, what is left is waited
    waited, took = _timed(lambda: door.enter(waited=1.9))
    assert (waited, took < 1) == (False, True)


SLOW_SERVER = """
import sys, time
from pathlib import Path
from api import overload
from api.server import _Server, _options
from api.settings import Settings

def app(environ, start):
    waited = getattr(overload._came, "waited", -1)
    time.sleep(1.5)
    start("200 OK", [("Content-Type", "text/plain")])
    return [str(waited).encode()]

port = int(sys.argv[1])
_Server(lambda: app, _options(Settings(home=Path(sys.argv[2])), port, 1, 1)).run()
"""


def test_the_wait_for_a_thread_is_counted(tmp_path: Path) -> None:
    """A server of one thread: the second request stands in its queue while the first is served."""
    port = free_port()

    def ask() -> float:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return float(answer.read())

    command = [sys.executable, "-P", "-c", SLOW_SERVER, str(port), str(tmp_path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as server:
        try:
            _until_it_answers(ask)
            with ThreadPoolExecutor(2) as people:
                waits = sorted(people.map(lambda _: ask(), range(2)))
        finally:
            server.terminate()
    assert waits[0] + 0.5 < waits[1] < 5


def _until_it_answers(ask: Callable[[], Any]) -> None:
    for _ in range(600):
        with suppress(OSError):
            ask()
            return
        _wait(0.1)
    raise AssertionError("Expected a server, but none has answered within a minute.")
