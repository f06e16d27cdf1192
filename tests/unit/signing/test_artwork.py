"""An uploaded emblem becomes a file of ours, shapes or pixels alone, or is refused by place."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image
from support.samples import sample
from unit.signing.test_emblem import SVG, middle, png

from signing.errors import UnusableEmblem
from signing.render import render
from signing.render.artwork import normalised, taken

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PATH = '<path d="M0 0H9V9H0Z"/>'


def svg(inside: str) -> bytes:
    return f"<svg {NS}>\n{PATH}\n{inside}</svg>".encode()


def page(**entries: object) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(60, 60))
    for name, value in entries.items():
        pdf.Root[f"/{name}"] = value
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def two_pages() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def locked() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def test_shapes_become_one_path_that_prints_alike() -> None:
    shapes = SVG.replace(b'<circle cx="50" cy="50" r="20"/>', b"")
    made = normalised(b"\n<!-- drawn -->" + shapes.replace(b"<path", b'<path fill="#246"'))
    assert made.media_type == "image/svg+xml"
    assert b"<!--" not in made.data
    assert middle(render(sample("S01"), emblem=made.data).pdf) == (0, 0, 0)
    assert normalised(made.data) == made


def test_pixels_become_a_small_picture_on_white() -> None:
    made = normalised(png((3000, 1500), "#c0000000"))
    picture = Image.open(io.BytesIO(made.data))
    assert (picture.mode, picture.size) == ("RGB", (720, 360))
    assert picture.getpixel((9, 9)) == (255, 255, 255)
    assert normalised(page()).media_type == "image/png"


def test_it_is_read_in_a_process_of_its_own() -> None:
    assert taken(png()) == normalised(png())
    with pytest.raises(UnusableEmblem) as refused:
        taken(svg("<script/>"))
    assert (refused.value.reason, refused.value.line) == ("script", 3)
    with pytest.raises(UnusableEmblem) as slow:
        taken(png(), seconds=0.001)
    assert slow.value.reason == "too_much"


@pytest.mark.parametrize(
    ("source", "reason", "line"),
    [
        (svg("<script>alert(1)</script>"), "script", 3),
        (svg('<path onload="x()" d="M0 0"/>'), "script", 3),
        (svg('<use xlink:href="#a"/>'), "element", 3),
        (svg('<path xlink:href="http://e.org/a" d="M0 0"/>'), "reference", 3),
        (svg('<path href="//e.org" d="M0 0"/>'), "reference", 3),
        (svg('\n<path style="fill:url(http://e.org)" d="M0 0"/>'), "reference", 4),
        (svg('<image width="9" height="9"/>'), "element", 3),
        (svg("<foreignObject/>"), "element", 3),
        (svg("<style>@import 'a'</style>"), "element", 3),
        (svg(f"<defs>{PATH}</defs>"), "element", 3),
        (svg('<g transform="scale(2)"/>'), "transform", 3),
        (svg('<circle r="9" fill="none" stroke="#000"/>'), "stroke", 3),
        (svg('<g style="stroke: red">\n<rect width="9" height="9"/></g>'), "stroke", 4),
        (svg('<line x2="9" y2="9" stroke="black"/>'), "stroke", 3),
        (svg('<rect width="9" height="9" fill="none"/>'), "paint", 3),
        (svg('<rect width="9" height="9" fill="#FFF"/>'), "paint", 3),
        (svg('<rect width="9" height="9" style="fill:rgb(255, 255, 255)"/>'), "paint", 3),
        (svg('<rect width="9" height="9" fill-opacity="0"/>'), "paint", 3),
        (svg(f'<g visibility="hidden">{PATH}</g>'), "paint", 3),
        (svg(f'<g display="none">{PATH}</g>'), "paint", 3),
        (svg(f'<g opacity=".5">{PATH}</g>'), "paint", 3),
        (svg('<path fill-rule="evenodd" d="M0 0H9V9H0Z"/>'), "rule", 3),
        (svg('<rect width="9" height="9" fill="gold"/>'), "colours", 3),
        (svg('<rect width="9" height="9" style="transform:scale(2)"/>'), "transform", 3),
        (svg("<svg/>"), "element", 3),
        (svg("<g>" * 60 + "</g>" * 60), "too_much", 3),
        (svg(PATH * 5000), "too_much", 3),
        (svg("<g>"), "not_xml", 3),
        (b'<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "doctype", 2),
        (b'<?xml version="1.0"?>\n<?xml-stylesheet href="a"?><svg/>', "reference", 2),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "nothing", 0),
        (b"<svg>" + b" " * 2**20 + b"</svg>", "too_large", 0),
        (page(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.JavaScript)), "active", 0),
        (two_pages(), "pages", 0),
        (locked(), "encrypted", 0),
        (b"%PDF-1.7 broken", "unreadable", 0),
        (b"GIF89a", "unreadable", 0),
        (b"\x89PNG\r\n\x1a\n broken", "unreadable", 0),
    ],
)
def test_what_an_emblem_has_no_need_of_is_refused_by_its_place(
    source: bytes, reason: str, line: int
) -> None:
    with pytest.raises(UnusableEmblem) as refused:
        normalised(source)
    assert (refused.value.reason, refused.value.line) == (reason, line), str(refused.value)


@pytest.mark.parametrize(
    ("source", "reason"), [(b"", "empty"), (b"x" * (5 * 2**20 + 1), "too_large")]
)
def test_size_is_asked_before_a_process_is_started(source: bytes, reason: str) -> None:
    with pytest.raises(UnusableEmblem) as refused:
        taken(source)
    assert refused.value.reason == reason


def test_one_colour_said_in_several_ways_is_one_colour() -> None:
    shapes = '<g fill="#000"><rect width="9" height="9" fill="inherit" stroke="none"/></g>'
    more = '<rect x="2" width="9" height="9" style="fill: rgb(0, 0, 0); opacity: 1"/>'
    assert normalised(svg(shapes + more)).media_type == "image/svg+xml"


def test_a_mark_of_its_encoding_before_it_is_no_matter() -> None:
    assert normalised(b"\xef\xbb\xbf" + svg("")) == normalised(svg(""))
