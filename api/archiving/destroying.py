"""Destroying archived files as a process: its list, its weighing, and the files that go.

Each file goes in a transaction of its own, then its bytes: whoever dies between the two leaves
bytes that nobody's row names, and the next attempt of the job takes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from api.archiving.commands import MOST_SPARED, DestroyFile
from api.archiving.deciding import ListDue, SpareFiles, WeighList
from engine import faults
from engine.actor import system_actor
from engine.bus import Bus, Context
from engine.clock import Clock
from engine.db import reading
from engine.models.archive import CONDEMNED, DESTROYED
from engine.ports import BULK, Action, JobFailed, JobInput, JobOutput
from engine.queries import destruction
from engine.queries.destruction import Item, years_after
from office.files.storage import Storage

LIST, WEIGH, DESTROY = "archive.list_due", "archive.weigh", "archive.destroy"
_NUMBERS = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")
_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.",
           "พ.ย.", "ธ.ค.")  # fmt: skip


def numbers_in(text: Any) -> frozenset[int]:
    """Numbers of the list as people write them: "3, ๗ และ 10-12". None where there are none."""
    found: set[int] = set()
    for first, last in _NUMBERS.findall(str(text or "")):
        low, high = int(first), int(last or first)
        found |= set(range(low, min(high, low + destruction.MOST_LISTED) + 1))
    return frozenset(found)


class _Listing:
    """The list of what may go now, once: reports how many, and their lines for people to read."""

    def __call__(self, job: JobInput) -> JobOutput:
        this = _case_of(job)

        def effect(ctx: Context) -> Mapping[str, Any]:
            ctx.run(ListDue(this))
            items = destruction.items(ctx.db, job.agency_id, this)
            return {"listed": len(items), "listing": "\n".join(map(_line, items))}

        return JobOutput(effect=effect)


def _line(item: Item) -> str:
    ended = item.ended_at
    day = f"{ended.day} {_MONTHS[ended.month - 1]} {ended.year + 543}"
    return f"{item.ordinal}. {item.title or item.definition_name} (จบ {day})"


class _Weighing:
    """What each member would keep, against the list: the majority decides on each file."""

    def __call__(self, job: JobInput) -> JobOutput:
        this, given = _case_of(job), job.payload
        members, kept = _members(given["committee"]), given["opinions"]
        if not isinstance(kept, Sequence) or isinstance(kept, str) or len(kept) != len(members):
            raise JobFailed(
                f"Expected an opinion of each of {len(members)} members, but got {kept!r:.200}.",
                retry=False,
            )
        kept_by = {who: sorted(numbers_in(one)) for who, one in zip(members, kept, strict=True)}

        def effect(ctx: Context) -> Mapping[str, Any]:
            weighed = ctx.run(WeighList(this, kept_by))
            items = destruction.items(ctx.db, job.agency_id, this)
            return {**weighed, "weighed": _told(items, kept_by)}

        return JobOutput(effect=effect)


def _told(items: Sequence[Item], kept_by: Mapping[str, Sequence[int]]) -> str:
    """For the head: what would go and stay, who dissented, and numbers that the list has not."""
    goes = sum(one.fate == CONDEMNED for one in items)
    lines = [f"เห็นควรทำลาย {goes} เรื่อง เก็บต่อ {len(items) - goes} เรื่อง"]
    for one in items:
        if one.spared_by:
            end = "ทำลาย" if one.fate == CONDEMNED else "เก็บต่อ"
            lines.append(f"เลข {one.ordinal}: {end} ผู้เห็นว่าควรเก็บ {', '.join(one.spared_by)}")
    there = {one.ordinal for one in items}
    for who, kept in kept_by.items():
        if unknown := sorted(set(kept) - there):
            lines.append(f"{who} ใส่เลขที่ไม่มีในบัญชี {', '.join(map(str, unknown))}")
    return "\n".join(lines)


class _Destroying:
    """Destroys what the list condemns; begun anew, it goes on where it was."""

    def __init__(
        self, database: Engine, storage: Storage, clock: Clock, bus: Callable[[], Bus]
    ) -> None:
        self._database, self._storage, self._clock, self._bus = database, storage, clock, bus

    def __call__(self, job: JobInput) -> JobOutput:
        this, given = _case_of(job), job.payload
        years = given["spare_years"]
        if not isinstance(years, int) or not 1 <= years <= MOST_SPARED:
            raise JobFailed(
                f"Expected 1 to {MOST_SPARED} years, but got {years!r:.40}.", retry=False
            )
        also = numbers_in(given.get("claimed"))
        items = self._items(job.agency_id, this)
        wanted = [one for one in items if one.fate == CONDEMNED and one.ordinal not in also]
        again = [one for one in items if one.fate == DESTROYED]
        for done, one in enumerate([*again, *wanted], 1):
            self._destroy(job.agency_id, this, one)
            job.progress(done, len(again) + len(wanted), str(one.ordinal))
        until = years_after(self._clock.now(), years)
        return JobOutput(effect=lambda ctx: self._settled(ctx, this, sorted(also), until))

    def _items(self, agency_id: UUID, this: UUID) -> Sequence[Item]:
        with reading(self._database, agency_id) as db:
            return destruction.items(db, agency_id, this)

    def _destroy(self, agency_id: UUID, this: UUID, one: Item) -> None:
        bus = self._bus()
        said = bus.execute(DestroyFile(one.case_id, this), system_actor(agency_id))
        faults.point("destroyed")
        if said["destroyed"] and not said["shared"]:
            self._storage.delete(agency_id, one.stored_sha256)

    def _settled(
        self, ctx: Context, this: UUID, also: Sequence[int], until: datetime
    ) -> Mapping[str, Any]:
        ctx.run(SpareFiles(this, also, until))
        items = destruction.items(ctx.db, ctx.actor.agency_id, this)
        gone = sum(one.fate == DESTROYED for one in items)
        return {"destroyed": gone, "stayed": len(items) - gone}


def _case_of(job: JobInput) -> UUID:
    if job.instance_id is None:
        raise JobFailed("Expected a step of a process, but the job came alone.", retry=False)
    return job.instance_id


def _members(found: Any) -> list[str]:
    """Sign-in names of the members, from a list of principals."""
    if not isinstance(found, Sequence) or isinstance(found, str) or not found:
        raise JobFailed(f"Expected a list of members, but got {found!r:.200}.", retry=False)
    return [str(one).removeprefix("person:") for one in found]


def actions(
    database: Engine, storage: Storage, clock: Clock, bus: Callable[[], Bus]
) -> list[Action]:
    weighed = frozenset({"committee", "opinions"})
    years = frozenset({"spare_years"})
    return [
        Action(LIST, _Listing()),
        Action(WEIGH, _Weighing(), weighed, weighed),
        Action(
            DESTROY, _Destroying(database, storage, clock, bus), years | {"claimed"}, years, BULK
        ),
    ]
