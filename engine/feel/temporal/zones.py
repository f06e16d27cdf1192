"""Time zones by offset or by name, at any moment, from the tz database alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel.errors import Nothing
from engine.feel.temporal import calendar

#: None: local. A number: seconds east of UTC. A text: a zone's name.
Zone = int | str | None

#: A zone's name becomes a file's name further down: only letters that cannot leave the folder.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,30}(?:/[A-Za-z0-9_+-]{1,30}){0,2}")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)(?::(\d\d))?")
_MAX_OFFSET = 18 * 3600


@lru_cache(maxsize=1024)
def zone_info(name: str) -> ZoneInfo:
    if not _NAME.fullmatch(name):
        raise Nothing(f"Expected a time zone's name, but got {name[:40]!r}.")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise Nothing(f"Expected a known time zone, but got {name!r}.") from None


def read_zone(text: str) -> Zone:
    """The zone at the end of a time's text: "", "Z", "+07:00" or "@Asia/Bangkok".

    The standard's own examples of `is` write a small z.
    """
    if not text:
        return None
    if text in ("Z", "z"):
        return 0
    if text[0] == "@":
        zone_info(text[1:])
        return text[1:]
    return _read_offset(text)


def _read_offset(text: str) -> int:
    found = _OFFSET.fullmatch(text)
    if not found:
        raise Nothing(f"Expected a time zone, but got {text[:40]!r}.")
    hours, minutes, seconds = int(found[2]), int(found[3]), int(found[4] or 0)
    if minutes > 59 or seconds > 59:
        raise Nothing(f"Expected an offset from UTC, but got {text!r}.")
    return check_offset((hours * 60 + minutes) * 60 + seconds) * (-1 if found[1] == "-" else 1)


def check_offset(seconds: int) -> int:
    if abs(seconds) > _MAX_OFFSET:
        raise Nothing("Expected an offset within 18 hours of UTC.")
    return seconds


def write_zone(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return "@" + zone
    if zone == 0:
        return "Z"
    hours, rest = divmod(abs(zone), 3600)
    minutes, seconds = divmod(rest, 60)
    sign = "-" if zone < 0 else "+"
    return f"{sign}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def offset_of(zone: Zone, days: int, seconds: int) -> int | None:
    """Seconds east of UTC at a local day number and second of the day."""
    if not isinstance(zone, str):
        return zone
    local = datetime(*_in_range(days)) + timedelta(seconds=seconds)  # noqa: DTZ001 - local time
    offset = local.replace(tzinfo=zone_info(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def offset_at(zone: int | str, days: int, seconds: int) -> int:
    """Seconds east of UTC at a day number and second of the day in UTC."""
    if not isinstance(zone, str):
        return zone
    moment = datetime(*_in_range(days), tzinfo=UTC) + timedelta(seconds=seconds)
    offset = moment.astimezone(zone_info(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _in_range(days: int) -> tuple[int, int, int]:
    """The day, moved by whole 400-year cycles to where Python's calendar knows it."""
    year, month, day = calendar.civil_from_days(days)
    if 1 <= year <= 9998:
        return year, month, day
    return (2000 if year > 0 else 400) + year % 400, month, day
