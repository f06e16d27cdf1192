"""Which drawing of a Thai mark stands in which neighbourhood, and how each reads back.

A tone mark sits low over a bare consonant, high over an upper vowel and further left beside the
tall tail of ป ฝ ฟ; vowels below move under the tails of ฎ ฏ, and ญ ฐ lose their foot. Fonts hold
these drawings at private code points (Microsoft's and TLWG's F700–F71A; ours from E8C0): choosing
one is a table, so no shaping engine runs when a page is set, and every chosen glyph can be
written into the page's text layer as the character it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Container

TONES = "\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
UPPER_VOWELS = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e47\u0e4d"
LOWER_VOWELS = "\u0e38\u0e39\u0e3a"
SARA_AM = "\u0e33"
SARA_AA = "\u0e32"
TALL_TAIL = "ปฝฟ"
LONG_FOOT = "ฎฏ"
PLAIN = "".join(c for c in map(chr, range(0x0E01, 0x0E2F)) if c not in TALL_TAIL + "\u0e24\u0e26")


def _from(first: int, characters: str) -> dict[str, str]:
    return {character: chr(first + n) for n, character in enumerate(characters)}


LOW_TONE = _from(0xF70A, TONES)
LOW_TONE_LEFT = _from(0xF705, TONES)
HIGH_TONE_LEFT = _from(0xF713, TONES)
VOWEL_LEFT = {
    "\u0e34": "\uf701",
    "\u0e35": "\uf702",
    "\u0e36": "\uf703",
    "\u0e37": "\uf704",
    "\u0e31": "\uf710",
    "\u0e4d": "\uf711",
    "\u0e47": "\uf712",
}
VOWEL_UNDER_FOOT = _from(0xF718, LOWER_VOWELS)
FOOTLESS = {"\u0e0d": "\uf70f", "\u0e10": "\uf700"}

# What the public code points have no room for: our own, present in fonts that `bake` derived.
AM_TONE = _from(0xE8C0, TONES[:4])  # nikhahit and tone together, before sara am
AM_TONE_LEFT = _from(0xE8C4, TONES[:4])
AM_AA = "\ue8c8"  # the sara aa after AM_TONE; it reads back as the sara am it completes
AM_LEFT = "\ue8c9"  # sara am whose nikhahit is moved left
#: Over each upper vowel its own height: one slot for all would be up to 0.074 em off.
TONE_OVER = {
    (vowel, tone): chr(0xE900 + len(TONES) * i + j)
    for i, vowel in enumerate(UPPER_VOWELS[:-1])  # nikhahit and a tone are one glyph in fonts
    for j, tone in enumerate(TONES)
}
TONE_OVER_LEFT = {key: chr(ord(code) + 0x40) for key, code in TONE_OVER.items()}

#: Each private code point and the character it stands for in the text layer.
READS_AS: dict[str, str] = {
    **{
        variant: character
        for table in (
            LOW_TONE,
            LOW_TONE_LEFT,
            HIGH_TONE_LEFT,
            VOWEL_LEFT,
            VOWEL_UNDER_FOOT,
            FOOTLESS,
            AM_TONE,
            AM_TONE_LEFT,
        )
        for character, variant in table.items()
    },
    **{code: tone for table in (TONE_OVER, TONE_OVER_LEFT) for (_, tone), code in table.items()},
    AM_AA: SARA_AM,
    AM_LEFT: SARA_AM,
}

#: Every font must hold these, or Thai set in it collides with itself.
ESSENTIAL = frozenset(
    [*LOW_TONE.values(), *LOW_TONE_LEFT.values(), *HIGH_TONE_LEFT.values(), *VOWEL_LEFT.values()]
)

_MARK = re.compile(f"[\u0e31{SARA_AM}\u0e34-\u0e3a\u0e47-\u0e4e]")
_CLUSTER = re.compile(f"([ก-ฮฤฦ])([{UPPER_VOWELS}{LOWER_VOWELS}]?)([{TONES}]?)({SARA_AM}?)")


def placed(text: str, has: Container[str]) -> str:
    """`text` with each Thai mark replaced by its drawing for this neighbourhood.

    `has` are the characters of the font; a drawing it lacks is replaced by the next best.
    """
    if not _MARK.search(text):
        return text
    return _CLUSTER.sub(lambda m: _cluster(m[1], m[2], m[3], m[4], has), text)


def _cluster(base: str, vowel: str, tone: str, am: str, has: Container[str]) -> str:
    left = base in TALL_TAIL
    drawn_tone, drawn_am = _tone_and_am(vowel, tone, am, has, left=left)
    drawn_base, drawn_vowel = _base_and_vowel(base, vowel, left=left)
    return drawn_base + drawn_vowel + drawn_tone + drawn_am


def _base_and_vowel(base: str, vowel: str, *, left: bool) -> tuple[str, str]:
    if not vowel:
        return base, ""
    if vowel in LOWER_VOWELS:
        if base in LONG_FOOT:
            return base, VOWEL_UNDER_FOOT[vowel]
        return (FOOTLESS.get(base, base) if vowel != "\u0e3a" else base), vowel
    return base, VOWEL_LEFT[vowel] if left else vowel


def _tone_and_am(
    vowel: str, tone: str, am: str, has: Container[str], *, left: bool
) -> tuple[str, str]:
    if am:
        return _before_am(tone, has, left=left)
    if not tone:
        return "", ""
    if not vowel or vowel in LOWER_VOWELS:
        return (LOW_TONE_LEFT if left else LOW_TONE)[tone], ""
    exact = (TONE_OVER_LEFT if left else TONE_OVER).get((vowel, tone))
    return exact if exact is not None and exact in has else _high(tone, left=left), ""


def _before_am(tone: str, has: Container[str], *, left: bool) -> tuple[str, str]:
    if not tone:
        return "", AM_LEFT if left and AM_LEFT in has else SARA_AM
    joined = (AM_TONE_LEFT if left else AM_TONE).get(tone)
    if joined is not None and joined in has:
        return joined, AM_AA
    return _high(tone, left=left), SARA_AM


def _high(tone: str, *, left: bool) -> str:
    return HIGH_TONE_LEFT[tone] if left else tone
