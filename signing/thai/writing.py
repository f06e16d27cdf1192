"""Thai digits and dates, and text cut into what stays together when letters are spaced."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
_BUDDHIST_ERA = 543

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_CLUSTER = re.compile(
    "[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]+|.[\u0e31\u0e33-\u0e3a\u0e47-\u0e4e]*", re.S
)


def thai_digits(value: object) -> str:
    """`value` as text, its Arabic digits turned into Thai ones."""
    return str(value).translate(_THAI_DIGITS)


def clusters(text: str) -> list[str]:
    """`text` cut into letters with their marks."""
    return _CLUSTER.findall(text)


def thai_moment(at: datetime) -> str:
    """As in ๒๓ พฤศจิกายน ๒๕๖๙ เวลา ๐๙.๐๐ น., in Thailand's time."""
    local = at.astimezone(BANGKOK)
    year = local.year + _BUDDHIST_ERA
    return thai_digits(f"{local.day} {MONTHS[local.month - 1]} {year} เวลา {local:%H.%M} น.")
