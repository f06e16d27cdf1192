"""Files in a request: their names made plain, their bytes in memory, nothing left on a disk."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from api import bundling
from engine.errors import FieldError, Invalid

LONGEST_NAME = 200


def posted_files(field: str, most: int) -> dict[str, bytes]:
    """The files posted under `field`, by name. None, too many or two of one name: Invalid."""
    _demand_multipart()
    found = request.files.getlist(field)
    if not 0 < len(found) <= most:
        raise _wrong(field, f"Expected 1 to {most} files in {field!r}, but got {len(found)}.")
    files: dict[str, bytes] = {}
    for file in found:
        name = plain_name(file.filename, field)
        if name in files:
            raise _wrong(field, f"Expected each name once, but {name!r} comes twice.")
        files[name] = file.read()
    return files


def posted_set(field: str, most: int, largest: int) -> dict[str, bytes]:
    """The same, or all files of the one ZIP that was posted, which have `largest` bytes together;
    folders in it are left out.
    """
    posted = posted_files(field, most)
    [(only, content), *others] = posted.items()
    if others or not only.lower().endswith(bundling.ENDING):
        return posted
    files: dict[str, bytes] = {}
    try:
        for stated, found in bundling.unpacked(content, most, largest):
            name = plain_name(stated, field)
            if name in files:
                raise _wrong(field, f"Expected each name once, but {name!r} comes twice.")
            files[name] = found
    except bundling.NotUnpacked as wrong:
        raise _wrong(field, str(wrong), wrong.code) from None
    if not files:
        raise _wrong(field, "Expected files in the ZIP, but it has none.", "bad_zip")
    return files


def posted_file(field: str) -> tuple[str, bytes]:
    """The one file posted under `field`: (name, bytes)."""
    [(name, content)] = posted_files(field, 1).items()
    return name, content


def plain_name(name: str | None, field: str) -> str:
    """A file's name without folders or control characters, in one Unicode form."""
    text = unicodedata.normalize("NFC", PurePosixPath((name or "").replace("\\", "/")).name)
    if not text or not text.isprintable() or text in {".", ".."} or len(text) > LONGEST_NAME:
        raise _wrong(field, f"Expected a file name of 1 to {LONGEST_NAME} printable characters.")
    return text


def _demand_multipart() -> None:
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType("Expected a body of the type multipart/form-data.")


def _wrong(field: str, message: str, code: str = "invalid") -> Invalid:
    return Invalid(message, [FieldError(field, message, code)])


def posted_bytes(field: str, media: str) -> bytes:
    """A file that was posted as form field, or as the body itself under its media type."""
    if request.mimetype == media:
        return request.get_data()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(f"Expected a body of {media} or multipart/form-data.")
    return posted_file(field)[1]
