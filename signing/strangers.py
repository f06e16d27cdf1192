"""Pictures of what strangers upload, drawn in a child process: no file can stall or exhaust us."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import signing
from signing.apart import limit
from signing.errors import Unreadable

_MEMORY = 1024 * 1024 * 1024
_ROOT = Path(signing.__file__).parents[1]
#: The child's exit codes for what is not a crash.
_NOT_READABLE, _NO_SUCH_PAGE = 3, 4
#: Isolated (-I): neither the working directory nor the environment decides what is imported.
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from signing.strangers import main; main(*sys.argv[2:])"
)


def upload_png(data: bytes, page: int, width: int, *, seconds: float = 8.0) -> bytes:
    """Page `page` (from 0) of a PDF, or a picture itself as page 0, as PNG `width` pixels wide.

    Raises `Unreadable` for what cannot be drawn within the caps, `IndexError` past the last page.
    """
    return _in_child("draw", data, page, width, seconds=seconds)


def upload_page_count(data: bytes, *, seconds: float = 8.0) -> int:
    """How many pages `upload_png` can draw: those of a PDF, one for a picture."""
    return int(_in_child("count", data, 0, 0, seconds=seconds))


def _in_child(verb: str, data: bytes, page: int, width: int, *, seconds: float) -> bytes:
    command = [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), verb, str(page), str(width)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program
            [*command, str(int(seconds) + 1)],
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"Expected a page drawn in {seconds:g} s, but it takes longer.") from None
    if done.returncode == _NO_SUCH_PAGE:
        raise IndexError(f"Expected a page that the file has, but {page} is past its last.")
    if done.returncode:
        raise Unreadable("Expected a file that can be shown, but it cannot be drawn.")
    return done.stdout


def main(verb: str, page: str, width: str, seconds: str) -> None:
    """The child: limits itself, reads the file, writes the PNG or the count."""
    limit(int(seconds), _MEMORY)
    try:
        data = sys.stdin.buffer.read()
        answer = _count(data) if verb == "count" else _draw(data, int(page), int(width))
    except IndexError:
        sys.exit(_NO_SUCH_PAGE)
    except Unreadable:
        sys.exit(_NOT_READABLE)
    sys.stdout.buffer.write(answer)


def _count(data: bytes) -> bytes:
    from signing import preview  # after the limits: they bound its import too

    pages = preview.page_count(data) if _is_pdf(data) else 1
    return str(pages).encode()


def _is_pdf(data: bytes) -> bool:
    return b"%PDF-" in data[:1024]


def _draw(data: bytes, page: int, width: int) -> bytes:
    from signing import preview  # after the limits: they bound its import too

    if _is_pdf(data):
        return preview.page_png(data, page, width)
    if page:
        raise IndexError
    return _picture(data, width)


def _picture(data: bytes, width: int) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.thumbnail((width, width * 4))
            out = io.BytesIO()
            picture.convert("RGB").save(out, "PNG")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable("Expected a picture, but it cannot be read.") from error
    return out.getvalue()
