"""The body: paragraphs with the first line indented, and tables between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from signing.errors import Unrenderable
from signing.render.blocks.items import Outline
from signing.render.blocks.table import table
from signing.render.lines import Run
from signing.render.paragraph import Number, Shape
from signing.render.sheet import BEFORE, CM, Sheet
from signing.render.strips import Strip

#: How much further each level of numbered paragraphs stands in, in centimetres, and how often.
_STEP, _DEEPEST = 0.75, 3


def body(
    sheet: Sheet, *, indent_cm: float = 2.5, value: str = "paragraphs", before: float = BEFORE
) -> list[Strip]:
    """The paragraphs, the last two lines kept with what follows them."""
    shape = Shape(align="justify", first_indent=indent_cm * CM, before=before)
    tables = _tables(sheet)
    outline = Outline(sheet.root)
    strips: list[Strip] = []
    for n, item in enumerate(_paragraphs(sheet, value)):
        strips += _paragraph(sheet, f"{value}.{n}", item, shape, outline)
        for path, record in tables.get(n, ()):
            outline.close()
            strips += table(sheet, path, record)
    return [*strips[:-1], *(replace(strip, glued=len(strips) > 1) for strip in strips[-1:])]


def _paragraphs(sheet: Sheet, path: str) -> list[Any]:
    found = sheet.fields.value(path)
    if not isinstance(found, list | tuple) or not found:
        raise Unrenderable(path, "Expected a list of paragraphs, but there is none.")
    return list(found)


def _paragraph(
    sheet: Sheet, path: str, item: object, shape: Shape, outline: Outline
) -> list[Strip]:
    """A paragraph of plain text, or of runs: {runs: [{text, bold, underline}], indent_cm}.

    Lines that the author has ended stay lines.
    """
    if not isinstance(item, Mapping):
        text = sheet.fields.checked(path, item, lines=True)
        lines = [[sheet.run(line)] for line in text.split("\n") if line]
        return _in_lines(sheet, lines, shape, outline)
    parts = sheet.fields.records_of(f"{path}.runs", item.get("runs", [item]))
    runs = [run for where, record in parts if (run := _run(sheet, where, record)).text]
    own = _length(f"{path}.indent_cm", item["indent_cm"]) * CM if "indent_cm" in item else None
    return _in_lines(sheet, [runs], shape, outline, own)


def _in_lines(
    sheet: Sheet,
    lines: list[list[Run]],
    shape: Shape,
    outline: Outline,
    indent: float | None = None,
) -> list[Strip]:
    """The first line stands in by `indent`; without one, further the deeper its number is."""
    item = outline.item("".join(run.text for run in lines[0])) if lines else None
    if indent is None:
        indent = shape.first_indent + (min(item.level, _DEEPEST) * _STEP * CM if item else 0.0)
    number = Number(item.number, item.label) if item else None
    element = item.words if item else sheet.root.add("P")
    strips: list[Strip] = []
    for n, runs in enumerate(lines):
        own = replace(shape, first_indent=indent, before=0.0 if n else shape.before)
        strips += sheet.text(runs, own, element=element, number=None if n else number)
    return strips


def _run(sheet: Sheet, path: str, record: Mapping[str, Any]) -> Run:
    value = record.get("text")
    text = sheet.fields.checked(f"{path}.text", value)
    if isinstance(value, str):  # spaces at a run's ends divide it from its neighbours
        text = f"{' ' * value[:1].isspace()}{text}{' ' * value[-1:].isspace()}"
    run = sheet.run(text, bold=bool(record.get("bold")))
    return replace(run, underlined=bool(record.get("underline")))


def _length(path: str, value: object) -> float:
    if isinstance(value, int | float) and 0 <= value <= 10:
        return float(value)
    raise Unrenderable(path, "Expected an indent of 0 to 10 centimetres.")


def _tables(sheet: Sheet) -> dict[int, list[tuple[str, Mapping[str, Any]]]]:
    """The tables by the paragraph that they follow."""
    found: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
    for path, record in sheet.fields.records("extra.tables"):
        after = record.get("after_paragraph")
        if not isinstance(after, int) or isinstance(after, bool) or after < 0:
            raise Unrenderable(
                f"{path}.after_paragraph", "Expected the number of a paragraph, counted from 0."
            )
        found.setdefault(after, []).append((path, record))
    return found
