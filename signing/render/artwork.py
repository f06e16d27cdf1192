"""An emblem as it is uploaded, made into what is kept: shapes or pixels, and nothing else."""

from __future__ import annotations

import codecs
import io
import json
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import SVGPath
from PIL import Image

from signing.apart import Failed, ask
from signing.errors import UnusableEmblem
from signing.render.emblem import FINE, MOST_BYTES, opened, rastered
from signing.render.plain_svg import check_svg

_MEMORY = 768 * 1024 * 1024
#: units across an SVG of ours
_GRID = 1000
#: what a page of paper has no need of
_ACTIVE = ("/OpenAction", "/AA", "/JavaScript", "/EmbeddedFiles", "/AcroForm", "/XFA")


@dataclass(frozen=True, slots=True)
class Artwork:
    """A file of our own making: one path, or pixels on white."""

    data: bytes
    media_type: str

    @property
    def suffix(self) -> str:
        return "svg" if self.media_type == "image/svg+xml" else "png"


def taken(source: bytes, *, seconds: float = 15.0) -> Artwork:
    """A stranger's file, read in a child process with caps on time and memory.

    Raises `UnusableEmblem` with what is wrong and where.
    """
    if not source:
        raise UnusableEmblem("Expected a file, but it is empty.", "empty")
    if len(source) > MOST_BYTES:
        raise UnusableEmblem("Expected an emblem of at most 5 MB.", "too_large")
    try:
        said = ask(
            "signing.render.artwork_child", source, int(seconds) + 1, _MEMORY, seconds=seconds
        )
    except (TimeoutError, Failed):
        raise UnusableEmblem(
            "Expected an emblem that is drawn in a moment, but this file takes too much.",
            "too_much",
        ) from None
    head, _, data = said.partition(b"\n")
    told = json.loads(head)
    if "reason" in told:
        raise UnusableEmblem(told["message"], told["reason"], told["line"])
    return Artwork(data, told["media_type"])


def normalised(source: bytes) -> Artwork:
    """The same picture as a file of our own making; only ever in a process of its own."""
    source = source.removeprefix(codecs.BOM_UTF8)  # as some editors save an SVG
    start = source[:1024].lstrip()
    if start.startswith((b"<svg", b"<?xml", b"<!--")):
        check_svg(source)
        return Artwork(_one_path(source), "image/svg+xml")
    if start.startswith(b"%PDF"):
        _check_pdf(source)
        return Artwork(_png(rastered(source)), "image/png")
    return Artwork(_png(opened(source)), "image/png")


def _one_path(source: bytes) -> bytes:
    shapes, bounds = RecordingPen(), ControlBoundsPen(None)
    try:
        SVGPath.fromstring(source.lstrip()).draw(shapes)
        shapes.replay(bounds)
    except Exception as error:
        raise UnusableEmblem(f"Expected an SVG of plain shapes, but: {error}") from error
    if bounds.bounds is None:
        raise UnusableEmblem("Expected an SVG of plain shapes, but it draws nothing.", "nothing")
    left, top, right, bottom = bounds.bounds
    width, height = right - left, bottom - top
    if not (1e-6 < width < 1e6 and 1e-6 < height < 1e6):
        raise UnusableEmblem("Expected shapes with a width and a height.", "nothing")
    scale = _GRID / max(width, height)
    pen = SVGPathPen(None, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
    shapes.replay(TransformPen(pen, (scale, 0, 0, scale, -left * scale, -top * scale)))
    box = f"0 0 {width * scale:.0f} {height * scale:.0f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><path d="{pen.getCommands()}"/>'
        "</svg>\n"
    ).encode()


def _check_pdf(source: bytes) -> None:
    """One page, open to everybody, that does nothing."""
    try:
        with pikepdf.open(io.BytesIO(source)) as pdf:
            if len(pdf.pages) != 1:
                raise UnusableEmblem(
                    f"Expected a PDF of one page, but it has {len(pdf.pages)}.", "pages"
                )
            root = pdf.Root
            names: Any = root.get("/Names", {})
            found = [key for key in _ACTIVE if key in root or key in names]
            found += [key for key in ("/AA", "/Annots") if key in pdf.pages[0].obj]
    except pikepdf.PasswordError:
        raise UnusableEmblem("Expected a PDF without a password.", "encrypted") from None
    except (pikepdf.PdfError, TypeError, ValueError) as error:
        raise UnusableEmblem(f"Expected a PDF that can be read, but: {error}") from error
    if found:
        raise UnusableEmblem(
            f"Expected a PDF that only draws, but it has {', '.join(found)}.", "active"
        )


def _png(picture: Image.Image) -> bytes:
    picture.thumbnail((FINE, FINE))
    layer = picture.convert("RGBA")
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(layer, mask=layer.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()
