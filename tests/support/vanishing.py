"""A network of its own in which packets to the database or to Valkey vanish and nobody says so: as
when a switch dies. `unshare --net python -m support.vanishing` prints what became of completions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from support import database, postgres
from support.builders import ROUTE, Works, bpmn, make_works, service, user
from support.valkey import Valkey

from api import bell
from engine import jobs
from engine.clock import SteppedClock
from engine.commands.tasks import CompleteTask
from engine.db import make_engine
from engine.errors import Unavailable

#: the server's second address; what is sent to it goes by a route that can be taken away
FAR = "127.0.0.5"
#: its first task ends in a job
_RINGS = bpmn("rings", user("draft"), service("note", "test.echo", text='="x"'),
              flows="start>draft draft>note note>end")  # fmt: skip
_HOLE = ["blackhole", f"{FAR}/32", "table", "local"]


def _route(verb: str) -> None:
    subprocess.run(["ip", "route", verb, *_HOLE], check=True)


def vanish() -> None:
    _route("add")


def arrive() -> None:
    _route("del")


def main() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with postgres.server(f"listen_addresses=127.0.0.1,{FAR}") as server:
        url = server.create()
        near = make_engine(url)
        database.build(near)
        works = make_works(near, SteppedClock(datetime(2026, 11, 23, 2, tzinfo=UTC)))
        works.deploy(ROUTE, _RINGS)
        far = sa.make_url(url).set(host=FAR)
        works.bus.engine = make_engine(far.render_as_string(hide_password=False))
        told = {"for_a_while": _for_a_while(works), "for_good": _for_good(works)}
        works.bus.engine.dispose()
        works.bus.engine = near
        told["doorbell"] = _unheard(works)
        told["findings"] = [str(finding) for finding in works.findings()]
        near.dispose()
    sys.stdout.write(json.dumps(told))


def _for_a_while(works: Works) -> dict[str, Any]:
    """Gone for two seconds with a connection open: TCP sends again."""
    case = works.start()
    task = case.task("draft")
    vanish()
    Timer(2, arrive).start()
    return {**_complete(works, task.id, uuid4()), "completed": case.history.count("task.completed")}


def _for_good(works: Works) -> dict[str, Any]:
    """Until somebody mends the network; then the same is asked again."""
    case, command_id = works.start(), uuid4()
    task = case.task("draft")
    vanish()
    told = _complete(works, task.id, command_id)
    arrive()
    again = _complete(works, task.id, command_id)
    return {**told, "again": again, "completed": case.history.count("task.completed")}


def _unheard(works: Works) -> dict[str, Any]:
    """The network to Valkey is gone, with a line open: two completions; then it is mended."""
    bell.HUSH = 2
    with tempfile.TemporaryDirectory() as folder:
        valkey = Valkey(Path(folder), FAR)
        try:
            works.bus.bell = bell.RqBell(bell.connect(valkey.url, bell.COURTESY))
            first, *others = [works.start("rings").task("draft") for _ in range(3)]
            first.complete()
            heard = valkey.rung()
            vanish()
            told = [_complete(works, task.id, uuid4()) for task in others]
            arrive()
            time.sleep(bell.HUSH)  # noqa: TID251 - until somebody waits for it again
            return {"heard": heard, "unheard": told, "rung": jobs.sweep(works.bus)}
        finally:
            valkey.die()


def _complete(works: Works, task_id: Any, command_id: Any) -> dict[str, Any]:
    began = time.monotonic()
    try:
        state = works.run(CompleteTask(task_id), "somchai", command_id)["task"]["state"]
    except Unavailable:
        state = "unavailable"
    return {"state": state, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main()
