"""Digits, dates, times and sums as official papers write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from office.documents.style.baht import in_words, numeral
from office.documents.style.finding import Mark
from office.documents.thai import MONTHS, long_date, thai_digits

_D = "[0-9๐-๙]"
#: no part of a longer figure stands before; before a time a dash may, as it is the end of another
_FREE_TIME = r"(?<![0-9A-Za-z๐-๙/:])(?<![0-9A-Za-z๐-๙][.,])"
_FREE = rf"(?<!-){_FREE_TIME}"
_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
_COUNTED = "บาท|คน|ราย|รายการ|ฉบับ|ชุด|แผ่น|หน้า|วัน|เดือน|ปี|ชั่วโมง|นาที|แห่ง|หน่วยงาน|เครื่อง|คัน|จังหวัด"
#: how far before figures the word stands that makes them a number instead of a date
NEAR = 24
_BUDDHIST, _CHRISTIAN = range(2400, 2700), range(1900, 2100)

_DIGITS = re.compile(r"[0-9](?:[.,:/-]?[0-9])*")
_FIGURES = re.compile("[0-9]+")
_SLASHED = re.compile(rf"{_FREE}({_D}{{1,2}})([/.-])({_D}{{1,2}})\2({_D}{{4}})(?![0-9A-Za-z๐-๙/-])")
_ISO = re.compile(rf"{_FREE}({_D}{{4}})-({_D}{{2}})-({_D}{{2}})(?![0-9A-Za-z๐-๙/-])")
_NUMBER_OF = re.compile(r"(?<!วัน)ที่ *$|(?:เลข|รหัส|ทะเบียน)(?:ที่)? *$")
_ABBREVIATED = re.compile(
    rf"(?<!{_D})({_D}{{1,2}}) *({'|'.join(map(re.escape, _SHORT))}) *(พ\.ศ\. *|ค\.ศ\. *)?"
    rf"({_D}{{4}}|{_D}{{2}})(?!{_D})"
)
_FOREIGN_YEAR = re.compile(rf"({_D}{{1,2}}) *({'|'.join(MONTHS)}) *({_D}{{4}})(?!{_D})")
_WEEKDAY = re.compile(
    rf"วัน({'|'.join(_WEEKDAYS)})ที่ *({_D}{{1,2}}) *({'|'.join(MONTHS)})"
    rf" *(?:พ\.ศ\. *)?({_D}{{4}})(?!{_D})"
)
_CLOCK = rf"({_D}{{1,2}}):({_D}{{2}})"
_RANGE = rf"({_D}{{1,2}})[:.]({_D}{{2}})( *(?:[-–]|ถึง) *)({_D}{{1,2}})[:.]({_D}{{2}})"
_BEFORE_UNIT, _NO_UNIT = r"(?= *น\.)", rf"(?![{_D[1:-1]}:.])(?! *น\.)(?![-–]{_D})"
_TIMES = tuple(
    re.compile(pattern)
    for one in (_RANGE, _CLOCK)
    for pattern in (f"{_FREE_TIME}{one}{_BEFORE_UNIT}", f"(?<=เวลา ){one}{_NO_UNIT}")
)
_NEEDS_SPACE = re.compile(
    rf"(?:(?<=พ\.ศ\.)|(?<=ค\.ศ\.)|(?<=ครั้งที่)|(?<=ฉบับที่)|(?<=วันที่)|(?<=มาตรา)|(?<=จำนวน)|(?<=เวลา))(?={_D})"
    rf"|(?<={_D})(?=(?:{_COUNTED})(?!ๆ))|(?<=[.:]{_D}{_D})(?=น\.)"
)
_UNGROUPED = re.compile(rf"{_FREE}({_D}{{4,12}})(?=(?:\.{_D}{{2}})? *บาท)")
_SUM = re.compile(rf"(?<![{_D[1:-1]},])({_D}[{_D[1:-1]},]*(?:\.{_D}{{2}})?) *บาท *\(([ก-๙]+)\)")


def digits(text: str) -> Iterator[Mark]:
    for match in _DIGITS.finditer(text):
        yield Mark("digits", *match.span(), thai_digits(match[0]))


def figures(text: str, start: int, end: int) -> Iterator[Mark]:
    """Each number of a run by itself."""
    for match in _FIGURES.finditer(text, start, end):
        yield Mark("digits", *match.span(), thai_digits(match[0]))


def dates(text: str) -> Iterator[Mark]:
    """Dates in figures or with shortened months."""
    for match in _SLASHED.finditer(text):
        if not _NUMBER_OF.search(text[max(0, match.start() - NEAR) : match.start()]):
            yield from _dated(match, match[1], int(match[3].translate(_ARABIC)), match[4])
    for match in _ISO.finditer(text):
        yield from _dated(match, match[3], int(match[2].translate(_ARABIC)), match[1])
    for match in _ABBREVIATED.finditer(text):
        year = match[4] if len(match[4]) == 4 else "25" + match[4]
        yield from _dated(match, match[1], _SHORT.index(match[2]) + 1, year)


def _dated(match: re.Match[str], day: str, month: int, year: str) -> Iterator[Mark]:
    if found := _day(day, month, year):
        yield Mark("date", *match.span(), long_date(found))


def _day(day: str, month: int, year: str) -> date | None:
    """The date, whichever era its year is of; None where there is no such day."""
    number = int(year.translate(_ARABIC))
    if number in _BUDDHIST:
        number -= 543
    elif number not in _CHRISTIAN:
        return None
    try:
        return date(number, month, int(day.translate(_ARABIC)))
    except ValueError:
        return None


def years(text: str) -> Iterator[Mark]:
    """A Christian year behind a Thai month."""
    for match in _FOREIGN_YEAR.finditer(text):
        if int(match[3].translate(_ARABIC)) in _CHRISTIAN:
            year = int(match[3].translate(_ARABIC)) + 543
            yield Mark("year", match.start(3), match.end(3), thai_digits(str(year)))


def weekdays(text: str) -> Iterator[Mark]:
    """The day of the week is not that date's; which of the two is wrong, only people know."""
    for match in _WEEKDAY.finditer(text):
        found = _day(match[2], MONTHS.index(match[3]) + 1, match[4])
        if found and _WEEKDAYS[found.weekday()] != match[1]:
            yield Mark("weekday", *match.span(), None)


