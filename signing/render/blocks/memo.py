"""The head of a memo (บันทึกข้อความ): its title beside the emblem, labels on dotted leaders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from signing.pdf.content import Piece
from signing.pdf.structure import Element
from signing.render.blocks.head import marked, urgency
from signing.render.paragraph import Shape
from signing.render.sheet import CM, SIZE, WIDTH, Sheet
from signing.render.strips import Stage, Strip, glue

_TITLE_SIZE = 29.0
_LABEL_SIZE = 20.0
_ROW = 25.0
_DOTS = (0.6, 2.2)
_GAP = 5.0


def title(sheet: Sheet, *, text: str, height_cm: float) -> list[Strip]:
    """The emblem at the left, the title in the middle, the mark of urgency between them."""
    height = height_cm * CM
    figure = sheet.root.add("Figure", alt="ตราประจำส่วนราชการ")
    heading = sheet.root.add("H1")
    piece = Piece(text, sheet.typeface.bold, _TITLE_SIZE)
    baseline = height - _TITLE_SIZE * 0.3

    def draw(stage: Stage, top: float) -> None:
        width = height * sheet.emblem.ratio
        figure.box = (stage.left, top - height, stage.left + width, top)
        with stage.content.tagged(figure):
            stage.content.figure(sheet.emblem.name, figure.box)
        with stage.content.tagged(heading):
            x = stage.left + (stage.width - piece.width) / 2
            stage.content.text(x, top - baseline, [piece])

    strip = Strip(height, draw, text=text)
    return [_with_urgency(sheet, strip, baseline)]


def _with_urgency(sheet: Sheet, strip: Strip, baseline: float) -> Strip:
    text = urgency(sheet)
    if not text:
        return strip
    mark = marked(sheet, text, 1.8 * CM, baseline)

    def draw(stage: Stage, top: float) -> None:
        strip.draw(stage, top)
        mark(stage, top)

    return replace(strip, draw=draw, text=f"{text} {strip.text}")


def leaders(sheet: Sheet, *, cells: Sequence[Mapping[str, Any]]) -> list[Strip]:
    """A row of labels, each with its value on dots; the last value may go on below.

    A cell is {label, text, share}: its label, a template for its value, its part of the row.
    """
    rows: list[list[_Cell]] = [[]]
    left = 0.0
    for cell in cells:
        width = WIDTH * float(cell.get("share", 1.0))
        for n, part in enumerate(_cells(sheet, cell, left, width)):
            if n == len(rows):
                rows.append([])
            rows[n].append(part)
        left += width
    return glue([_row(row) for row in rows])


@dataclass(frozen=True, slots=True)
class _Cell:
    """A label (on the first row) and one line of its value, on dots from there to `end`."""

    element: Element
    label: Piece | None
    value: Piece
    left: float
    end: float

    def draw(self, stage: Stage, baseline: float) -> None:
        x = stage.left + self.left
        with stage.content.tagged(self.element):
            if self.label:
                stage.content.text(x, baseline, [self.label])
                x += self.label.width
            if self.value.text:
                stage.content.text(x + _GAP, baseline, [self.value])
        with stage.content.artifact():
            y = baseline - SIZE * 0.2
            stage.content.line((x + _GAP / 2, y), (stage.left + self.end, y), 0.6, _DOTS)


def _cells(sheet: Sheet, cell: Mapping[str, Any], left: float, width: float) -> list[_Cell]:
    element = sheet.root.add("P")
    label = Piece(str(cell["label"]), sheet.typeface.bold, _LABEL_SIZE)
    room = width - label.width - 2 * _GAP
    text = sheet.fields.filled(str(cell["text"]))
    lines = [strip.text for strip in sheet.text(text, Shape(width=room), element=element)] or [""]
    first = _Cell(element, label, _value(sheet, lines[0]), left, left + width - _GAP)
    below = replace(first, label=None, left=left + label.width)
    return [first, *(replace(below, value=_value(sheet, line)) for line in lines[1:])]


def _value(sheet: Sheet, text: str) -> Piece:
    return Piece(text, sheet.typeface.regular, SIZE)


def _row(cells: Sequence[_Cell]) -> Strip:
    def draw(stage: Stage, top: float) -> None:
        for cell in cells:
            cell.draw(stage, top - _ROW * 0.75)

    texts = [f"{cell.label.text if cell.label else ''} {cell.value.text}".strip() for cell in cells]
    return Strip(_ROW, draw, text=" ".join(texts))
