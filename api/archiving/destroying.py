"""Destroying archived files as a process: its list, its weighing, and the files that go.

Each file goes in a transaction of its own, in which its row lets go of the bytes. The collector
takes them after its grace: a backup that read the row before may still come for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.archiving import deeds
from api.archiving.commands import DestroyFile
from api.archiving.deciding import ListDue, SpareFiles, WeighList
from engine import faults
from engine.actor import system_actor
from engine.bus import Bus, Context
from engine.db import reading
from engine.models.archive import CONDEMNED, DESTROYED, KEPT, SPARED
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput
from engine.queries import destruction
from engine.queries.destruction import Item

LIST, WEIGH, DESTROY = "archive.list_due", "archive.weigh", "archive.destroy"


class _Listing:
    """The list of what may go now, once: reports how many, and their lines for people to read."""

    def __call__(self, job: JobInput) -> JobOutput:
        this = _case_of(job)

        def effect(ctx: Context) -> Mapping[str, Any]:
            ctx.run(ListDue(this))
            items = destruction.items(ctx.db, job.agency_id, this)
            return {"listed": len(items), "listing": deeds.listing(items)}

        return JobOutput(effect=effect)


class _Weighing:
    """What each member would keep, against the list: the majority decides on each file."""

    def __call__(self, job: JobInput) -> JobOutput:
        this = _case_of(job)

        def effect(ctx: Context) -> Mapping[str, Any]:
            weighed = ctx.run(WeighList(this))
            return {**weighed, "weighed": _told(destruction.items(ctx.db, job.agency_id, this))}

        return JobOutput(effect=effect)


def _told(items: Sequence[Item]) -> str:
    """For the head: what would go and stay, and who dissented."""
    goes = sum(one.fate == CONDEMNED for one in items)
    lines = [f"เห็นควรทำลาย {goes} เรื่อง เก็บต่อ {len(items) - goes} เรื่อง"]
    for one in items:
        if one.spared_by:
            end = "ทำลาย" if one.fate == CONDEMNED else "เก็บต่อ"
            lines.append(f"เลข {one.ordinal}: {end} ผู้เห็นว่าควรเก็บ {', '.join(one.spared_by)}")
    return "\n".join(lines)


class _Destroying:
    """Destroys what the list condemns; begun anew, it goes on where it was."""

    def __init__(self, database: Engine, bus: Callable[[], Bus]) -> None:
        self._database, self._bus = database, bus

    def __call__(self, job: JobInput) -> JobOutput:
        this, bus, system = _case_of(job), self._bus(), system_actor(job.agency_id)
        bus.execute(SpareFiles(this), system)
        with reading(self._database, job.agency_id) as db:
            items = destruction.items(db, job.agency_id, this)
        condemned = [one for one in items if one.fate == CONDEMNED]
        for done, one in enumerate(condemned, 1):
            bus.execute(DestroyFile(one.case_id, this), system)
            faults.point("destroyed")
            job.progress(done, len(condemned), str(one.ordinal))
        return JobOutput(effect=lambda ctx: _counted(ctx, this))


def _counted(ctx: Context, this: UUID) -> Mapping[str, Any]:
    fates = [one.fate for one in destruction.items(ctx.db, ctx.actor.agency_id, this)]
    return {
        "destroyed": fates.count(DESTROYED),
        "stayed": fates.count(SPARED) + fates.count(KEPT),
    }


def _case_of(job: JobInput) -> UUID:
    if job.instance_id is None:
        raise JobFailed("Expected a step of a process, but the job came alone.", retry=False)
    return job.instance_id


def actions(database: Engine, bus: Callable[[], Bus]) -> list[Action]:
    """What they do is held to the row of the case that asks (`api/archiving/deeds`)."""
    return [
        Action(LIST, _Listing(), drawn=True, route=destruction.PROCESS),
        Action(WEIGH, _Weighing(), drawn=True, route=destruction.PROCESS),
        Action(
            DESTROY,
            _Destroying(database, bus),
            queue=BULK,
            drawn=True,
            route=destruction.PROCESS,
        ),
    ]
