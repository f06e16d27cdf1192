"""One case: its evidence is made, read back and stored before anything of it is removed."""

from __future__ import annotations

import gzip
import hashlib
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from api.archiving.commands import BuryCase
from api.evidence import Sources, make
from api.evidence.chaining import read_chain
from api.evidence.container import opened
from api.evidence.making import Made
from api.evidence.manifest import HISTORY
from engine.actor import system_actor
from engine.bus import Bus
from engine.commands.archiving import Evidence
from engine.errors import NotFound, Rejected, TooLarge, Unavailable
from engine.queries.archive import DueCase
from engine.transient import Trouble, trouble_of
from office.files.storage import Storage, read
from office.files.uploads import StoredFile

log = logging.getLogger(__name__)

#: A larger case stays as it is: its evidence is held in memory for a moment.
LARGEST = 128 << 20
SQUEEZED = "application/gzip"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became, or in a rehearsal would become, of one case.

    `outcome`: archived, or kept with a reason: `damaged` (its chain or its files do not hold),
    `too_large`, `not_stored` (storage does not give its evidence back), `broken` (the log says
    how), or the code of a refusal.
    `removed` counts the rows that went.
    """

    case: DueCase
    outcome: str
    reason: str | None = None
    message: str = ""
    removed: dict[str, int] | None = None


class Undertaker:
    """Archives cases of one agency, in the name of `actor`."""

    def __init__(self, bus: Bus, sources: Sources, agency_id: UUID, *, dry_run: bool) -> None:
        self._bus, self._sources, self._dry_run = bus, sources, dry_run
        self._system = system_actor(agency_id)

    def bury(self, case: DueCase) -> Fate:
        """Never in halves: evidence without its tombstone is an orphan that the collector takes,
        and the same case gives the same evidence again.
        """
        try:
            with tempfile.TemporaryDirectory() as folder:
                return self._bury(case, Path(folder) / "evidence.zip")
        except Unavailable:
            raise  # the database is away: the others would fare no better
        except TooLarge as large:
            return Fate(case, "kept", "too_large", large.message)
        except Rejected as refused:
            return Fate(case, "kept", refused.code, refused.message)
        except Exception as bug:  # one case leaves the others alone
            if isinstance(bug, SQLAlchemyError) and trouble_of(bug) is Trouble.RACE:
                raise  # the connection is lost: the others would fare no better
            log.exception("Expected case %s to be archived, but it could not.", case.id)
            return Fate(case, "kept", "broken", "It could not be archived; the log says why.")

    def _bury(self, case: DueCase, file: Path) -> Fate:
        with file.open("wb") as out:
            # secret letters too: the file gives them to those alone whom they name (`sending`)
            made = make(self._sources, self._system, out, lambda _db: case.id)
        reason = _unfit(made, file)
        if reason is not None:
            return Fate(case, "kept", *reason)
        if self._dry_run:
            return Fate(case, "archived")
        try:
            kept, evidence = _stored(self._sources.storage, self._system.agency_id, made, file)
        except NotFound as lost:
            return Fate(case, "kept", "not_stored", lost.message)
        command = BuryCase(case.id, kept, evidence, case.before)
        answer: dict[str, Any] = self._bus.execute(command, self._system)
        return Fate(case, "archived", removed=answer["removed"])


def _unfit(made: Made, file: Path) -> tuple[str, str] | None:
    """Why the case must stay, if it must. The file is read back as any examiner reads it."""
    if made.manifest.withheld:
        raise AssertionError("Expected evidence with every letter, but one is withheld.")
    if made.manifest.missing:
        return "damaged", f"Storage has no bytes of {made.manifest.missing[0]}."
    if file.stat().st_size > LARGEST:
        return "too_large", f"Its evidence has more than {LARGEST >> 20} MB."
    with file.open("rb") as source:
        found = read_chain(opened(file, source).read(HISTORY), made.manifest).findings
    return ("damaged", found[0]) if found else None


def _stored(
    storage: Storage, agency_id: UUID, made: Made, file: Path
) -> tuple[StoredFile, Evidence]:
    data = file.read_bytes()
    squeezed = gzip.compress(data, mtime=0)
    sha256 = storage.put(agency_id, squeezed)
    read(storage, agency_id, sha256)  # the rows go on the strength of what storage gives back
    name = f"evidence-{made.manifest.root}.zip.gz"
    told = made.manifest.history
    evidence = Evidence(
        events=told.events,
        head=told.head,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        seal=made.seal,
        stored_sha256=sha256,
    )
    return StoredFile(sha256, len(squeezed), SQUEEZED, name), evidence
