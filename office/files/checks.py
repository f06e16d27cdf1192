"""Whether bytes are what their extension says, and harmless to keep and to open."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pikepdf
from PIL import Image, UnidentifiedImageError

from engine.errors import Invalid
from forms.files import KINDS
from office.files.errors import refused
from office.files.letter_data import is_letter_data, unpacked

PIXELS = 40_000_000
PAGES = 2_000
ENTRIES, UNPACKED, RATIO = 1_000, 200 * 1024 * 1024, 100
OBJECTS = 300_000
#: of what PDFs carry inside: bytes unpacked, all together, and how many of them in one another
MOST_INSIDE, DEEPEST = 50 * 1024 * 1024, 2
#: media type to extension, the last of several
_EXTENSIONS = {media_type: extension for extension, media_type in KINDS.items()}
_FILE = "an embedded file"
#: what makes a PDF act by itself: by an entry that a dictionary has …
_ENTRIES = {
    "/AA": "actions of its own",
    "/JavaScript": "a script",
    "/XFA": "a dynamic form",
}
#: … and by what a dictionary says it is
_KINDS = {
    "/JavaScript": "a script",
    "/Launch": "a command to start a program",
    "/SubmitForm": "a form that sends data away",
    "/ImportData": "a command to fetch data",
    "/EmbeddedFile": _FILE,
    "/RichMedia": "embedded media",
    "/Movie": "embedded media",
    "/Screen": "embedded media",
}
_NAMED_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
    "ods": "content.xml",
}
_MIMETYPES = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
#: what `zipfile` raises for a file that is no zip, or a damaged one
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError,
    RuntimeError, KeyError,
)  # fmt: skip
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF", "tiff": "TIFF"}


def check_content(data: bytes, extension: str) -> None:
    """Let pass, or Invalid with what is wrong and where."""
    if not data:
        raise refused("file", "The file is empty.", "empty")
    _CHECKS[extension](data, extension)


def _not_as_named(extension: str) -> Exception:
    return refused(
        "file", f"The content is not that of a .{extension} file.", "content_differs_from_name"
    )


def _pdf(data: bytes, extension: str, carried: Carried | None = None) -> None:
    """`carried`: what else it may hold inside, where it lies inside another itself."""
    if not data.lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        raise _not_as_named(extension)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _inspect_pdf(pdf, carried or Carried())
    except pikepdf.PasswordError:
        raise refused(
            "file", "The PDF is encrypted; save it without a password.", "pdf_encrypted"
        ) from None
    except (pikepdf.PdfError, RecursionError, ValueError, OverflowError) as error:
        raise refused("file", f"The PDF is damaged: {error!s:.200}", "pdf_damaged") from None


def _inspect_pdf(pdf: pikepdf.Pdf, carried: Carried) -> None:
    if pdf.is_encrypted:
        raise refused("file", "The PDF is encrypted; save it without a password.", "pdf_encrypted")
    if not 1 <= len(pdf.pages) <= PAGES:
        raise refused("file", f"Expected 1 to {PAGES} pages.", "pdf_pages")
    found = next(_active_content(pdf, carried), None)
    if found is not None:
        where, what = found
        raise refused(
            where,
            f"The PDF has {what}, which acts by itself; print it anew.",
            "pdf_active",
        )


def _active_content(pdf: pikepdf.Pdf, carried: Carried) -> Iterator[tuple[str, str]]:
    """Everything that acts, with the page that it hangs on where that is known."""
    if len(pdf.objects) > OBJECTS:
        yield "file/document", f"more than {OBJECTS:,} objects"
    if "/OpenAction" in pdf.Root and _is_action(pdf.Root.OpenAction):
        yield "file/document", "an action on opening"
    for number, page in enumerate(pdf.pages, 1):
        yield from ((f"file/page {number}", what) for what in _acts(page.obj, carried))
    for thing in pdf.objects:
        yield from (("file/document", what) for what in _acts(thing, carried))


def _acts(thing: Any, carried: Carried) -> Iterator[str]:
    """What acts in an object and in all that lies within it. References are looked at by
    themselves, so nothing is followed and nothing goes round in circles.
    """
    inside = [thing]
    while inside:
        one = inside.pop()
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            yield from _says(one, carried)
            inside += [value for _, value in one.items() if _lies_within(value)]
        elif isinstance(one, pikepdf.Array):
            inside += [value for value in one if _lies_within(value)]


def _lies_within(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _says(one: Any, carried: Carried) -> Iterator[str]:
    for name, value in one.items():
        if name == "/EF":
            yield from _carried(value, carried)
        # a font may well be called /AA: what is asked for has no type
        if name in _ENTRIES and not (isinstance(value, pikepdf.Dictionary) and "/Type" in value):
            yield _ENTRIES[name]
        elif name in ("/S", "/Type", "/Subtype") and isinstance(value, pikepdf.Name):
            what = _KINDS.get(str(value))
            if what and not (what == _FILE and carried.harmless(one)):
                yield what


def _carried(files: Any, carried: Carried) -> Iterator[str]:
    """What a file specification embeds, but for a letter's data and its enclosures."""
    if not isinstance(files, pikepdf.Dictionary):
        yield _FILE
        return
    if not all(carried.harmless(stream) for _, stream in files.items()):
        yield _FILE


