"""Where a line of Thai may end: by dictionary, minus the places where a reader would stumble.

Thai has no spaces between words, so a dictionary (thaibreak) proposes; the rules here dispose:
numbers, dates, references, addresses and titles stay whole, and no line begins with ๆ or ฯ.
"""

from __future__ import annotations

import re
from functools import lru_cache

import thaibreak

from signing.thai.writing import MONTHS

_MONTHS = "|".join(MONTHS)
_D = "[0-9๐-๙]"
_NUMBER = f"{_D}(?:[0-9๐-๙.,:/-]*{_D})?"
#: No line ends inside a match of one of these.
_WHOLE = tuple(
    re.compile(pattern)
    for pattern in (
        r"https?://[!-~]+",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+",
        r"[A-Za-z][A-Za-z0-9]*(?:[-_.'’][A-Za-z0-9]+)*",
        # a day with its month (the year may follow on the next line), an era with its year
        rf"{_D}{{1,2}} (?:{_MONTHS})",
        rf"(?:พ\.ศ\.|ค\.ศ\.)(?: ?{_D}{{4}})?",
        # a number with its marks, a span of two, a time, a telephone number
        rf"{_NUMBER}(?: - {_NUMBER})?(?: น\.)?",
        rf"โทร(?:สาร|\.) {_D}[0-9๐-๙ -]*",
        rf"[0๐] {_D}{{3,4}} {_D}{{4}}",
        # a word that counts before its number, a number before what it counts
        rf"(?:(?:วัน|ครั้ง|ฉบับ|ชุด|วาระ)?ที่|ข้อ|มาตรา|ห้อง|ชั้น|หมายเลข|จำนวน|หน้า|ร้อยละ|เวลา) {_NUMBER}",
        rf"{_NUMBER} (?:บาท|คน|วัน|เดือน|ปี|ครั้ง|ฉบับ|ชุด|แผ่น|หน้า|รายการ|แห่ง|รุ่น|ประเด็น|ชั่วโมง)",
        # a list's number before its first word
        rf"(?:(?<= )|^)(?:{_D}{{1,2}}\.(?:{_D}{{1,2}}\.?)*|\({_D}{{1,2}}\)) .",
        # a letter's number: ที่ ตย ๐๒๐๑.๓/ว ๗๘๙
        rf"(?:ที่ )?[ก-ฮ]{{2,4}}\.? (?:\([ก-ฮ]+\) )?{_D}{{3,4}}[0-9๐-๙.]*/(?:[วล] )?{_D}+",
        r"\([ก-ฮ]{1,3}\)",
        "(?:(?<= )|^)ณ .",  # a preposition of one letter is lost at a line's end
        # the dictionary's known slips in official prose
        "ธรรมาภิบาล|ผลกระทบ|อิเล็กทรอนิกส์|อำนวยการ|คูคลอง|ตื้นเขิน|พระราชบัญญัติ",
    )
)
_NEVER_FIRST = frozenset("ๆฯะาำๅ" + "\u0e31" + ")]}”’»,.;:!?%" + "ๆ")
#: The hyphen, because readers take one at a line's end for a divided word and drop it.
_NEVER_LAST = frozenset("([{“‘«เแโใไ-\u2010")
_MANY = 4096


@lru_cache(_MANY)
def opportunities(text: str) -> frozenset[int]:
    """The offsets at which a new line may begin; the spaces before one belong to the line above."""
    found = _proposed(text)
    for pattern in _WHOLE:
        for whole in pattern.finditer(text):
            found.difference_update(range(whole.start() + 1, whole.end()))
    return frozenset(at for at in found if _allowed(text, at))


def _proposed(text: str) -> set[int]:
    """What the dictionary says, as offsets; and after every run of spaces."""
    found, at = set(), 0
    for part in thaibreak.lines(text).split("\u200b"):
        at += len(part)
        found.add(at)
    if at != len(text):  # the library lost or added something: break at spaces alone
        found = set()
    found.update(space.end() for space in re.finditer(" +", text))
    return found


def _allowed(text: str, at: int) -> bool:
    if not 0 < at < len(text) or text[at] == " ":
        return False
    return text[at] not in _NEVER_FIRST and text[:at].rstrip(" ")[-1:] not in _NEVER_LAST