def times(text: str) -> Iterator[Mark]:
    """A time with a colon; from and to as one."""
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            hour, minute, *rest = match.groups()
            mended = [_clock(hour, minute), *rest[:1], *([_clock(*rest[1:])] if rest else [])]
            if ":" in match[0] and all(mended):
                yield Mark("time", *match.span(), "".join(mended))


def _clock(hour: str, minute: str) -> str:
    """As it is printed; "" where there is no such time."""
    hour, minute = hour.translate(_ARABIC), minute.translate(_ARABIC)
    real = int(hour) < 24 and int(minute) < 60
    return thai_digits(f"{hour:>02}.{minute}") if real else ""


def spaces_at_numbers(text: str) -> Iterator[Mark]:
    for match in _NEEDS_SPACE.finditer(text):
        yield Mark("number_space", *match.span(), " ")


def sums(text: str) -> Iterator[Mark]:
    """A sum without commas."""
    for match in _UNGROUPED.finditer(text):
        plain = match[1].translate(_ARABIC)
        if not plain.startswith("0"):
            yield Mark("sum", *match.span(), thai_digits(f"{int(plain):,}"))


def sums_in_words(text: str) -> Iterator[Mark]:
    """Figures and words of a sum differ; which of the two is wrong, only people know."""
    for match in _SUM.finditer(text):
        plain = match[1].translate(_ARABIC)
        if numeral(plain) is not None and in_words(plain) != match[2]:
            yield Mark("sum_words", *match.span(), None)
