"""Digits and dates as official papers write them; everything inside is Arabic and Christian era."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
BANGKOK = ZoneInfo("Asia/Bangkok")
_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def thai_digits(text: str) -> str:
    return text.translate(_DIGITS)


def arabic_digits(text: str) -> str:
    return text.translate(_ARABIC)


def long_date(day: date) -> str:
    """๑๒ กันยายน ๒๕๖๗"""
    return thai_digits(f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}")


def office_day(moment: datetime, zone: ZoneInfo = BANGKOK) -> date:
    """The date on the office's wall at this moment."""
    return moment.astimezone(UTC).astimezone(zone).date()
