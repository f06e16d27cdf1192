"""The agency's emblem as a PDF figure; a neutral placeholder until it has uploaded its own."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2
from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import SVGPath
from PIL import Image, UnidentifiedImageError
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from signing.errors import UnusableEmblem
from signing.pdf.document import Document

#: of an emblem's file, as uploaded and as kept
MOST_BYTES = 5 * 1024 * 1024
_MOST_PIXELS = 25_000_000
#: An emblem of 3 cm is printed at 600 dots an inch with this many.
FINE = 720


@dataclass(frozen=True, slots=True)
class Emblem:
    """A figure of the document; `ratio` is its width by its height."""

    name: str
    ratio: float


def add_emblem(document: Document, source: bytes | None) -> Emblem:
    """The emblem from an uploaded file; raises `UnusableEmblem`."""
    if source is None:
        return Emblem(document.add_drawing(_placeholder), 1.0)
    if len(source) > MOST_BYTES:
        raise UnusableEmblem("Expected an emblem of at most 5 MB, but the file is larger.")
    start = source[:1024].lstrip()
    if start.startswith(b"%PDF"):
        return _picture(document, rastered(source))
    if start.startswith((b"<svg", b"<?xml")):
        return _vector(document, source)
    return _picture(document, opened(source))


def opened(source: bytes) -> Image.Image:
    """A PNG or JPEG, its pixels read; raises `UnusableEmblem`."""
    try:
        picture = Image.open(io.BytesIO(source), formats=("PNG", "JPEG"))
        if picture.width * picture.height > _MOST_PIXELS:
            raise UnusableEmblem("Expected at most 25 million pixels.", "too_large")
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise UnusableEmblem(
            "Expected a PNG, JPEG, SVG or PDF file as the emblem, but it cannot be read as one."
        ) from error
    return picture


def rastered(source: bytes) -> Image.Image:
    """The first page of a PDF, finely: whatever else the file holds stays outside."""
    try:
        with pypdfium2.PdfDocument(source) as pdf:
            page = pdf[0]
            scale = min(FINE / max(page.get_height(), 1.0), FINE / max(page.get_width(), 1.0))
            picture: Image.Image = page.render(scale=scale).to_pil()
            return picture
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnusableEmblem("Expected a PDF with one page, but it cannot be read.") from error


def _picture(document: Document, picture: Image.Image) -> Emblem:
    """Pixels, their transparency laid onto white: paper has no other background."""
    picture.thumbnail((2 * FINE, 2 * FINE))
    flat = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    flat.paste(layer, mask=layer.getchannel("A"))
    name = document.add_picture(flat.width, flat.height, flat.tobytes())
    return Emblem(name, flat.width / flat.height)


def _vector(document: Document, source: bytes) -> Emblem:
    """The shapes of an SVG in black, as emblems are printed."""
    if b"<!" in source.replace(b"<!--", b"").replace(b"<![CDATA[", b""):
        raise UnusableEmblem("Expected an SVG without document type or entities. Remove them.")
    shapes, bounds = RecordingPen(), ControlBoundsPen(None)
    try:
        SVGPath.fromstring(source).draw(shapes)
        shapes.replay(bounds)
    except Exception as error:
        raise UnusableEmblem(f"Expected an SVG of plain shapes, but: {error}") from error
    if bounds.bounds is None or shapes.value[0][0] != "moveTo":
        raise UnusableEmblem("Expected an SVG of plain shapes, but it draws nothing.")
    left, top, right, bottom = bounds.bounds
    width, height = max(right - left, 1e-6), max(bottom - top, 1e-6)

    def draw(canvas: Canvas) -> None:
        path = canvas.beginPath()
        shapes.replay(_PathPen(path, (1 / width, 1 / height), (left, bottom)))
        canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)

    return Emblem(document.add_drawing(draw), width / height)


class _PathPen(BasePen):  # type: ignore[misc] # fontTools has no types
    """Draws outlines as a path in a unit square, turned upright (SVG counts downwards)."""

    def __init__(
        self, path: PDFPathObject, scale: tuple[float, float], origin: tuple[float, float]
    ) -> None:
        super().__init__(None)
        self._path = path
        self._scale = scale
        self._origin = origin

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self._path.moveTo(*self._placed(point))

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the same
        self._path.lineTo(*self._placed(point))

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802 - the same
        self._path.curveTo(*(value for point in points for value in self._placed(point)))

    def _closePath(self) -> None:  # noqa: N802 - the same
        self._path.close()

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        (x, y), (scale_x, scale_y), (left, bottom) = point, self._scale, self._origin
        return (x - left) * scale_x, (bottom - y) * scale_y


def _placeholder(canvas: Canvas) -> None:
    """Two rings and a plain diamond: clearly no state emblem."""
    canvas.setStrokeGray(0.45)
    canvas.setLineWidth(0.02)
    canvas.circle(0.5, 0.5, 0.485)
    canvas.circle(0.5, 0.5, 0.4)
    path = canvas.beginPath()
    path.moveTo(0.5, 0.76)
    for x, y in ((0.7, 0.5), (0.5, 0.24), (0.3, 0.5)):
        path.lineTo(x, y)
    path.close()
    canvas.drawPath(path)
