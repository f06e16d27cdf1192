"""A process whose files may not grow any more, and later may again: as on a disk that is full until
somebody makes room. `python -m support.full_disk DATABASE_URL` prints the ids that were accepted.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from support.builders import ROUTE, make_works

from engine.clock import SteppedClock
from engine.db import make_engine
from engine.errors import Unavailable

ROOM = 400_000
MOST = 400


def main(url: str) -> None:
    file = Path(sa.make_url(url).database or "")
    works = make_works(make_engine(url), SteppedClock(datetime(2026, 11, 23, 2, tzinfo=UTC)))
    works.deploy(ROUTE)
    # without this a write beyond the limit ends the process; with it, the write fails
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + ROOM, most))
    accepted, refused = [], 0
    for _ in range(MOST):
        try:
            accepted.append(str(works.start(text="x" * 20_000).id))
        except Unavailable:
            refused += 1
            if refused == 3:
                break
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    later = works.start()
    later.task("draft").complete()
    sys.stdout.write(json.dumps({"accepted": [*accepted, str(later.id)], "refused": refused}))


if __name__ == "__main__":
    main(*sys.argv[1:])
