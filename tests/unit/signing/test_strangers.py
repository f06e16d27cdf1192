"""signing.strangers: uploads become pictures, and nothing worse."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from support.samples import sample

from signing.errors import Unreadable
from signing.render import render
from signing.strangers import upload_page_count, upload_png


def _size(png: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(png)).size


def test_a_page_of_a_pdf_is_drawn_and_none_past_the_last():
    pdf = render(sample("S01")).pdf
    width, height = _size(upload_png(pdf, 0, 300))
    assert upload_page_count(pdf) == 1
    assert (width, round(height / width, 1)) == (300, 1.4)
    with pytest.raises(IndexError):
        upload_png(pdf, 9, 300)


def test_a_picture_is_made_smaller():
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(out, "JPEG")
    assert _size(upload_png(out.getvalue(), 0, 300)) == (300, 200)
    with pytest.raises(IndexError):
        upload_png(out.getvalue(), 1, 300)


@pytest.mark.parametrize("data", [b"", b"no picture", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\n cut"])
def test_what_cannot_be_drawn_is_said_to_be_so(data: bytes):
    with pytest.raises(Unreadable):
        upload_png(data, 0, 300)


def test_a_file_that_takes_too_long_is_given_up():
    with pytest.raises(Unreadable, match="takes longer"):
        upload_png(render(sample("S01")).pdf, 0, 300, seconds=0.01)
