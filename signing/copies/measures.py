"""How large what copies bear is, in points, and how large a file may be."""

from __future__ import annotations

CM = 72 / 2.54
Size = tuple[float, float]

MOST_BYTES = 50 * 1024 * 1024
MOST_PAGES = 2_000
#: the field that whoever certifies a copy signs
FIELD = "certified_0001"
#: แบบที่ 12: 2.5 × 5 cm
STAMP: Size = (5 * CM, 2.5 * CM)
NOTE: Size = (7.4 * CM, 1.0 * CM)
HEAD: Size = (3 * CM, 0.8 * CM)
#: the foot of a certified page across an A4 sheet: note, room to sign, words of certification
FOOT: Size = (19 * CM, 3 * CM)
#: where the signature stands in it, and the words: left, bottom, right, top
SIGNATURE = (7.6 * CM, 0.2 * CM, 12.6 * CM, 2.8 * CM)
WORDS = (12.8 * CM, 0.0, 19 * CM, 3 * CM)
