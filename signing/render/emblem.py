"""The agency's emblem as a PDF figure; a neutral placeholder until it has uploaded its own."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2
from fontTools.pens.basePen import BasePen
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import SVGPath
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, UnidentifiedImageError

from signing.errors import UnusableEmblem
from signing.pdf.content import number
from signing.pdf.document import Document, compressed

_MOST_BYTES = 5 * 1024 * 1024
_MOST_PIXELS = 25_000_000
#: An emblem of 3 cm is printed at 600 dots an inch with this many.
_FINE = 720


@dataclass(frozen=True, slots=True)
class Emblem:
    """A figure of the document, drawn into a unit square; `ratio` is its width by its height."""

    name: str
    ratio: float

    def drawing(self, x: float, y: float, height: float) -> str:
        """The operators that draw it with its lower left corner at (x, y)."""
        width = height * self.ratio
        values = (width, 0.0, 0.0, height, x, y)
        return f"{' '.join(map(number, values))} cm /{self.name} Do"


def add_emblem(document: Document, source: bytes | None) -> Emblem:
    """The emblem from an uploaded file; raises `UnusableEmblem`."""
    if source is None:
        return Emblem(document.add_figure(_form(document.pdf, _PLACEHOLDER)), 1.0)
    if len(source) > _MOST_BYTES:
        raise UnusableEmblem("Expected an emblem of at most 5 MB, but the file is larger.")
    start = source[:1024].lstrip()
    if start.startswith(b"%PDF"):
        return _picture(document, _rastered(source))
    if start.startswith((b"<svg", b"<?xml")):
        return _vector(document, source)
    return _picture(document, _opened(source))


def _form(pdf: Pdf, operators: str) -> Stream:
    return compressed(
        pdf,
        operators.encode("ascii"),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 1, 1]),
        Resources=Dictionary(),
    )


def _opened(source: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(source), formats=("PNG", "JPEG"))
        if picture.width * picture.height > _MOST_PIXELS:
            raise UnusableEmblem("Expected an emblem of at most 25 million pixels.")
        picture.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise UnusableEmblem(
            "Expected a PNG, JPEG, SVG or PDF file as the emblem, but it cannot be read as one."
        ) from error
    return picture


def _rastered(source: bytes) -> Image.Image:
    """The first page of a PDF, finely: whatever else the file holds stays outside."""
    try:
        with pypdfium2.PdfDocument(source) as pdf:
            page = pdf[0]
            scale = min(_FINE / max(page.get_height(), 1.0), _FINE / max(page.get_width(), 1.0))
            picture: Image.Image = page.render(scale=scale).to_pil()
            return picture
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise UnusableEmblem("Expected a PDF with one page, but it cannot be read.") from error


def _picture(document: Document, picture: Image.Image) -> Emblem:
    """Pixels, their transparency laid onto white: paper has no other background."""
    picture.thumbnail((2 * _FINE, 2 * _FINE))
    flat = Image.new("RGB", picture.size, "white")
    layer = picture.convert("RGBA")
    flat.paste(layer, mask=layer.getchannel("A"))
    image = compressed(
        document.pdf,
        flat.tobytes(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=flat.width,
        Height=flat.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
    )
    return Emblem(document.add_figure(image), flat.width / flat.height)


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
    if bounds.bounds is None:
        raise UnusableEmblem("Expected an SVG of plain shapes, but it draws nothing.")
    left, top, right, bottom = bounds.bounds
    width, height = max(right - left, 1e-6), max(bottom - top, 1e-6)
    pen = _OperatorPen((1 / width, 1 / height), (left, bottom))
    shapes.replay(pen)
    return Emblem(
        document.add_figure(_form(document.pdf, " ".join([*pen.operators, "f"]))), width / height
    )


class _OperatorPen(BasePen):  # type: ignore[misc] # fontTools has no types
    """Writes outlines as PDF operators in a unit square, turned upright (SVG counts downwards)."""

    def __init__(self, scale: tuple[float, float], origin: tuple[float, float]) -> None:
        super().__init__(None)
        self.operators: list[str] = []
        self._scale = scale
        self._origin = origin

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - fontTools' name
        self._write("m", point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802 - the same
        self._write("l", point)

    def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802 - the same
        self._write("c", *points)

    def _closePath(self) -> None:  # noqa: N802 - the same
        self.operators.append("h")

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        (scale_x, scale_y), (left, bottom) = self._scale, self._origin
        for x, y in points:
            self.operators.append(f"{(x - left) * scale_x:.5f} {(bottom - y) * scale_y:.5f}")
        self.operators.append(operator)


def _circle(x: float, y: float, radius: float) -> str:
    k = radius * 0.5523
    return (
        f"{x + radius} {y} m "
        f"{x + radius} {y + k} {x + k} {y + radius} {x} {y + radius} c "
        f"{x - k} {y + radius} {x - radius} {y + k} {x - radius} {y} c "
        f"{x - radius} {y - k} {x - k} {y - radius} {x} {y - radius} c "
        f"{x + k} {y - radius} {x + radius} {y - k} {x + radius} {y} c h"
    )


#: Two rings and a plain diamond: clearly no state emblem.
_PLACEHOLDER = (
    "0.45 G 0.02 w "
    f"{_circle(0.5, 0.5, 0.485)} S {_circle(0.5, 0.5, 0.4)} S "
    "0.5 0.76 m 0.7 0.5 l 0.5 0.24 l 0.3 0.5 l h S"
)
