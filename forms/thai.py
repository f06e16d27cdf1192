"""How people in Thailand write digits and dates: Thai numerals, Buddhist years, Thai months."""

from __future__ import annotations

import re
from datetime import date

#: Buddhist years run ahead of the Common Era by this much.
BUDDHIST = 543
#: A year above this is Buddhist (2400 B.E. is 1857): no letter of ours is older.
LAST_COMMON_YEAR = 2400

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2}) *([^\d\s]+) *(?:พ\.ศ\.|ค\.ศ\.)? *(\d{4})", re.ASCII)
_MONTH_NUMBERS = {
    name.casefold().rstrip("."): number
    for names in (MONTHS, SHORT_MONTHS, ENGLISH_MONTHS, tuple(n[:3] for n in ENGLISH_MONTHS))
    for number, name in enumerate(names, 1)
}
_CITIZEN = re.compile(r"\d{13}", re.ASCII)


def western(text: str) -> str:
    """The same text with Thai digits turned into Arabic ones."""
    return text.translate(_DIGITS)


def parse_date(text: str) -> date | None:
    """The day that `text` names: ISO, 23/11/2569, 23 พ.ย. 2569, Thai digits; None if it is none."""
    text = western(text).strip()
    if found := _ISO.fullmatch(text):
        return _day(found[1], int(found[2]), found[3])
    if found := _NUMERIC.fullmatch(text):
        return _day(found[3], int(found[2]), found[1])
    if found := _NAMED.fullmatch(text):
        month = _MONTH_NUMBERS.get(found[2].casefold().rstrip("."))
        return (month and _day(found[3], month, found[1])) or None
    return None


def _day(year: str, month: int, day: str) -> date | None:
    common = int(year) - BUDDHIST if int(year) > LAST_COMMON_YEAR else int(year)
    try:
        return date(common, month, int(day))
    except ValueError:
        return None


def citizen_number(text: str) -> str | None:
    """The 13 digits of a Thai citizen number whose check digit holds, else None."""
    digits = re.sub(r"[\s-]", "", western(text))
    if not _CITIZEN.fullmatch(digits):
        return None
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits[:12]))
    return digits if (11 - total % 11) % 10 == int(digits[12]) else None
