"""A table in the body: columns as wide as they need, rows kept whole, its head on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from signing.errors import Unrenderable
from signing.pdf.structure import Element, Tag
from signing.render.paragraph import Align, Shape
from signing.render.sheet import BEFORE, LEADING, WIDTH, Sheet
from signing.render.strips import Stage, Strip

_PADDING = 4.0
_RULE = 0.5
_MOST_COLUMNS = 12
_ALIGNS: Mapping[object, Align] = {"left": "left", "center": "centre", "right": "right"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column begins and how wide it is, and how its cells stand."""

    lefts: Sequence[float]
    widths: Sequence[float]
    aligns: Sequence[Align]


def table(sheet: Sheet, path: str, record: Mapping[str, Any]) -> list[Strip]:
    """{caption, columns, align, rows, footer}: all but columns and rows may be missing."""
    heads = _row_of(sheet, f"{path}.columns", record.get("columns"))
    if not 0 < len(heads) <= _MOST_COLUMNS:
        raise Unrenderable(f"{path}.columns", f"Expected 1 to {_MOST_COLUMNS} columns.")
    rows = _rows(sheet, path, record, len(heads))
    footer = _row_of(sheet, f"{path}.footer", record.get("footer"), len(heads))
    columns = _columns(sheet, record, [heads, *rows, footer])
    element = sheet.root.add("Table")
    head = _row(sheet, columns, heads, element.add("TR"), "TH")
    body = [_row(sheet, columns, cells, element.add("TR"), "TD") for cells in rows]
    if any(footer):
        body.append(_row(sheet, columns, footer, element.add("TR"), "TD"))
    caption = sheet.fields.checked(f"{path}.caption", record.get("caption"))
    titled = _caption(sheet, caption) if caption else []
    return [
        *titled,
        replace(head, before=BEFORE, glued=bool(titled)),
        *(replace(row, glued=n == 0, head=head) for n, row in enumerate(body)),
    ]


def _caption(sheet: Sheet, text: str) -> list[Strip]:
    return sheet.text(text, Shape(align="centre", before=BEFORE, keep=True))


def _rows(sheet: Sheet, path: str, record: Mapping[str, Any], count: int) -> list[list[str]]:
    value = record.get("rows")
    if not isinstance(value, list | tuple):
        raise Unrenderable(f"{path}.rows", "Expected a list of rows.")
    return [_row_of(sheet, f"{path}.rows.{n}", row, count) for n, row in enumerate(value)]


def _row_of(sheet: Sheet, path: str, value: object, count: int | None = None) -> list[str]:
    """The cells of a row; a row shorter than the table is filled up."""
    if value is None:
        value = []
    if not isinstance(value, list | tuple) or (count is not None and len(value) > count):
        wanted = "a list of cells" if count is None else f"a list of at most {count} cells"
        raise Unrenderable(path, f"Expected {wanted}.")
    cells = [sheet.fields.checked(f"{path}.{n}", cell) for n, cell in enumerate(value)]
    return cells + [""] * ((count or 0) - len(cells))


def _columns(sheet: Sheet, record: Mapping[str, Any], rows: Sequence[Sequence[str]]) -> _Columns:
    """Each column as wide as its longest cell; too wide a table shares out what there is."""
    wanted = [
        max(sheet.width(cell) for cell in column) + 2 * _PADDING + 1
        for column in zip(*(row for row in rows if row), strict=True)
    ]
    widths = _shared(wanted)
    lefts = [0.0, *accumulate(widths)][:-1]
    given = record.get("align") or []
    aligns = [_ALIGNS.get(align, "left") for align in given]
    return _Columns(lefts, widths, aligns + ["left"] * (len(widths) - len(aligns)))


def _shared(wanted: Sequence[float]) -> list[float]:
    """Narrow columns get what they want; the wide ones divide the rest."""
    total = sum(wanted)
    if total <= WIDTH:
        return [width * WIDTH / total for width in wanted]
    fair = WIDTH / len(wanted)
    narrow = sum(width for width in wanted if width <= fair)
    wide = total - narrow
    return [width if width <= fair else width * (WIDTH - narrow) / wide for width in wanted]


def _row(
    sheet: Sheet, columns: _Columns, cells: Sequence[str], element: Element, tag: Tag
) -> Strip:
    bold = tag == "TH"
    drawn = []
    for n, text in enumerate(cells):
        align: Align = "centre" if bold else columns.aligns[n]
        shape = Shape(
            align=align,
            left=columns.lefts[n] + _PADDING,
            width=columns.widths[n] - 2 * _PADDING,
        )
        drawn.append(sheet.text([sheet.run(text, bold=bold)], shape, element=element.add(tag)))
    lines = max(map(len, drawn), default=1) or 1
    height = lines * LEADING + _PADDING

    def draw(stage: Stage, top: float) -> None:
        for strips in drawn:
            for n, strip in enumerate(strips):
                strip.draw(stage, top - n * LEADING)
        _rules(stage, columns, top, height)

    return Strip(height, draw, text=" ".join(cells))


def _rules(stage: Stage, columns: _Columns, top: float, height: float) -> None:
    x0, x1 = stage.left, stage.left + sum(columns.widths)
    with stage.content.artifact():
        stage.content.line((x0, top), (x1, top), _RULE)
        stage.content.line((x0, top - height), (x1, top - height), _RULE)
        for left in [*columns.lefts, x1 - x0]:
            stage.content.line((x0 + left, top), (x0 + left, top - height), _RULE)
