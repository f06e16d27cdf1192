"""The head of a document: emblem, number and agency, date, subject, addressee, enclosures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from signing.errors import Unrenderable
from signing.pdf.content import Colour, Piece
from signing.pdf.structure import Element
from signing.render.paragraph import BASELINE, Align, Number, Shape
from signing.render.sheet import BEFORE, CM, LEADING, SIZE, WIDTH, Sheet
from signing.render.strips import Draw, Stage, Strip, beside, glue, glue_to_previous, spaced
from signing.thai import thai_digits

RED: Colour = (0.76, 0.0, 0.07)
#: ข้อ 28: the mark of urgency is at least 32 points.
URGENCY_SIZE = 32.0
_ORDINARY = ("", "ปกติ")


def emblem(
    sheet: Sheet, *, height_cm: float, align: Literal["left", "centre"] = "centre"
) -> list[Strip]:
    """The emblem on top of the page, the mark of urgency at its left.

    The strip ends a line above the emblem's feet: what follows stands level with them.
    """
    height = height_cm * CM
    figure = sheet.root.add("Figure", alt="ตราประจำส่วนราชการ")

    def draw(stage: Stage, top: float) -> None:
        width = height * sheet.emblem.ratio
        x = stage.left + ((stage.width - width) / 2 if align == "centre" else 0.0)
        figure.box = (x, top - height, x + width, top)
        with stage.content.tagged(figure):
            stage.content.figure(sheet.emblem.name, figure.box)

    strip = Strip(height - LEADING * BASELINE, draw)
    return [_with_urgency(sheet, strip)]


def urgency(sheet: Sheet) -> str:
    """The mark of urgency, "" for an ordinary letter."""
    text = sheet.fields.text("priority")
    return "" if text in _ORDINARY else text


def secrecy(sheet: Sheet) -> str:
    """The class of secrecy, "" for an open letter."""
    text = sheet.fields.text("secrecy")
    return "" if text in _ORDINARY else text


def marked(sheet: Sheet, text: str, x: float, down: float) -> Draw:
    """Draws a mark of urgency with its baseline `down` below the strip's top."""
    element = sheet.root.add("P")
    piece = Piece(text, sheet.typeface.bold, URGENCY_SIZE)

    def draw(stage: Stage, top: float) -> None:
        with stage.content.tagged(element):
            stage.content.text(stage.left + x, top - down, [piece], RED)

    return draw


def _with_urgency(sheet: Sheet, strip: Strip) -> Strip:
    text = urgency(sheet)
    if not text:
        return strip
    mark = marked(sheet, text, 0.0, strip.height - LEADING / 2)

    def draw(stage: Stage, top: float) -> None:
        strip.draw(stage, top)
        mark(stage, top)

    return replace(strip, draw=draw, text=text)


def letterhead(
    sheet: Sheet,
    *,
    number: str,
    right: Sequence[str | Sequence[str]] = (),
    right_cm: float = 10.0,
) -> list[Strip]:
    """The number at the left; level with it, at the right, whose letter it is and from where."""
    text = sheet.fields.filled(number)
    left = sheet.text(text, Shape(width=right_cm * CM - SIZE))
    column = Shape(left=right_cm * CM, width=WIDTH - right_cm * CM)
    lines = [line for entry in right for line in sheet.fields.lines(entry)]
    return glue(beside(left, [strip for line in lines for strip in sheet.text(line, column)]))


def line(
    sheet: Sheet,
    *,
    text: str | Sequence[str],
    align: Align = "left",
    left_cm: float = 0.0,
    before: float = 0.0,
    size: float = SIZE,
    bold: bool = False,
    heading: bool = False,
    glued: bool = False,
    break_before: str | None = None,
) -> list[Strip]:
    """A line of its own: a date, a heading. Left out when a field in it is missing.

    Of several texts the first is printed whose fields are all there. `glued` keeps it on the
    page of what comes before; `break_before` begins a new line at these words.
    """
    filled = _first_filled(sheet, [text] if isinstance(text, str) else text)
    if not filled:
        return []
    leading = LEADING * max(size / SIZE, 1.0)
    shape = Shape(leading=leading, align=align, left=left_cm * CM, keep=True)
    element = sheet.root.add("H1" if heading else "P")
    strips = [
        strip
        for part in _parts(filled, break_before)
        for strip in sheet.text([sheet.run(part, size, bold=bold)], shape, element=element)
    ]
    strips = spaced(glue(strips), before)
    return glue_to_previous(strips) if glued else strips


