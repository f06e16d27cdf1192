"""A process that migrates a database and is killed at its n-th statement:
`python -m support.migrating DATABASE_URL N`.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from api import migrations
from engine.db import make_engine


def main(url: str, last: str) -> None:
    engine, left = make_engine(url), [int(last)]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    migrations.upgrade(engine)


if __name__ == "__main__":
    main(*sys.argv[1:])
