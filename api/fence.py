"""What one job may take of a worker, and one request of a web process. A job that takes more is
ended, fails like any other that breaks, and becomes an incident once its attempts are used up; a
request is answered 500. The process, or a new one, goes on.
"""

from __future__ import annotations

import faulthandler
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Seconds until a job is interrupted, wherever Python can be.
SECONDS = 90
#: Seconds until the whole worker ends, because the job sits where Python cannot interrupt it. Less
#: than a lease takes (engine.commands.jobs.LEASE): no job runs beside its own next attempt.
LAST_SECONDS = 110
#: Bytes beyond what the worker holds when it begins: enough for letters of hundreds of pages.
MEMORY = 1 << 30

_STATUS = Path("/proc/self/status")


def limit_memory(more: int = MEMORY) -> None:
    """From now on this process may take `more` bytes beyond what it has; what asks for more gets a
    MemoryError. Where the kernel does not tell what it has, nothing is limited.
    """
    if not _STATUS.exists():
        return
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmData:"))
    most = int(line.split()[1]) * 1024 + more
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


#: Seconds of the few jobs that carry out in one transaction what cannot be done in parts. They tell
#: how far they are, which keeps their lease.
LONG_SECONDS = 600


#: whether `last_resort` bounds what this process does now: one job at a time
_bounded = False


@contextmanager
def longer() -> Iterator[None]:
    """The job at hand may take `LONG_SECONDS`. Where we do not bound it, nothing is changed: a
    timer may be another's, and a process that nobody ends would be ended later.
    """
    if not _bounded:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, LONG_SECONDS)
    faulthandler.dump_traceback_later(LONG_SECONDS + LAST_SECONDS - SECONDS, exit=True)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        faulthandler.dump_traceback_later(LAST_SECONDS, exit=True)


@contextmanager
def last_resort() -> Iterator[None]:
    """End this process where the block takes too long; the stacks of its threads are told."""
    global _bounded  # noqa: PLW0603 - of the process, as the timer is
    faulthandler.dump_traceback_later(LAST_SECONDS, exit=True)
    _bounded = True
    try:
        yield
    finally:
        _bounded = False
        faulthandler.cancel_dump_traceback_later()
