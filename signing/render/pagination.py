"""Strips onto pages: as many as fit, ending only where a page may end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signing.render.strips import Strip

_ROUNDING = 0.01


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip and its distance from the top of the text area; `again` for a repeated head."""

    strip: Strip
    down: float
    again: bool = False


def paginate(
    strips: Sequence[Strip], first_height: float, next_height: float
) -> list[list[Placed]]:
    """Pages of placed strips. What cannot be kept together on one page is divided all the same."""
    pages: list[list[Placed]] = []
    start = 0
    while start < len(strips):
        room = next_height if pages else first_height
        end = _end_of_page(strips, start, room)
        pages.append(_place(strips[start:end], strips[start].head if start else None))
        start = end
    return pages


def _end_of_page(strips: Sequence[Strip], start: int, room: float) -> int:
    """The first strip of the next page."""
    head = strips[start].head if start else None
    down, end = head.height if head else 0.0, start
    while end < len(strips):
        strip = strips[end]
        down += strip.height + (strip.before if end > start else 0.0)
        if down > room + _ROUNDING:
            break
        end += 1
    if end == len(strips):
        return end
    legal = end
    while legal > start and strips[legal].glued:
        legal -= 1
    return legal if legal > start else max(end, start + 1)


def _place(strips: Sequence[Strip], head: Strip | None) -> list[Placed]:
    placed = [Placed(head, 0.0, again=True)] if head else []
    down = head.height if head else 0.0
    for n, strip in enumerate(strips):
        down += strip.before if n else 0.0
        placed.append(Placed(strip, down))
        down += strip.height
    return placed
