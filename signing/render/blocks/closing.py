"""The end of a document: closing words, the signature and its post, the owner and preparers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from signing.pdf.structure import Box
from signing.render.paragraph import Shape
from signing.render.sheet import BEFORE, CM, LEADING, WIDTH, Sheet
from signing.render.strips import Stage, Strip, beside, glue_to_previous, spaced

#: "Then three blank lines for the signature."
_SIGNATURE_HEIGHT = 3 * LEADING
_FIELD_WIDTH = 7.5 * CM
_FIELD_MARGIN = 2.0
#: the seal's diameter; lower room is for no seal, and as wide as for a signature
_SEAL = 4.5 * CM
#: where an organisation's electronic seal goes
SEAL_FIELD = "agency_seal"
_PREPARERS = (("draft", "ร่าง"), ("type", "พิมพ์"), ("check", "ตรวจ"))
_PREPARERS_SIZE = 14.0
_PREPARERS_LEFT = 10.5 * CM
#: Ranks and academic titles stand before the signature, the name alone in the brackets.
_RANK = re.compile(
    "(?:ว่าที่)?(?:พล(?:เรือ|อากาศ|ตำรวจ)?(?:เอก|โท|ตรี|จัตวา)|"
    "(?:พัน|นาวา|นาวาอากาศ|พันตำรวจ)(?:เอก|โท|ตรี)(?:พิเศษ)?|"
    "(?:ร้อย|เรือ|เรืออากาศ|ร้อยตำรวจ)(?:เอก|โท|ตรี)|"
    "(?:ผู้ช่วย|รอง)?ศาสตราจารย์(?!า)) ?"
)


def signature(
    sheet: Sheet,
    *,
    field: str = "sig_0001",
    name: str = "signer",
    positions: str | Sequence[str] = "position_lines",
    closing: str | None = None,
    axis_cm: float = 9.5,
    before: float = 2 * BEFORE,
) -> list[Strip]:
    """Closing words, room for the signature (with its field), name in brackets, posts.

    All stays together and with the last lines of the body. `positions` names a field, or gives
    the lines themselves.
    """
    signer = sheet.fields.text(name)
    if not signer:
        return []
    axis = _Axis(sheet, axis_cm * CM)
    rank, rest = _divided(signer)
    words = sheet.fields.text(closing) if closing else ""
    lines = sheet.fields.texts(positions) if isinstance(positions, str) else list(positions)
    strips = [
        *(axis.line(words) if words else []),
        *_room(sheet, field, rank, axis),
        *axis.line(f"({rest})"),
        *(strip for line in lines for strip in axis.line(line)),
    ]
    return glue_to_previous(spaced(strips, before))


def seal(
    sheet: Sheet,
    *,
    above: Sequence[str | Sequence[str]],
    below: Sequence[str] = (),
    height_cm: float = 4.5,
    field: str = "sig_0001",
    axis_cm: float = 9.5,
) -> list[Strip]:
    """Instead of a signature: whose document it is, room for its seal, and the date.

    Where the document is going to have an electronic seal (`agency_seal`), the room is that one's,
    and who answers for it signs beside.
    """
    axis = _Axis(sheet, axis_cm * CM)
    before, after = (
        [text for entry in entries for text in sheet.fields.lines(entry)]
        for entries in (above, below)
    )
    strips = [
        *(strip for text in before for strip in axis.line(text)),
        _square(field, height_cm * CM, axis, sealed=bool(sheet.fields.value("agency_seal"))),
        *(strip for text in after for strip in axis.line(text)),
    ]
    return glue_to_previous(spaced(strips, 2 * BEFORE))


def _square(field: str, side: float, axis: _Axis, *, sealed: bool) -> Strip:
    def draw(stage: Stage, top: float) -> None:
        x = stage.left + axis.at
        edge = side - 2 * _FIELD_MARGIN
        box: Box = (x - edge / 2, top - edge - _FIELD_MARGIN, x + edge / 2, top - _FIELD_MARGIN)
        if not sealed:
            half = (edge if side >= _SEAL else min(_FIELD_WIDTH, 2 * axis.at)) / 2
            stage.signature(field, (x - half, box[1], x + half, box[3]))
            return
        stage.signature(SEAL_FIELD, box)
        middle, end = top - side / 2, stage.left + WIDTH
        half = min(_SIGNATURE_HEIGHT, edge) / 2
        stage.signature(field, (box[2] + 2 * _FIELD_MARGIN, middle - half, end, middle + half))

    return Strip(side, draw)


def _divided(signer: str) -> tuple[str, str]:
    found = _RANK.match(signer)
    return (signer[: found.end()].strip(), signer[found.end() :]) if found else ("", signer)


class _Axis:
    """The vertical about which a signature block is centred."""

    def __init__(self, sheet: Sheet, at: float) -> None:
        self._sheet = sheet
        self.at = at
        half = min(at, WIDTH - at)
        self._shape = Shape(align="centre", left=at - half, width=2 * half, keep=True)

    def line(self, text: str) -> list[Strip]:
        return self._sheet.text(text, self._shape)


def _room(sheet: Sheet, field: str, rank: str, axis: _Axis) -> list[Strip]:
    """The empty lines where the signature goes, the rank before it."""
    width = min(_FIELD_WIDTH, 2 * axis.at)

    def draw(stage: Stage, top: float) -> None:
        x = stage.left + axis.at
        bottom = top - _SIGNATURE_HEIGHT + _FIELD_MARGIN
        box: Box = (x - width / 2, bottom, x + width / 2, top - _FIELD_MARGIN)
        stage.signature(field, box)

    room = Strip(_SIGNATURE_HEIGHT, draw)
    if not rank:
        return [room]
    left = max(axis.at - width / 2 - sheet.width(rank) - BEFORE, 0.0)
    written = [replace(s, height=_SIGNATURE_HEIGHT) for s in sheet.text(rank, Shape(left=left))]
    return beside([room], written)


def foot(
    sheet: Sheet,
    *,
    lines: Sequence[str | Sequence[str]],
    copies: str | None = None,
    gap_lines: int = 3,
) -> list[Strip]:
    """At the left the owning unit and how to reach it, at the right who prepared the document.

    The blank lines above may shrink to one where that saves a page.
    """
    found = [text for entry in lines for text in sheet.fields.lines(entry)]
    named = _preparers(sheet)
    shape = Shape(width=_PREPARERS_LEFT - BEFORE if named else WIDTH)
    left = [strip for text in found for strip in sheet.text(text, shape)]
    left += _copies(sheet, copies, shape) if copies else []
    rows = beside(left, named)
    if not rows:
        return []
    gap = gap_lines * LEADING
    first = replace(rows[0], before=gap, shrink=gap - LEADING / 2)
    return glue_to_previous([first, *rows[1:]])


def _copies(sheet: Sheet, path: str, shape: Shape) -> list[Strip]:
    """สำเนาส่ง: the first recipient beside the words, the others below it."""
    recipients = sheet.fields.texts(path)
    if not recipients:
        return []
    label = "สำเนาส่ง"
    indent = sheet.width(f"{label}  ")
    column = Shape(left=indent, width=(shape.width or WIDTH) - indent)
    values = [strip for text in recipients for strip in sheet.text(text, column)]
    return beside(sheet.text(label, Shape()), values)


def _preparers(sheet: Sheet) -> list[Strip]:
    if not sheet.options.preparers:
        return []
    shape = Shape(left=_PREPARERS_LEFT)
    strips: list[Strip] = []
    for key, label in _PREPARERS:
        name = sheet.fields.text(f"preparers.{key}")
        if name:
            strips += sheet.text([sheet.run(f"{label} {name}", _PREPARERS_SIZE)], shape)
    return strips