@dataclass(slots=True)
class _Budget:
    left: int = MOST_INSIDE


class Carried:
    """What a PDF may carry inside: a letter's data, and files that might have been enclosed
    themselves. One budget of bytes holds for all that lies in an upload, however deep.
    """

    def __init__(self, budget: _Budget | None = None, depth: int = 0) -> None:
        self._budget, self._depth = budget or _Budget(), depth
        self._known: dict[tuple[int, int], bool] = {}

    def harmless(self, stream: Any) -> bool:
        """Of an embedded file, which is met by its specification and by its own type."""
        if not isinstance(stream, pikepdf.Stream):
            return False
        if stream.objgen not in self._known:
            self._known[stream.objgen] = is_letter_data(stream) or self._enclosed(stream)
        return self._known[stream.objgen]

    def _enclosed(self, stream: pikepdf.Stream) -> bool:
        extension = _EXTENSIONS.get(str(stream.get("/Subtype")).removeprefix("/"))
        if extension is None or self._depth == DEEPEST:
            return False
        data = unpacked(stream, self._budget.left)
        if data is None:
            return False
        self._budget.left -= len(data)
        try:
            if extension == "pdf":
                _pdf(data, extension, Carried(self._budget, self._depth + 1))
            else:
                check_content(data, extension)
        except Invalid:
            return False
        return True


def _is_action(opening: Any) -> bool:
    """A destination (where to begin reading) is no action."""
    return isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name.GoTo


def _packed(data: bytes, extension: str) -> None:
    """Office files are zips: opened far enough to know their kind and that they are no bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _inspect_zip(archive, extension)
    except _BROKEN:
        raise _not_as_named(extension) from None


def _inspect_zip(archive: zipfile.ZipFile, extension: str) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if _NAMED_PARTS[extension] not in names:
        raise _not_as_named(extension)
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > ENTRIES or unpacked > UNPACKED or unpacked > RATIO * packed:
        raise refused("file", "The file unpacks to too much; save it anew.", "unpacks_too_large")
    wanted = _MIMETYPES.get(extension)
    if wanted is not None and _beginning(archive, "mimetype") != wanted:
        raise _not_as_named(extension)
    for name in sorted(names):
        if name.lower().endswith(("vbaproject.bin", ".exe", ".js", ".vbs", ".bat")):
            raise refused(f"file/{name}", "The file has a macro or a program.", "macro")
        if ".." in name.split("/") or name.startswith("/"):
            raise refused(f"file/{name}", "The file has a part outside itself.", "zip_path")


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(100).strip()


def _image(data: bytes, extension: str) -> None:
    """The size is in the header: nothing is unpacked to know it."""
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[extension]]) as picture:
            width, height = picture.size
            frames = getattr(picture, "n_frames", 1)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise _not_as_named(extension) from None
    if width * height * frames > PIXELS:
        raise refused(
            "file", f"The picture has over {PIXELS // 1_000_000} million pixels.", "too_many_pixels"
        )


def _text(data: bytes, extension: str) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("file", "The text is not UTF-8; save it as UTF-8.", "not_utf8") from None
    if any(letter < " " and letter not in "\r\n\t\f" for letter in text):
        raise _not_as_named(extension)


_CHECKS: Mapping[str, Callable[[bytes, str], None]] = {
    "pdf": _pdf,
    **dict.fromkeys(_NAMED_PARTS, _packed),
    **dict.fromkeys(_FORMATS, _image),
    "txt": _text,
    "csv": _text,
}
