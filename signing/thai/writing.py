"""Thai digits, and text cut into what stays together when letters are spaced."""

from __future__ import annotations

import re

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
