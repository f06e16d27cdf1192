"""How names are sorted, shortened and coloured, the same on every database and machine."""

from __future__ import annotations

import unicodedata
import zlib

LEADING_VOWELS = "เแโใไ"
#: ่ ้ ๊ ๋ ็ ์: dictionaries compare them only where the letters are equal
MARKS = "\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
COLOURS = 5


def sort_key(text: str) -> str:
    """A key whose code-point order is dictionary order: Latin first, then Thai.

    A leading vowel is sounded, and sorted, after its consonant: เก is ordered as กเ. Tone marks
    count last, with their place, so that they never outweigh a later letter.
    """
    letters: list[str] = []
    marks: list[str] = []
    source = unicodedata.normalize("NFC", text).casefold()
    position = 0
    while position < len(source):
        taken = _syllable_start(source, position)
        for letter in taken:
            if letter in MARKS:
                marks.append(f"{len(letters):03}{letter}")
            else:
                letters.append(letter)
        position += len(taken)
    return "".join(letters) + "\t" + "".join(marks)


def _syllable_start(source: str, position: int) -> str:
    pair = source[position : position + 2]
    if len(pair) == 2 and pair[0] in LEADING_VOWELS and "ก" <= pair[1] <= "ฮ":
        return pair[1] + pair[0]
    return source[position]


def full_name(title: str, given: str, family: str) -> str:
    """As printed: Thai titles stand against the name, others before a space."""
    thai = bool(title) and not title.isascii()
    head = f"{title}{given}" if thai else f"{title} {given}".strip()
    return f"{head} {family}".strip()


def initials(given: str, family: str) -> str:
    return "".join(_first_letter(part) for part in (given, family) if part)[:2]


def _first_letter(word: str) -> str:
    """The first consonant: a leading vowel alone names nobody."""
    rest = word.lstrip(LEADING_VOWELS) or word
    return rest[0].upper()


def colour(username: str) -> int:
    """One of the five avatar colours, always the same for the same person."""
    return zlib.crc32(username.encode()) % COLOURS + 1
