"""Processes that never rest, each run in this process of its own with little memory:
`python -m support.runaway DATABASE_URL` prints what became of each, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support import dmn
from support.builders import ROUTE, Case, Works, assigned, extension, make_works
from support.diagrams import (
    both,
    bpmn,
    call,
    catch,
    decide,
    each,
    end,
    flow,
    path,
    process,
    script,
    start,
    subprocess,
    throw,
    timer,
    user,
    xor,
)
from support.work import work

from engine.clock import SteppedClock
from engine.db import make_engine
from engine.errors import DeploymentRefused
from engine.models.incident import incident
from engine.runtime import limits

#: bytes that a process may take beyond what it has when all is loaded
MEMORY = 512 * 2**20


@dataclass(frozen=True)
class Fate:
    seconds: float
    status: str
    codes: list[str]
    #: of an innocent case that was started next
    innocent: str


def _p(*parts: str) -> bytes:
    return bpmn(process("p", start("s"), end("e"), *parts))


def _circle(feel: str) -> bytes:
    return _p(script("c", feel), xor("g", "g-c"), path("s", "c", "g", "c"),
              flow("g", "e", when="n < 0"))  # fmt: skip


def _table(rules: int) -> bytes:
    """Each rule asks for much, and the last one alone holds."""
    dear = "count(for i in 1..900 return i) > 900"
    lines = [["-" if n == rules else dear, str(n)] for n in range(1, rules + 1)]
    logic = dmn.table(["n"], ["much"], lines, "FIRST")
    return dmn.definitions(dmn.given("n"), dmn.decision("much", logic, needs=["input n"]))


_SAME = assigned("person", "somchai")
_INNER = (start("is"), user("i", each("=l", "one")), end("ie"), path("is", "i", "ie"))
FILES: Mapping[str, Mapping[str, bytes]] = {
    "a circle": {"p.bpmn": _circle("{n: n + 1}")},
    "a circle of gateways": {
        "p.bpmn": _p(xor("g", "g-t"), throw("t"), path("s", "g", "t", "g"),
                     flow("g", "e", when="n < 0"))
    },
    "growing text": {"p.bpmn": _circle("{n: n + 1, t: t + t}")},
    "growing lists": {"p.bpmn": _circle("{n: n + 1, l: concatenate(l, l)}")},
    "lists in lists": {"p.bpmn": _circle("{n: n + 1, d: [d, d, d, d, d, d, d, d]}")},
    "much to reckon": {
        "p.bpmn": _circle("{n: n + count(for i in 1..140, j in 1..140 return i * j)}")
    },
    "a call of itself": {"p.bpmn": _p(call("c", "p"), path("s", "c", "e"))},
    "tokens that double": {"p.bpmn": _p(both("f"), throw("t"), throw("u"), xor("x"),
                                        path("s", "x", "f", "t", "x"), path("f", "u", "x"),
                                        both("j"), path("f", "j", "e"))},
    "loops in loops": {"p.bpmn": _p(subprocess("sub", each("=l", "two"), *_INNER),
                                    path("s", "sub", "e"))},
    "tasks that pass by": {
        "p.bpmn": _p(user("a", extensions=_SAME),
                     user("b", extensions=_SAME + extension("skip", samePerson="true")),
                     xor("x", "x-b"), path("s", "a", "x", "b", "x"), flow("x", "e", when="n < 0"))
    },
    "timers of no time": {
        "p.bpmn": _p(catch("t", timer(duration="PT0S")), xor("x", "x-t"),
                     path("s", "x", "t", "x"), flow("x", "e", when="n < 0"))
    },
    "a huge table": {
        "p.bpmn": _p(decide("d", "much", into="m"), xor("g", "g-d"), path("s", "d", "g", "d"),
                     flow("g", "e", when="n < 0")),
        "much.dmn": _table(1_500),
    },
}  # fmt: skip
GIVEN = {"n": 1, "t": "x" * 1000, "l": list(range(400)), "d": [1]}


def main(url: str) -> None:
    works = make_works(make_engine(url), SteppedClock(datetime(2026, 11, 23, 2, tzinfo=UTC)))
    works.deploy(ROUTE).start()
    limits.HASTY_TIMERS = 30
    held = _held()
    resource.setrlimit(resource.RLIMIT_DATA, (held + MEMORY, held + MEMORY))
    told = {name: asdict(_run(works, files)) for name, files in FILES.items()}
    sys.stdout.write(json.dumps(told))


def _held() -> int:
    (line,) = [s for s in Path("/proc/self/status").read_text().split("\n") if "VmData" in s]
    return int(line.split()[1]) * 1024


def _run(works: Works, files: Mapping[str, bytes]) -> Fate:
    try:
        works.deploy(**{name.replace(".", "__"): content for name, content in files.items()})
    except DeploymentRefused as refused:
        return Fate(0.0, "refused", sorted({one.code for one in refused.problems}), "completed")
    longest = 0.0

    def timed(act: Callable[[], Any]) -> Any:
        nonlocal longest
        with work() as done:
            found = act()
        longest = max(longest, done.seconds)
        return found

    case: Case = timed(lambda: works.start("p", **GIVEN))
    if "a" in case.open():
        timed(case.task("a").complete)
    for _ in range(50):
        timed(lambda: works.tick(seconds=1))
    rows = works.rows(incident, incident.c.root_id == case.id)
    innocent = works.start()
    innocent.task("draft").complete()
    innocent.task("review").complete()
    return Fate(longest, case.status, sorted({row.code for row in rows}), innocent.status)


if __name__ == "__main__":
    main(*sys.argv[1:])
