"""How moments and spans read on screen: Buddhist era in Thai, common era in English, Thai time.

Babel knows no Buddhist calendar, so the year is ours; month and day names are Babel's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from babel import Locale

THAI_TIME = ZoneInfo("Asia/Bangkok")
BUDDHIST_OFFSET = 543
#: a due time this near (in working time) is shown as soon
SOON = timedelta(hours=8)
WORKING_DAY = timedelta(hours=8)


class HasWorkingTime(Protocol):
    def between(self, start: datetime, end: datetime) -> timedelta: ...


def local(moment: datetime) -> datetime:
    return moment.astimezone(THAI_TIME)


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def year(value: date | datetime, language: str) -> int:
    return _day(value).year + (BUDDHIST_OFFSET if language == "th" else 0)


def short(value: date | datetime, language: str, today: date | None = None) -> str:
    """`23 พ.ย. 2569`; without the year when it is this year's and `today` is given."""
    day = _day(value)
    month = Locale(language).months["format"]["abbreviated"][day.month]
    text = f"{day.day} {month}"
    return text if today and today.year == day.year else f"{text} {year(day, language)}"


def full(value: date | datetime, language: str) -> str:
    """`จันทร์ 23 พฤศจิกายน 2569`."""
    day = _day(value)
    names = Locale(language)
    weekday = names.days["format"]["wide"][day.weekday()].removeprefix("วัน")
    return f"{weekday} {day.day} {names.months['format']['wide'][day.month]} {year(day, language)}"


def clock(value: datetime, language: str, *, seconds: bool = False) -> str:
    text = local(value).strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{text} น." if language == "th" else text


def when(value: datetime, language: str, now: datetime) -> str:
    """The nearest way to say it: `วันนี้ 16:30 น.`, `พรุ่งนี้ 12:00 น.`, `23 พ.ย. 08:31 น.`."""
    words = {
        "th": {-1: "เมื่อวาน", 0: "วันนี้", 1: "พรุ่งนี้"},
        "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    }[language]
    today = local(now).date()
    days = (_day(value) - today).days
    return f"{words.get(days) or short(value, language, today)} {clock(value, language)}"


def stamp(value: datetime, language: str, *, seconds: bool = False) -> str:
    """Day and time in full, for registers, history and tooltips."""
    return f"{short(value, language)} {clock(value, language, seconds=seconds)}"


def span(length: timedelta, language: str) -> str:
    """A length of working time in its largest unit: `3 วันทำการ`, `5 ชม. ทำการ`, `18 นาที`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    working_day = int(WORKING_DAY.total_seconds() // 60)
    thai = language == "th"
    if minutes >= working_day:
        days = minutes // working_day
        return f"{days} วันทำการ" if thai else f"{days} working day{'s' * (days != 1)}"
    if minutes >= 60:
        hours = minutes // 60
        return f"{hours} ชม. ทำการ" if thai else f"{hours} working hour{'s' * (hours != 1)}"
    return f"{minutes} นาที" if thai else f"{minutes} min"


def age(length: timedelta, language: str) -> str:
    """A length of time by the wall clock in its largest unit: `2 วัน`, `5 ชม.`, `18 นาที`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    thai = language == "th"
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return f"{days} วัน" if thai else f"{days} days"
    if minutes >= 60:
        return f"{minutes // 60} ชม." if thai else f"{minutes // 60} h"
    return f"{minutes} นาที" if thai else f"{minutes} min"


@dataclass(frozen=True, slots=True)
class Due:
    """What a deadline says: the moment, how far it is, and how it looks."""

    text: str
    distance: str
    tone: str  # "", "soon" or "late": the suffix of the `due--` class


def due(at: datetime | None, now: datetime, working: HasWorkingTime, language: str) -> Due | None:
    if at is None:
        return None
    thai = language == "th"
    text = when(at, language, now)
    if at < now:
        late = span(working.between(at, now), language)
        return Due(text, f"เลย {late}" if thai else f"{late} overdue", "late")
    left = working.between(now, at)
    distance = f"อีก {span(left, language)}" if thai else f"{span(left, language)} left"
    return Due(text, distance, "soon" if left <= SOON else "")
