"""How much work something is: a guard against what never ends, not a measure of speed."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """Seconds of this thread's processor time, once the block has ended."""

    seconds: float = 0.0


@contextmanager
def work() -> Iterator[Work]:
    """The work of a block alone: what a whole run of tests has left behind is collected neither on
    its account, nor does a busy machine count.
    """
    done = Work()
    collecting = gc.isenabled()
    gc.disable()
    begun = time.thread_time()
    try:
        yield done
    finally:
        done.seconds = time.thread_time() - begun
        if collecting:
            gc.enable()
