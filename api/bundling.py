"""All files of a process as one ZIP: made to be taken elsewhere, read when it comes in again."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from flask import Response

from api.downloads import name_download

MEDIA_TYPE = "application/zip"
ENDING = ".zip"

#: what no file may be called somewhere, or what leads out of a folder
_UNSAFE = re.compile(r'[\\/:*?"<>|]')
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MADE_ON_UNIX, _READABLE = 3, 0o100644 << 16
#: what a ZIP's list of entries says before each of them; folders are entries too
_LISTED, _FOLDERS = b"PK\1\2", 4
_ENCRYPTED = 0x1
#: made beside the files by one system's own packer
_FORKS = "__MACOSX/"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip


class NotUnpacked(ValueError):
    """`code`: bad_zip, too_many."""

    def __init__(self, message: str, code: str = "bad_zip") -> None:
        super().__init__(message)
        self.code = code


def sent(files: Mapping[str, bytes], name: str) -> Response:
    """The files as a download called `name`.zip: made in memory, for they came in as one upload."""
    response = Response(packed(files), content_type=MEDIA_TYPE)
    name_download(response, f"{_safe(name)}{ENDING}")
    return response


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP in the order of the names, undated: of the same files it is the same. What could not be
    unpacked everywhere is named otherwise: a path is one name, and names differ in more than case.
    """
    out, taken = io.BytesIO(), set[str]()
    with zipfile.ZipFile(out, "w") as made:
        for name in sorted(files):
            entry = zipfile.ZipInfo(_free(_safe(name), taken), _FIRST_DAY)
            entry.create_system, entry.external_attr = _MADE_ON_UNIX, _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, files[name])
    return out.getvalue()


def _safe(name: str) -> str:
    text = _UNSAFE.sub("_", unicodedata.normalize("NFC", name))
    text = "".join(one if one.isprintable() else "_" for one in text).strip(" .")
    return text or "file"


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 2
    while found.casefold() in taken:
        found, number = f"{number}-{name}", number + 1
    taken.add(found.casefold())
    return found


def unpacked(content: bytes, most: int, largest: int) -> Iterator[tuple[str, bytes]]:
    """(name as it stands there, bytes) of each file, whoever packed them: at most `most` of them
    and `largest` bytes together. NotUnpacked: there is more, or it cannot be read.
    """
    if content.count(_LISTED) > _FOLDERS * most:  # before anything is made of the list
        raise _too_many(f"{most} files")
    left, found_so_far = largest, 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as given:
            for entry in given.infolist():
                if entry.is_dir() or entry.filename.startswith(_FORKS):
                    continue
                found_so_far += 1
                if found_so_far > most:
                    raise _too_many(f"{most} files")
                found = _read(given, entry, left)
                if len(found) > left:
                    raise _too_many(f"{largest:,} bytes")
                left -= len(found)
                yield entry.filename, found
    except NotUnpacked:
        raise
    except _BROKEN:
        raise NotUnpacked("Expected a ZIP that can be read, but it is broken.") from None


def _too_many(what: str) -> NotUnpacked:
    return NotUnpacked(f"Expected at most {what} in the ZIP, but got more.", "too_many")


def _read(given: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """The entry's bytes; one more than `left` where there are more."""
    if entry.flag_bits & _ENCRYPTED:
        raise NotUnpacked(f"Expected files without a password, but {entry.filename!r:.90} has one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotUnpacked(
            f"Expected files that are stored or deflated, but {entry.filename!r:.90} is neither."
        )
    with given.open(entry) as source:
        return source.read(left + 1)
