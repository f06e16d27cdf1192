"""Who was at a meeting: numbered, with post and part, in columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from signing.errors import Unrenderable
from signing.pdf.structure import Element
from signing.render.paragraph import Shape
from signing.render.sheet import BEFORE, CM, WIDTH, Sheet
from signing.render.strips import Strip, beside, glue, spaced
from signing.thai import thai_digits

_NAME, _POST, _PART = 0.9 * CM, 6.2 * CM, 12.4 * CM
_GAP = 0.3 * CM


def people(sheet: Sheet, *, label: str, value: str, part: str) -> list[Strip]:
    """A heading and a row for each person; `part` names the field of the last column (role, or
    the reason for being away). Left out when nobody is listed.
    """
    records = sheet.fields.records(value)
    if not records:
        return []
    heading = sheet.text([sheet.run(label, bold=True)], Shape(before=2 * BEFORE), "H2")
    found = sheet.root.add("L")
    rows = [
        strip
        for n, (path, record) in enumerate(records)
        for strip in _row(sheet, found.add("LI"), n, path, record, part)
    ]
    return [*glue([*heading, *rows[:1]]), *rows[1:]]


def _row(
    sheet: Sheet, item: Element, n: int, path: str, record: Mapping[str, Any], part: str
) -> list[Strip]:
    name = _text(sheet, path, record, "name")
    if not name:
        raise Unrenderable(f"{path}.name", "Expected a name, but it is missing. Fill it in.")
    number, row = item.add("Lbl"), item.add("LBody")
    columns = (
        (number, f"{thai_digits(n + 1)}.", 0.0, _NAME),
        (row, name, _NAME, _POST - _GAP),
        (row, _post(sheet, path, record), _POST, _PART - _GAP),
        (row, _text(sheet, path, record, part), _PART, WIDTH),
    )
    strips: list[Strip] = []
    for element, text, left, right in columns:
        column = Shape(left=left, width=right - left, keep=True)
        strips = beside(strips, sheet.text(text, column, element=element))
    return glue(spaced(strips, 0.0))


def _post(sheet: Sheet, path: str, record: Mapping[str, Any]) -> str:
    post = _text(sheet, path, record, "position")
    instead = _text(sheet, path, record, "substitute_for")
    return f"{post} (แทน {instead})" if instead else post


def _text(sheet: Sheet, path: str, record: Mapping[str, Any], key: str) -> str:
    return sheet.fields.checked(f"{path}.{key}", record.get(key))
