"""A network of its own in which packets to the database vanish and nobody says so: as when a switch
dies. `unshare --net python -m support.vanishing` prints what became of two completions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from threading import Timer
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from support import database, postgres
from support.builders import ROUTE, Works, make_works

from engine.clock import SteppedClock
from engine.commands.tasks import CompleteTask
from engine.db import make_engine
from engine.errors import Unavailable

#: the server's second address; what is sent to it goes by a route that can be taken away
FAR = "127.0.0.5"
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
        works.deploy(ROUTE)
        far = sa.make_url(url).set(host=FAR)
        works.bus.engine = make_engine(far.render_as_string(hide_password=False))
        told = {"for_a_while": _for_a_while(works), "for_good": _for_good(works)}
        told["findings"] = [str(finding) for finding in works.findings()]
        works.bus.engine.dispose()
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


def _complete(works: Works, task_id: Any, command_id: Any) -> dict[str, Any]:
    began = time.monotonic()
    try:
        state = works.run(CompleteTask(task_id), "somchai", command_id)["task"]["state"]
    except Unavailable:
        state = "unavailable"
    return {"state": state, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main()
