"""Verifying strangers' files: a few at once on this host, whoever asks and whichever way; and what
the house itself knows of a file that it has issued.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from api import trust
from engine.db import reading
from engine.errors import TooMany
from office.documents.queries import KnownFile, known
from signing.verify import SignatureVerdict, Verdict, verify_upload

if TYPE_CHECKING:
    from api.bootstrap import System

#: Each has a processor to itself, and up to a gigabyte of memory.
AT_ONCE = min(4, os.cpu_count() or 1)
#: A verification is over by then (seconds).
PAUSE = 10


def verified(
    system: System, pdf: bytes, anchors: Sequence[bytes], at: datetime, most: int
) -> Verdict:
    """As `judged`: good is a file that one of the house's agencies has issued while it counts."""
    return as_known(*judged(system, pdf, anchors, at, most))


def judged(
    system: System, pdf: bytes, anchors: Sequence[bytes], at: datetime, most: int
) -> tuple[Verdict, KnownFile | None]:
    """The verdict on at most `most` bytes; TooMany while as many as may run are running.

    Certificates that this house has revoked count as revoked, whatever the file carries. Beside it
    what the house knows of the file.
    """
    with place(system.settings.home / "verifying"):
        lists = trust.revocation_lists(system.settings, at)
        verdict = verify_upload(pdf, anchors, at, max_bytes=most, lists=lists)
    with reading(system.engine) as db:
        return verdict, look_up(db, pdf, verdict)


def look_up(db: Connection, pdf: bytes, verdict: Verdict) -> KnownFile | None:
    """What the house, all of which `db` sees, knows of a file with this verdict."""
    digests = [one.digest for one in verdict.signatures if one.digest]
    return known(db, sha256(pdf).hexdigest(), digests)


def as_known(verdict: Verdict, found: KnownFile | None) -> Verdict:
    """The verdict with what the house knows of the file."""
    if found is None:
        return verdict
    good = verdict.verdict in {"valid", "untrusted"}
    return replace(
        verdict,
        signatures=tuple(_in_post(one, found) for one in verdict.signatures),
        verdict=found.standing if good and found.standing != "in_force" else verdict.verdict,
        standing=found.standing,
        withdrawn_at=found.withdrawn_at,
        replaced_by=found.replaced_by,
    )


def _in_post(one: SignatureVerdict, found: KnownFile) -> SignatureVerdict:
    """What a stranger's own certificate says stays as it is; a changed signature has no post."""
    lines = found.posts.get(one.digest or "") or found.posts.get(one.field)
    if not lines or one.by != "person" or not one.intact:
        return one
    return replace(one, post=tuple(lines), post_source="house")


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
