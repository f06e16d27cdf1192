"""The simple conditions that a form can offer: one field, one comparison, one value.

Of a field for files, their number is compared: what FEEL knows of a file is no value to compare.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from forms.thai import western
from office.chains.model import Chain, Field, called

#: FEEL's comparison to its words in Thai and English
COMPARISONS: Mapping[str, tuple[str, str]] = {
    ">": ("เกิน", "is more than"),
    ">=": ("ตั้งแต่", "is at least"),
    "<": ("น้อยกว่า", "is less than"),
    "<=": ("ไม่เกิน", "is at most"),
    "=": ("เท่ากับ", "is"),
    "!=": ("ไม่เท่ากับ", "is not"),
}
_SIMPLE = re.compile(
    r"([^\W\d]\w*) (>=|<=|!=|>|<|=) "
    r'(-?\d{1,30}(?:\.\d{1,30})?|"[^"\\]*"|true|false|date\("[^"\\]*"\))'
)
_COUNTED = re.compile(r"count\(([^\W\d]\w*)\) (>=|<=|!=|>|<|=) ([0-9]{1,3})")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
#: a name beside a comparison, and not what is taken out of it
_COMPARED = r"(?<![\w.])(?:{0}\s*(?:[=<>]|!=)|(?<=[=<>])\s*{0}(?!\w|\s*[\[.(]))"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Test:
    """`value` as a person writes it, without quotes."""

    __test__ = False

    field: str
    comparison: str
    value: str


def read_test(condition: str, known: Callable[[str], Field | None]) -> Test | None:
    """None: the condition is none of the simple ones. `known`: a field by its key."""
    counted = _COUNTED.fullmatch(condition)
    if counted is not None and _holds_files(known(counted[1])):
        return Test(*counted.groups())
    found = _SIMPLE.fullmatch(condition)
    if found is None:
        return None
    value = found[3].removeprefix("date(").removesuffix(")") if "date(" in found[3] else found[3]
    return Test(found[1], found[2], value.strip('"'))


def _holds_files(field: Field | None) -> bool:
    return field is not None and field.kind == "files"


def files_compared(condition: str, chain: Chain) -> Field | None:
    """A field for files that the condition compares with a value, which would never hold; how many
    there are, and what is known of one of them, it may ask.
    """
    said = _TEXT.sub('""', condition)
    for field in chain.known:
        if field.kind == "files" and re.search(_COMPARED.format(re.escape(field.key)), said):
            return field
    return None


def day(text: str) -> date:
    """The day that FEEL's date() takes this for. ValueError: none."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"Expected a day as in 2026-01-31, but got {text!r:.40}.")
    return date.fromisoformat(text)


def compares(condition: str, test: Test, field: Field) -> bool:
    """Whether the condition, read as this test, can hold: FEEL knows no Thai digits and no
    30 February.
    """
    if field.kind not in ("number", "date", "files"):
        return True
    try:
        return write_test(test, field) == condition
    except ValueError:
        return False


def write_test(test: Test, field: Field) -> str:
    """FEEL. ValueError where the value does not fit the field."""
    asked = f"count({test.field})" if field.kind == "files" else test.field
    return f"{asked} {test.comparison} {_literal(test.value.strip(), field)}"


def _literal(value: str, field: Field) -> str:
    match field.kind:
        case "number":
            plain = western(value).replace(",", "")
            if not _NUMBER.fullmatch(plain):
                raise ValueError(value)
            return plain
        case "files":
            return str(_count(value))
        case "check":
            return "true" if value in ("true", "1", "ใช่", "yes") else "false"
        case "date":
            return f'date("{day(western(value))}")'
        case _:
            if '"' in value or "\\" in value:
                raise ValueError(value)
            return f'"{value}"'


def _count(value: str) -> int:
    plain = western(value)
    if not re.fullmatch(r"[0-9]{1,3}", plain):
        raise ValueError(value)
    return int(plain)


def grouped(number: str) -> str:
    """A number as people write it; what is none stays as it is."""
    whole, dot, rest = number.partition(".")
    minus, digits = "-" * whole.startswith("-"), whole.removeprefix("-")
    return f"{minus}{int(digits):,}{dot}{rest}" if digits.isdecimal() else number


def told(condition: str, chain: Chain, english: bool) -> str:
    """The condition for people: “วงเงิน เกิน 100,000”."""
    test = read_test(condition, chain.field)
    field = chain.field(test.field) if test else None
    if test is None or field is None:
        return condition
    value = test.value
    if field.kind == "files":
        return _files_told(test, called(field, english=english), english)
    if field.kind == "number":
        value = grouped(value)
    elif field.kind == "check":
        yes = value == "true"
        value = ("yes" if yes else "no") if english else ("ใช่" if yes else "ไม่ใช่")
    return f"{called(field, english=english)} {COMPARISONS[test.comparison][english]} {value}"


def _files_told(test: Test, label: str, english: bool) -> str:
    asked = (test.comparison, test.value)
    if asked in ((">=", "1"), (">", "0"), ("!=", "0")):
        return f"there is a file in “{label}”" if english else f"มีไฟล์ใน “{label}”"
    if asked in (("=", "0"), ("<", "1"), ("<=", "0")):
        return f"there is no file in “{label}”" if english else f"ไม่มีไฟล์ใน “{label}”"
    compared = f"{COMPARISONS[test.comparison][english]} {test.value}"
    if english:
        return f"the number of files in “{label}” {compared}"
    return f"จำนวนไฟล์ใน “{label}” {compared}"
