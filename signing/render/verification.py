"""How to verify the document, at the foot of its last page: a QR code, and the same to be typed.

The text area ends two centimetres above the edge; catch-words never stand on the last page, so
the foot at the right is free. A class of secrecy stands in the middle and is left room.
"""

from __future__ import annotations

import segno

from signing.pdf.content import Piece
from signing.pdf.structure import Box
from signing.render.sheet import CM, Sheet
from signing.render.strips import Stage

_SIDE = 1.5 * CM
_UP = 0.4 * CM
_GAP = 0.2 * CM
_WIDEST = 4.8 * CM
_SIZE, _SMALLEST, _LEADING = 11.0, 6.0, 13.0
#: Modules of white around the code; the paper is white beyond.
_QUIET = 1


class Verification:
    """Drawn on the last page; nothing where the content names no `verification` {url, place, code}.

    `url` opens the verdict; `place` is where `code` is typed.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._url = sheet.fields.text("verification.url")
        self._said = [
            "ตรวจสอบเอกสารได้ที่",
            sheet.fields.text("verification.place"),
            f"รหัส {sheet.fields.text('verification.code')}",
        ]

    def draw(self, stage: Stage) -> None:
        if not self._url:
            return
        right = stage.left + stage.width
        box: Box = (right - _SIDE, _UP, right, _UP + _SIDE)
        root = self._sheet.root
        text = root.add("P")
        figure = root.add("Figure", f"คิวอาร์โค้ดสำหรับตรวจสอบเอกสาร {self._url}")
        figure.box = box
        with stage.content.tagged(text):
            self._write(stage, box[0] - _GAP)
        with stage.content.tagged(figure):
            stage.content.cells(box, self._matrix())
        stage.content.end_mark()

    def _write(self, stage: Stage, right: float) -> None:
        down = _UP + _SIDE - _SIZE
        for line in self._said:
            size = self._fitting(line)
            piece = Piece(line, self._sheet.typeface.regular, size)
            stage.content.text(right - piece.width, down, [piece])
            down -= _LEADING

    def _fitting(self, line: str) -> float:
        width = self._sheet.width(line, _SIZE)
        return _SIZE if width <= _WIDEST else max(_SIZE * _WIDEST / width, _SMALLEST)

    def _matrix(self) -> list[list[bool]]:
        code = segno.make(self._url, error="m", micro=False)
        return [[bool(cell) for cell in row] for row in code.matrix_iter(border=_QUIET)]
