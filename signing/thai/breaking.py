"""Where a line of Thai may end: by dictionary, minus the places where a reader would stumble.

Thai has no spaces between words, so a dictionary (thaibreak) proposes, and what it holds as one
word although it is two (compounds.txt) is opened; the rules here dispose: numbers, dates,
references, addresses and titles stay whole, and no line begins with ๆ or ฯ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import thaibreak

from signing.thai.writing import MONTHS, clusters

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
        # the dictionary's known slips in official prose; พระ begins a title or an honour
        "ธรรมาภิบาล|อิเล็กทรอนิกส์|อำนวยการ|คูคลอง|ตื้นเขิน|พระราชบัญญัติ|ยังชีพ|ยี่สิบ|ฉับพลัน",
        "(?:(?<=ผู้)|(?<=ช่วย)|(?<=รัฐมนตรี))ว่าการ",
        "พระ[ก-ฮเ-ไ]",
    )
)
_NEVER_FIRST = frozenset("ๆฯะาำๅ" + "\u0e31" + ")]}”’»,.;:!?%" + "ๆ")
#: The hyphen, because readers take one at a line's end for a divided word and drop it.
_NEVER_LAST = frozenset("([{“‘«เแโใไ-\u2010")
#: letters of a syllable; a row of dots is none
_LONGEST = 8
_JOINERS = frozenset("-\u2010")
_MANY = 4096
#: Of Thai words: not the baht sign, digits, ฯ and ๆ.
_LETTERS = frozenset(
    map(chr, (*range(0xE01, 0xE2F), *range(0xE30, 0xE3B), *range(0xE40, 0xE4F)))
) - {"ๆ"}
_WORD = re.compile(f"[{''.join(sorted(_LETTERS))}]+")
#: Behind these a line may end whatever follows in the same word.
_HEADS = ("ผู้", "ความ", "เครื่อง")


def _compounds() -> dict[str, int]:
    """Each word of compounds.txt with the length of its first part."""
    lines = Path(__file__).with_name("compounds.txt").read_text("utf-8").splitlines()
    entries = [line.split() for line in lines if not line.startswith("#")]
    return {head + tail: len(head) for head, *tails in entries for tail in tails}


_COMPOUNDS = _compounds()


def opportunities(text: str) -> frozenset[int]:
    """The offsets at which a new line may begin; the spaces before one belong to the line above."""
    return _ends(text)[0]


def between_words(text: str) -> frozenset[int]:
    """Those of them that divide no compound: where one has the choice, a line ends better there."""
    return _ends(text)[1]


@lru_cache(_MANY)
def _ends(text: str) -> tuple[frozenset[int], frozenset[int]]:
    words, joints = _proposed(text)
    found = words | joints
    for pattern in _WHOLE:
        for whole in pattern.finditer(text):
            found.difference_update(range(whole.start() + 1, whole.end()))
    allowed = frozenset(at for at in found if _allowed(text, at))
    return allowed, allowed - joints


def _proposed(text: str) -> tuple[set[int], set[int]]:
    """Offsets: behind the dictionary's words and after every run of spaces; and inside words."""
    words, joints, at = set(), set(), 0
    for part in thaibreak.lines(text).split("\u200b"):
        for inner in _inside(part):
            joints.add(at + inner)
        at += len(part)
        words.add(at)
    if at != len(text):  # the library lost or added something: break at spaces alone
        words, joints = set(), set()
    words.update(space.end() for space in re.finditer(" +", text))
    return words, joints


@lru_cache(_MANY)
def _inside(part: str) -> tuple[int, ...]:
    """Where the parts of a compound meet, and those of its parts."""
    return tuple(word.start() + at for word in _WORD.finditer(part) for at in _joints(word[0]))


def _joints(word: str) -> tuple[int, ...]:
    at = _COMPOUNDS.get(word, 0)
    if not at:
        at = next((len(head) for head in _HEADS if word.startswith(head)), 0)
    if not 0 < at < len(word):
        return ()
    later = (at + more for more in _joints(word[at:]))
    return (*_joints(word[:at]), at, *later)


def syllables(text: str) -> list[str]:
    """Letters with their marks and with the vowels and signs that stand before and behind them:
    where a word that is wider than a line is cut.
    """
    found: list[str] = []
    for part in clusters(text):
        joins = found and (part[0] in _NEVER_FIRST or found[-1][-1] in _NEVER_LAST - _JOINERS)
        if joins and len(found[-1]) < _LONGEST:
            found[-1] += part
        else:
            found.append(part)
    return found


def _allowed(text: str, at: int) -> bool:
    if not 0 < at < len(text) or text[at] == " " or text[at] in _NEVER_FIRST:
        return False
    last = at - 1
    while last > 0 and text[last] == " ":
        last -= 1
    return text[last] not in _NEVER_LAST and not _lone(text, at)


def _lone(text: str, at: int) -> bool:
    """Whether one letter at the start or the end of a run would be cut off: no word is so short."""
    if text[at - 1] not in _LETTERS or text[at] not in _LETTERS:
        return False
    return at < 2 or text[at - 2] not in _LETTERS or text[at + 1 : at + 2] not in _LETTERS
