"""What is done with a file that is copied, in the process apart."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import Pdf

from signing.copies.measures import CM, MOST_PAGES, SIGNATURE
from signing.copies.places import Room, best
from signing.copies.sheets import Redrawn, Sheets, Tagged, is_tagged
from signing.errors import Uncopyable

_BROKEN = (
    pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError,
    OverflowError,
)  # fmt: skip
#: of the stamp and the note from the edges of the page
_EDGE = 0.5 * CM
#: above and below what is certified
_HEAD_BAND, _FOOT_BAND = 1.1 * CM, 3.5 * CM
_FOOT_SIDE = 1 * CM
_WIDE = 21 * CM


def composed(pdf: bytes, drawn: bytes, wish: Mapping[str, Any]) -> bytes:
    """The copy that was wished for. Raises `Uncopyable` for whatever cannot be copied."""
    with _located():
        source, figures = _opened(pdf), pikepdf.open(io.BytesIO(drawn))
        sheets = _sheets(source, wish)
        forms = [
            sheets.figure(page, size)
            for page, size in zip(figures.pages, wish["sizes"], strict=True)
        ]
        work: Callable[..., None] = {"stamp": _stamp, "certify": _certify}[wish["verb"]]
        work(pdf, sheets, forms, wish)
        return sheets.saved()


@contextmanager
def _located() -> Iterator[None]:
    """Whatever a parser raises over such a file says that it is broken, and how."""
    try:
        yield
    except Uncopyable:
        raise
    except pikepdf.PasswordError as closed:
        raise Uncopyable("encrypted", "Expected a PDF without a password.") from closed
    except _BROKEN as error:
        said = str(error)[:200]
        raise Uncopyable("broken", f"Expected a PDF that can be read, but: {said}") from error


def _opened(pdf: bytes) -> Pdf:
    source = pikepdf.open(io.BytesIO(pdf), suppress_warnings=True)
    if source.is_encrypted:
        raise Uncopyable("encrypted", "Expected a PDF without a password.")
    count = len(source.pages)
    if not 1 <= count <= MOST_PAGES:
        raise Uncopyable("pages", f"Expected 1 to {MOST_PAGES} pages, but it has {count}.")
    return source


def _sheets(source: Pdf, wish: Mapping[str, Any]) -> Sheets:
    own = bool(wish["own"]) and is_tagged(source)
    return Tagged(source, wish) if own else Redrawn(source, wish)


def _stamp(pdf: bytes, sheets: Sheets, forms: Sequence[Any], wish: Mapping[str, Any]) -> None:
    """On the first page: at the top right and at the foot, where nothing stands; else in a band
    that the page is made smaller for.
    """
    (width, height), (stamp, note) = sheets.sizes[0], wish["sizes"]
    ink = Room(pdf, (width, height))
    top = best(ink, stamp, _near_the_top_right((width, height), stamp))
    foot = best(ink, note, _along_the_foot((width, height), note))
    above = 0.0 if top else stamp[1] + 2 * _EDGE
    below = 0.0 if foot else note[1] + 2 * _EDGE
    if above or below:
        # what was free before the page got smaller is not free any more
        top, foot = None, None
        above, below = stamp[1] + 2 * _EDGE, note[1] + 2 * _EDGE
    sheets.place(0, above, below)
    sheets.draw(0, forms[0], top or (width - _EDGE - stamp[0], height - _EDGE - stamp[1]))
    sheets.draw(0, forms[1], foot or (_EDGE, _EDGE))
    for index in range(1, len(sheets.sizes)):
        sheets.place(index, 0.0, 0.0)


def _near_the_top_right(
    page: tuple[float, float], size: Sequence[float]
) -> Iterator[tuple[float, float]]:
    """Left bottom corners, the nearest to the corner of the page first."""
    right, top = page[0] - _EDGE - size[0], page[1] - _EDGE - size[1]
    right_most, lowest = min(right, page[0] * 0.42), top - page[1] * 0.2
    places = [
        (x, y)
        for x in _steps(right, max(right_most, _EDGE))
        for y in _steps(top, max(lowest, page[1] / 2))
    ]
    # further down is nearer to where one looks for it than further to the left
    return iter(sorted(places, key=lambda place: 1.5 * (right - place[0]) + top - place[1]))


def _along_the_foot(
    page: tuple[float, float], size: Sequence[float]
) -> Iterator[tuple[float, float]]:
    right = page[0] - _EDGE - size[0]
    rows = [_EDGE, 0.25 * CM, 0.75 * CM, 1 * CM]
    for y in rows:
        yield from ((right - x + _EDGE, y) for x in _steps(right, _EDGE))


def _steps(first: float, last: float) -> list[float]:
    """From the first down to the last, 4 points apart."""
    count = int(max(first - last, 0) // 4)
    return [first - 4 * n for n in range(count + 1)]


def _certify(_pdf: bytes, sheets: Sheets, forms: Sequence[Any], wish: Mapping[str, Any]) -> None:
    head = wish["sizes"][0]
    for index, (width, height) in enumerate(sheets.sizes):
        # the foot is drawn for the width of an A4 sheet
        share = min(width / _WIDE, 1.0)
        below = _FOOT_BAND * share
        sheets.place(index, _HEAD_BAND, below)
        sheets.draw(index, forms[0], ((width - head[0]) / 2, height - _HEAD_BAND))
        left = width - _WIDE * share + _FOOT_SIDE * share
        foot = (left, 0.3 * CM * share)
        sheets.draw(index, forms[1 if index == 0 else 2], foot, share)
        if index == 0:
            box = [edge * share + foot[n % 2] for n, edge in enumerate(SIGNATURE)]
            sheets.await_signature(wish["field"], box)
