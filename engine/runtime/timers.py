"""Dates, durations and cycles of timers: ISO text or FEEL values to the moments they mean."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.runtime import limits
from engine.runtime.diagram import Timer
from engine.runtime.errors import Stuck
from engine.runtime.formulas import Formula, formula_or_text
from engine.runtime.values import Surroundings

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,10}(?:\.\d{1,9})?)S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,9})/(?:([^/P][^/]*)/)?(P[^/]*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: months have no fixed length, the rest has."""

    months: int = 0
    rest: timedelta = timedelta()

    def after(self, start: datetime) -> datetime:
        """January 31 and a month is February 28: the day stays in its month."""
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        day = min(start.day, calendar.monthrange(year, month)[1])
        return start.replace(year=year, month=month, day=day) + self.rest

    def from_there(self, start: datetime, zone: str) -> datetime:
        """`after` by the calendar of the zone: its months end at its own midnight. In UTC."""
        if not self.months:
            return start + self.rest
        months = Span(self.months).after(start.astimezone(ZoneInfo(zone)))
        return months.astimezone(UTC) + self.rest

    def times(self, number: int) -> Span:
        return Span(self.months * number, self.rest * number)

    def at_most(self, longest: timedelta) -> bool:
        return timedelta(days=self.months * 30) + self.rest <= longest


@dataclass(frozen=True, slots=True)
class Cycle:
    """`repeats` is None for a cycle without end."""

    repeats: int | None
    start: datetime | None
    every: Span


class BadTime(ValueError):
    """The text is not the ISO 8601 that a timer takes."""


def parse_duration(text: str) -> Span:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise BadTime(f"Expected an ISO duration such as PT8H or P3D, but got “{text}”.")
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:6])
    rest = timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(match[7] or 0)
    )
    span = Span(years * 12 + months, rest)
    if not span.at_most(limits.LONGEST):
        raise BadTime(f"Expected at most ten years, but got “{text}”.")
    return span


def parse_moment(text: str, zone: str) -> datetime:
    """A date means its first moment; without an offset the agency's zone is meant."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadTime(
            f"Expected an ISO date and time such as 2026-01-05T09:00:00+07:00, but got “{text}”."
        ) from None
    return aware(moment, zone)


def parse_cycle(text: str, zone: str) -> Cycle:
    match = _CYCLE.fullmatch(text.strip())
    if match is None:
        raise BadTime(f"Expected an ISO cycle such as R3/PT24H, but got “{text}”.")
    repeats = int(match[1]) if match[1] else None
    start = parse_moment(match[2], zone) if match[2] else None
    cycle = Cycle(repeats, start, parse_duration(match[3]))
    _check_cycle(cycle, text)
    return cycle


def _check_cycle(cycle: Cycle, text: str) -> None:
    endless = cycle.repeats is None
    shortest = limits.SHORTEST_ENDLESS_CYCLE if endless else limits.SHORTEST_CYCLE
    if cycle.every.months == 0 and cycle.every.rest < shortest:
        raise BadTime(
            f"Expected a cycle {'without end ' if endless else ''}to take at least {shortest} "
            f"each time, but got “{text}”."
        )
    if cycle.repeats is not None and not 1 <= cycle.repeats <= limits.REPEATS:
        raise BadTime(f"Expected 1 to {limits.REPEATS:,} repeats, but got “{text}”.")


def aware(moment: datetime, zone: str) -> datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC)


# -- values of FEEL ---------------------------------------------------------------------------


def as_span(value: Any) -> Span:
    if isinstance(value, timedelta):
        return Span(0, value)
    if isinstance(value, str):
        return parse_duration(value)
    months = getattr(value, "months", None)  # FEEL's years and months duration
    if isinstance(months, int):
        return Span(months)
    raise BadTime(f"Expected a duration, but got {_kind(value)}.")


def as_moment(value: Any, zone: str) -> datetime:
    if isinstance(value, datetime):
        return aware(value, zone)
    if isinstance(value, date):
        return aware(datetime.combine(value, time()), zone)
    if isinstance(value, str):
        return parse_moment(value, zone)
    raise BadTime(f"Expected a date and time, but got {_kind(value)}.")


def as_due(value: Any, zone: str) -> timedelta | datetime:
    """A task's deadline: a duration from now, a moment, or the end of a day."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return as_moment(value, zone) + timedelta(days=1)
    if isinstance(value, datetime) or (isinstance(value, str) and value.strip()[:1] != "P"):
        return as_moment(value, zone)
    span = as_span(value)
    return timedelta(days=span.months * 30) + span.rest


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__


# -- a running timer --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clockwork:
    """One timer of the diagram. A running one is plain data that goes into the state:

    due, n (occurrence, from 1), and for a cycle its text and the remaining repeats; one of months
    has where it counts from: `due` lies `steps` times its duration after `since`.
    """

    kind: str
    value: Formula | str
    working: bool = False

    def start(self, context: Mapping[str, Any], around: Surroundings) -> dict[str, Any]:
        value = self.value
        if isinstance(value, Formula):
            value = value.value(context, around)
        try:
            return self._started(value, around)
        except (BadTime, OverflowError, ValueError) as error:
            raise Stuck("timer", str(error)) from None

    def _started(self, value: Any, around: Surroundings) -> dict[str, Any]:
        if self.kind == "timeDate":
            return {"due": as_moment(value, around.zone), "n": 1}
        if self.kind == "timeDuration":
            return {"due": self._after(as_span(value), around), "n": 1}
        cycle = parse_cycle(str(value), around.zone)
        due = cycle.start or self._after(cycle.every, around)
        timer = {
            "due": due, "n": 1, "cycle": str(value), "left": cycle.repeats, "zone": around.zone,
        }  # fmt: skip
        if cycle.every.months and cycle.start is None and not self.working:
            timer |= {"since": around.now, "steps": 1}
        return timer

    def _after(self, span: Span, around: Surroundings) -> datetime:
        if span.rest < timedelta() or not span.at_most(limits.LONGEST):
            raise BadTime("Expected a duration from zero to ten years.")
        if self.working and around.working_time is not None:
            return around.working_time.add(around.now, timedelta(days=span.months * 30) + span.rest)
        return span.from_there(around.now, around.zone)


def clockwork(timer: Timer) -> Clockwork:
    value = formula_or_text(timer.value)
    assert value is not None
    return Clockwork(timer.kind, value, timer.working)


def following(timer: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """The next occurrence of a cycle. Those missed while nobody looked are not made up for:
    they count as happened, and the next one lies ahead.
    """
    if "cycle" not in timer:
        return None
    every, zone = parse_cycle(timer["cycle"], timer["zone"]).every, timer["zone"]
    since, steps = timer.get("since", timer["due"]), timer.get("steps", 0)
    n, left = timer["n"], timer["left"]
    passed = _passed(every, timer["due"], now)
    steps, n, left = steps + passed, n + passed, None if left is None else left - passed
    while left is None or left > 1:
        steps, n, left = steps + 1, n + 1, None if left is None else left - 1
        # Always from the first: the 31st is the last day of the months that have none, not of all.
        due = every.times(steps).from_there(since, zone)
        if due > now:
            counted = {"since": since, "steps": steps} if every.months else {}
            return {**timer, "due": due, "n": n, "left": left, **counted}
    return None


def _passed(every: Span, due: datetime, now: datetime) -> int:
    """How many occurrences of a fixed length can be leapt over: there may be millions."""
    return 0 if every.months or now < due else (now - due) // every.rest
