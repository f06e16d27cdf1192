"""All cases that are due: in a worker, slice by slice, or by an operator's command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from time import monotonic
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.archiving.burying import Fate, Undertaker
from api.archiving.commands import ARCHIVE_CASES, RunArchiving
from api.archiving.versions import clear_versions
from api.evidence import Sources
from engine.actor import system_actor
from engine.bus import Bus, Context
from engine.commands.jobs import want_job
from engine.db import reading
from engine.errors import Conflict
from engine.ports import BULK, Action, JobInput, JobOutput
from engine.queries import archive
from engine.queries.archive import Place
from office.correspondence.numbers import Registry
from office.files.storage import Storage

log = logging.getLogger(__name__)

#: Seconds of one job: other work of the worker waits no longer. The rest is the next job's.
SLICE = 20.0
#: So many are counted for a total; nobody waits for the exact number of a million.
MOST_COUNTED = 10_000


def archive_due(
    bus: Bus,
    sources: Sources,
    agency_id: UUID,
    *,
    dry_run: bool = False,
    after: Place | None = None,
) -> Iterator[Fate]:
    """Each due case and what became of it. Stop asking at any time: what is done is done."""
    undertaker = Undertaker(bus, sources, agency_id, dry_run=dry_run)
    for case in archive.due(bus.engine, agency_id, bus.services.clock.now(), after):
        yield undertaker.bury(case)


class ArchiveCases:
    """The action: works for a slice of time, then leaves the rest to a job that follows."""

    def __init__(
        self, database: Engine, storage: Storage, numbers: Registry, bus: Callable[[], Bus]
    ) -> None:
        self._sources = Sources(database, storage, numbers)
        self._bus = bus

    def __call__(self, job: JobInput) -> JobOutput:
        bus = self._bus()
        try:
            return self._a_while(bus, job)
        finally:  # no case keeps old versions in use
            clear_versions(bus, job.agency_id)

    def _a_while(self, bus: Bus, job: JobInput) -> JobOutput:
        until, given = monotonic() + SLICE, job.payload
        done, total = given["done"], given["total"]
        if total is None:
            now = bus.services.clock.now()
            every = archive.due(bus.engine, job.agency_id, now)
            total = sum(1 for _ in islice(every, MOST_COUNTED))
        after = (given["at"], UUID(given["id"])) if given.get("id") else None
        for fate in archive_due(bus, self._sources, job.agency_id, after=after):
            done += 1
            job.progress(done, max(done, total))
            _tell(fate)
            if monotonic() > until:
                place = {"at": fate.case.ended_at, "id": str(fate.case.id)}
                return _rest({**given, **place, "done": done, "total": total})
        return JobOutput()


def _tell(fate: Fate) -> None:
    if fate.outcome != "archived":
        log.info("Case %s stays: %s %s", fate.case.id, fate.reason, fate.message)


def _rest(left: Mapping[str, Any]) -> JobOutput:
    def go_on(ctx: Context) -> None:
        want_job(ctx, ARCHIVE_CASES, left, asked_by=left["asked_by"])

    return JobOutput(effect=go_on)


def actions(
    database: Engine, storage: Storage, numbers: Registry, bus: Callable[[], Bus]
) -> list[Action]:
    work = ArchiveCases(database, storage, numbers, bus)
    return [Action(ARCHIVE_CASES, work, queue=BULK, drawn=False)]


def ask_daily(bus: Bus) -> None:
    """For the clock: however often it asks, a day's work is wanted once."""
    day = bus.services.clock.now().date().isoformat()
    with reading(bus.engine) as db:
        agencies = archive.agencies(db)
    for agency_id in agencies:
        with suppress(Conflict):  # its newest policy keeps all for ever
            bus.execute(RunArchiving(day), system_actor(agency_id))
