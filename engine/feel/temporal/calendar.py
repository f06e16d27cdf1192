"""The proleptic Gregorian calendar in whole numbers, for years of any size and sign."""

from __future__ import annotations

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Days of 400 years, after which the calendar repeats.
_CYCLE = 146_097
#: Days from 0000-03-01 to 1970-01-01.
_EPOCH = 719_468


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. Years are counted from March, so that the leap day comes last."""
    if month <= 2:
        year -= 1
    cycle, year_of_cycle = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_cycle = year_of_cycle * 365 + year_of_cycle // 4 - year_of_cycle // 100 + day_of_year
    return cycle * _CYCLE + day_of_cycle - _EPOCH


def civil_from_days(days: int) -> tuple[int, int, int]:
    cycle, left = divmod(days + _EPOCH, _CYCLE)
    year_of_cycle = (left - left // 1460 + left // 36_524 - left // 146_096) // 365
    day_of_year = left - (365 * year_of_cycle + year_of_cycle // 4 - year_of_cycle // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return cycle * 400 + year_of_cycle + (month <= 2), month, day


def day_of_year(year: int, month: int, day: int) -> int:
    return days_from_civil(year, month, day) - days_from_civil(year, 1, 1) + 1


def weekday(days: int) -> int:
    """1 for Monday … 7 for Sunday."""
    return (days + 3) % 7 + 1


def iso_week(year: int, month: int, day: int) -> int:
    """The week that holds this day's Thursday, counted within that Thursday's year."""
    days = days_from_civil(year, month, day)
    thursday = days + 4 - weekday(days)
    return (day_of_year(*civil_from_days(thursday)) - 1) // 7 + 1
