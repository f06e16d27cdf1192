"""Spaces around ๆ, ฯ and ฯลฯ, and characters that only look right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from office.documents.style.finding import Mark

#: what may follow a sign without a space
_CLOSING = r")\]”\"’',.;:!?/ๆฯ"
_REPEAT_BEFORE = re.compile(r"(?<=[^\sๆ(“\"\[])(?=ๆ)")
_REPEAT_AFTER = re.compile(rf"(?<=ๆ)(?=[^\s{_CLOSING}])")
_ETC_BEFORE = re.compile(r"(?<=[^\s(“\"\[])(?=ฯลฯ)")
_ETC_AFTER = re.compile(rf"(?<=ฯลฯ)(?=[^\s{_CLOSING}])")
#: ฯ that cuts a name short: not ฯลฯ, nor the title ฯพณฯ
_CUT_BEFORE = re.compile("(?<=[ก-ฮะ-์])[ \t\u00a0]+(?=ฯ(?!ลฯ|พณฯ))")
_CUT_AFTER = re.compile(rf"(?<=[ก-ฮะ-์ ])(?<!ฯล)(?<!ฯพณ)ฯ(?=[^\s{_CLOSING}])(?!ลฯ|พณฯ)")
_GAP = re.compile("(?<=\\S)[ \t\u00a0]+(?=\\S)")
#: two spaces part sentences; nothing parts more
WIDEST = 2
_TWO_E = re.compile("เเ")
_SPLIT_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32")


def repeated(text: str) -> Iterator[Mark]:
    for pattern in (_REPEAT_BEFORE, _REPEAT_AFTER):
        for match in pattern.finditer(text):
            yield Mark("repeat", *match.span(), " ")


def cut_short(text: str) -> Iterator[Mark]:
    for pattern in (_ETC_BEFORE, _ETC_AFTER):
        for match in pattern.finditer(text):
            yield Mark("etc", *match.span(), " ")
    for match in _CUT_BEFORE.finditer(text):
        yield Mark("cut", *match.span(), "")
    for match in _CUT_AFTER.finditer(text):
        yield Mark("cut", match.end(), match.end(), " ")


def wide(text: str) -> Iterator[Mark]:
    for match in _GAP.finditer(text):
        taken_away = _CUT_BEFORE.match(text, match.start())
        if not taken_away and (len(match[0]) > WIDEST or match[0].strip(" ")):
            yield Mark("wide", *match.span(), " ")


def letters(text: str) -> Iterator[Mark]:
    """Two เ for แ, and ำ in two parts: searches do not find such words."""
    for match in _TWO_E.finditer(text):
        yield Mark("letters", *match.span(), "แ")
    for match in _SPLIT_AM.finditer(text):
        yield Mark("letters", *match.span(), match[1] + "ำ")
