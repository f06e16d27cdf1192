"""The agency's emblem from its own file, or a neutral placeholder."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from support import pki
from support.samples import sample

from signing.errors import UnusableEmblem
from signing.preview import page_png
from signing.render import render

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
    b'<path d="M10 10H90V90H10Z"/><circle cx="50" cy="50" r="20"/></svg>'
)


def png(size: tuple[int, int] = (60, 80), colour: str = "#c00000") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG")
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "#c00000").save(out, "JPEG")
    return out.getvalue()


def middle(pdf: bytes) -> tuple[int, ...]:
    """The colour in the middle of where the emblem stands."""
    page = Image.open(io.BytesIO(page_png(pdf, 0, 595))).convert("RGB")
    return page.getpixel((312, 85))


@pytest.mark.parametrize("emblem", [png(), jpeg()], ids=["png", "jpeg"])
def test_pixels(emblem: bytes) -> None:
    red, green, blue = middle(render(sample("S01"), emblem=emblem).pdf)
    assert red > 150
    assert max(green, blue) < 40


def test_transparency_is_laid_on_white() -> None:
    emblem = png(colour="#00000000")
    assert middle(render(sample("S01"), emblem=emblem).pdf) == (255, 255, 255)


def test_shapes_are_drawn_in_black() -> None:
    svg = SVG.replace(b'<circle cx="50" cy="50" r="20"/>', b"")
    assert middle(render(sample("S01"), emblem=svg).pdf) == (0, 0, 0)


def test_a_page() -> None:
    assert render(sample("S01"), emblem=pki.letter().pdf).pages == 1


def test_the_placeholder_is_no_emblem_of_state() -> None:
    assert middle(render(sample("S01")).pdf) == (255, 255, 255)


@pytest.mark.parametrize(
    "emblem",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n broken",
        b"%PDF-1.7 broken",
        b"<svg>",
        b"<svg xmlns='http://www.w3.org/2000/svg'></svg>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>',
        b"\x89PNG" + bytes(6 * 1024 * 1024),
    ],
)
def test_files_that_are_no_emblem(emblem: bytes) -> None:
    with pytest.raises(UnusableEmblem):
        render(sample("S01"), emblem=emblem)
