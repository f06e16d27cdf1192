"""How late timers fire in an idle house, with the product's own clock on PostgreSQL.

`python -m bench timers` prints the latest of all and the middle one. Wall-clock time: lateness is
nothing else.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from support.builders import Works, bpmn, make_works, user
from support.database import build as build_tables

from api.bootstrap import build
from api.clock import Clockwork
from api.settings import Settings
from bench import figures
from bench.figures import Figure
from engine.clock import SystemClock
from engine.db import make_engine, reading
from engine.models.history import history_event

TIMERS, APART, WAIT = 60, 0.17, timedelta(seconds=2)
_PAUSE = (
    '<bpmn:intermediateCatchEvent id="pause"><bpmn:timerEventDefinition>'
    f"<bpmn:timeDuration>PT{WAIT.seconds}S</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
ROUTE = bpmn("route", _PAUSE, user("after"), flows="start>pause pause>after after>end")


def run(make_url: Callable[[], str]) -> str:
    """The figures, as a Markdown table."""
    late = sorted(lateness(make_url()))
    latest = Figure(
        f"the latest of {TIMERS} timers, after it was due", late[-1], "s", 1,
        f"half of them within {statistics.median(late):.2f} s",
    )  # fmt: skip
    return figures.table("Timers of an idle house", [latest])


def lateness(url: str) -> list[float]:
    """Seconds from due to fired, of timers whose moments lie anywhere between two looks."""
    database = make_engine(url)
    build_tables(database)
    works = make_works(database, SystemClock())  # type: ignore[arg-type] # nothing steps it here
    works.deploy(ROUTE)
    with tempfile.TemporaryDirectory() as home:
        address = database.url.render_as_string(hide_password=False)
        settings = Settings(home=Path(home), database_url=address).resolved()
        clockwork = Clockwork(build(settings, bell=False))
        looking = threading.Thread(target=clockwork.run)
        looking.start()
        for _ in range(TIMERS):
            works.start()
            time.sleep(APART)  # noqa: TID251 - timers are measured against the real time
        time.sleep(WAIT.seconds + 2)  # noqa: TID251 - the same
        clockwork.stop()
        looking.join()
    found = _fired(works)
    assert len(found) == TIMERS
    assert works.findings() == []
    database.dispose()
    return found


def _fired(works: Works) -> list[float]:
    of = history_event.c
    moments = {
        kind: sa.select(of.root_id, of.at).where(of.type == kind).subquery()
        for kind in ("instance.started", "timer.fired")
    }
    begun, fired = moments.values()
    pairs = sa.select(begun.c.at, fired.c.at).join(fired, fired.c.root_id == begun.c.root_id)
    with reading(works.engine) as db:
        return [(at - start - WAIT).total_seconds() for start, at in db.execute(pairs)]
