"""Pages as pictures and text, and files that have none."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from support import pki
from support.samples import sample

from signing.errors import Unreadable
from signing.preview import Picture, page_count, page_png, page_text, pictures
from signing.render import render


def test_a_page_as_a_picture() -> None:
    picture = Image.open(io.BytesIO(page_png(pki.letter().pdf, 0, 800)))
    assert picture.format == "PNG"
    assert picture.width == pytest.approx(800, abs=1)
    assert picture.height / picture.width == pytest.approx(841.89 / 595.276, rel=0.01)
    darkest, lightest = picture.convert("L").getextrema()
    assert darkest < 20
    assert lightest == 255


def test_width_is_capped() -> None:
    picture = Image.open(io.BytesIO(page_png(pki.letter().pdf, 0, 1_000_000)))
    assert picture.width <= 4001


def test_pages_that_are_not_there() -> None:
    for page in (-1, 1, 99):
        with pytest.raises(IndexError):
            page_png(pki.letter().pdf, page, 100)
        with pytest.raises(IndexError):
            page_text(pki.letter().pdf, page)


def test_counting_and_reading() -> None:
    assert page_count(pki.letter().pdf) == 1
    assert "แนวทางการรับส่งหนังสือ" in page_text(pki.letter().pdf, 0)
    assert page_text(pki.letter().pdf) == page_text(pki.letter().pdf, 0)


def test_files_that_cannot_be_shown() -> None:
    for data in (b"", b"text", pki.letter().pdf[:3000]):
        with pytest.raises(Unreadable):
            page_count(data)


def test_pictures_of_pages_that_are_not_known() -> None:
    pdf = render(sample("S01")).pdf
    (first,) = pictures(pdf, 400, most=3)
    assert first.png is not None
    picture = Image.open(io.BytesIO(first.png))
    assert (picture.mode, picture.width) == ("L", 400)
    assert pictures(pdf, 400, known={first.digest}, most=3) == [Picture(first.digest, None)]
    assert pictures(pdf, 400, most=0) == []


def test_colours_stay_colours() -> None:
    (page,) = pictures(render(sample("S02")).pdf, 400, most=1)
    assert page.png is not None
    assert Image.open(io.BytesIO(page.png)).mode == "RGB"
