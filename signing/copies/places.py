"""Where on a page nothing stands: it is drawn, and its picture is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pypdfium2
from PIL import Image

from signing.errors import Uncopyable

Place = tuple[float, float]
#: dots to a point, and at most so many along a side
_FINE, _MOST = 0.5, 2000
#: whatever is darker than this is ink: a yellowed scan has ink everywhere
_PAPER = 245
#: around what is put there (points)
_CLEAR = 3.0


class Room:
    """The first page of a file as it is seen, `size` (points) with its turn taken into account."""

    def __init__(self, pdf: bytes, size: tuple[float, float]) -> None:
        self._fine = min(_FINE, _MOST / max(size))
        self._height = size[1]
        try:
            document = pypdfium2.PdfDocument(pdf)
            document.init_forms()
            bitmap = document[0].render(scale=self._fine, may_draw_forms=True, grayscale=True)
        except pypdfium2.PdfiumError as error:
            why = f"Expected a page that can be drawn, but: {error}"
            raise Uncopyable("broken", why) from error
        grey: Image.Image = bitmap.to_pil().convert("L")
        self._ink = grey.point([255 if value < _PAPER else 0 for value in range(256)])

    def is_free(self, place: Place, size: Sequence[float]) -> bool:
        """Whether nothing is drawn in a box with its left bottom corner there, nor close by."""
        left, right = place[0] - _CLEAR, place[0] + size[0] + _CLEAR
        above, below = place[1] + size[1] + _CLEAR, place[1] - _CLEAR
        box = (self._dots(left), self._down(above), self._dots(right), self._down(below))
        return self._ink.crop(box).getbbox() is None

    def _dots(self, points: float) -> int:
        return round(points * self._fine)

    def _down(self, up: float) -> int:
        """Pictures count from the top."""
        return self._dots(self._height - up)


def best(room: Room, size: Sequence[float], places: Iterable[Place]) -> Place | None:
    """The first of these places that is free."""
    return next((place for place in places if room.is_free(place, size)), None)