def _first_filled(sheet: Sheet, texts: Sequence[str]) -> str:
    return next((filled for text in texts if (filled := sheet.fields.filled(text))), "")


def _parts(text: str, break_before: str | None) -> list[str]:
    at = text.find(break_before) if break_before else 0
    return [text[:at].strip(), text[at:]] if at > 0 else [text]


def labelled(
    sheet: Sheet, *, label: str, value: str, before: float = BEFORE, heading: bool = False
) -> list[Strip]:
    """A label and its value, continued below the value; several values are numbered."""
    values = sheet.fields.texts(value)
    printed = sheet.fields.filled(label)
    if not values or not printed:
        return []
    column = _beside_label(sheet, printed, WIDTH)
    element = sheet.root.add("H1" if heading else "P")
    name = sheet.text(printed, Shape(), element=element)
    if len(values) == 1:
        return spaced(beside(name, sheet.text(values[0], column, element=element)), before)
    items = sheet.root.add("L")
    rows = [s for n, text in enumerate(values) for s in _item(sheet, items, n, text, column)[1]]
    return spaced(beside(name, rows), before)


def attachments(sheet: Sheet, *, label: str, value: str = "attachments") -> list[Strip]:
    """What is enclosed, each with its quantity in a column at the right."""
    found = [
        (
            sheet.fields.checked(f"{path}.name", record.get("name")),
            sheet.fields.checked(f"{path}.qty", record.get("qty")),
        )
        for path, record in sheet.fields.records(value)
    ]
    if not found:
        return []
    _all_named(value, [name for name, _ in found])
    edge = max((sheet.width(quantity) for _, quantity in found), default=0.0)
    column = _beside_label(sheet, label, WIDTH - edge - SIZE)
    element = sheet.root.add("P")
    head = sheet.text(label, Shape(), element=element)
    items = sheet.root.add("L") if len(found) > 1 else None
    rows: list[Strip] = []
    for n, (name, quantity) in enumerate(found):
        if items:
            element, named = _item(sheet, items, n, name, column)
        else:
            named = sheet.text(name, column, element=element)
        amount = sheet.text(quantity, Shape(left=WIDTH - edge), element=element)
        rows += beside(named, amount, bottom=True)
    return spaced(beside(head, rows), BEFORE)


def _all_named(path: str, names: Sequence[str]) -> None:
    for n, name in enumerate(names):
        if not name:
            raise Unrenderable(f"{path}.{n}.name", "Expected the enclosure's name. Fill it in.")


def _nth(n: int) -> str:
    return f"{thai_digits(n + 1)}."


def _beside_label(sheet: Sheet, label: str, right: float) -> Shape:
    """The column in which a label's values stand, one below the other."""
    left = sheet.width(f"{label}  ")
    return Shape(left=left, width=right - left)


def _item(
    sheet: Sheet, around: Element, n: int, text: str, column: Shape
) -> tuple[Element, list[Strip]]:
    """A numbered value: the tag of its words, and how it stands."""
    item, label = around.add("LI"), f"{_nth(n)} "
    number, words = item.add("Lbl"), item.add("LBody")
    strips = sheet.text(f"{label}{text}", column, element=words, number=Number(number, len(label)))
    return words, strips


def rule(_sheet: Sheet, *, length_cm: float = 4.0, before: float = BEFORE) -> list[Strip]:
    """A short line in the middle, below the heading of an order."""

    def draw(stage: Stage, top: float) -> None:
        middle, half = stage.left + stage.width / 2, length_cm * CM / 2
        with stage.content.artifact():
            stage.content.line((middle - half, top), (middle + half, top), 0.5)

    return [Strip(2.0, draw, before=before, glued=True)]
