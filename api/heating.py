"""What of a process's heat is asked for, for its page and REST alike: a period and the versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.ports import Calendars
from engine.queries import heat
from engine.queries.heat import Heat
from office.documents.thai import BANGKOK

#: the longest period, and the usual one, in days
MOST_DAYS, USUAL = 366, 30
#: whether one version is counted alone, or all of its process
THIS, ALL = "this", "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """Tasks that were done from `since` to before `until`."""

    since: datetime
    until: datetime
    every_version: bool = False


def last_days(days: int, now: datetime, every_version: bool = False) -> Asked:
    """So many times 24 hours up to this moment."""
    return Asked(now - timedelta(days=days), now + timedelta(microseconds=1), every_version)


def between(first: date, last: date, every_version: bool = False) -> Asked:
    """Whole days of the office, both included."""
    return Asked(_begin(first), _begin(last + timedelta(days=1)), every_version)


def fits(first: date, last: date) -> bool:
    """Whether it is a period, and not too long a one."""
    return 0 <= (last - first).days < MOST_DAYS


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def look(
    db: Connection,
    calendars: Calendars,
    actor: Actor,
    definition_id: UUID,
    asked: Asked,
    now: datetime,
) -> Heat:
    """`engine.queries.heat.heat` in the working time of the agency's own calendar."""
    return heat.heat(
        db, actor, definition_id, asked.since, asked.until, now=now,
        working=calendars.working_time(db, actor.agency_id), every_version=asked.every_version,
    )  # fmt: skip
