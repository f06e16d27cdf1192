"""Verifying strangers' files: a few at once on this host, whoever asks and whichever way."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from api import trust
from api.settings import Settings
from engine.errors import TooMany
from signing.verify import Verdict, verify_upload

#: Each has a processor to itself, and up to a gigabyte of memory.
AT_ONCE = min(4, os.cpu_count() or 1)
#: A verification is over by then (seconds).
PAUSE = 10


def verified(
    settings: Settings, pdf: bytes, anchors: Sequence[bytes], at: datetime, most: int
) -> Verdict:
    """The verdict on at most `most` bytes; TooMany while as many as may run are running.

    Certificates that this house has revoked count as revoked, whatever the file carries.
    """
    with place(settings.home / "verifying"):
        lists = trust.revocation_lists(settings, at)
        return verify_upload(pdf, anchors, at, max_bytes=most, lists=lists)


@contextmanager
def place(folder: Path) -> Iterator[None]:
    """One of the places, held by a lock on its file: it is free again even when its holder is
    killed, and all processes that serve from this folder share them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(AT_ONCE):
        with (folder / f"{number}.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield
            return
    raise TooMany(
        f"Expected fewer than {AT_ONCE} files being verified at this moment, but there are as"
        f" many; try again in {PAUSE} seconds.",
        PAUSE,
    )
