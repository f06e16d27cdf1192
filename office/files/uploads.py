"""What may come in: every upload is sized, sniffed and opened before a byte of it is kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from forms.files import KINDS
from office.files.checks import check_content
from office.files.errors import refused, too_large
from office.files.storage import Storage

MOST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that were checked and lie in storage; a command makes a row of it."""

    sha256: str
    size: int
    media_type: str
    name: str


def receive(storage: Storage, agency_id: UUID, data: bytes, name: str) -> StoredFile:
    """Check an upload and keep its bytes; a refused one leaves nothing behind.

    TooLarge over the cap, Invalid with located errors otherwise. Check the right to upload first:
    bytes that no row comes to hold wait for the collector.
    """
    clean = clean_name(name)
    check_size(clean, len(data))
    extension = PurePosixPath(clean).suffix.removeprefix(".").lower()
    media_type = KINDS.get(extension)
    if media_type is None:
        raise refused("file", f"Expected one of {', '.join(KINDS)}.", "type_not_allowed")
    check_content(data, extension)
    return keep(storage, agency_id, data, clean, media_type)


def check_size(name: str, size: int) -> None:
    """TooLarge over the cap: a file as it is announced, before it is read."""
    if size > MOST:
        raise too_large(clean_name(name), size, MOST)


def keep(storage: Storage, agency_id: UUID, data: bytes, name: str, media_type: str) -> StoredFile:
    """Bytes of our own making, into storage as they are."""
    return StoredFile(storage.put(agency_id, data), len(data), media_type, name)


def clean_name(name: str) -> str:
    """The bare file name: no folders, nothing unprintable, not too long for any system."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in bare if letter.isprintable()).strip(" .")
    if not printable:
        raise refused("file", "Give the file a name.", "no_name")
    stem, dot, extension = printable.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:10]}" if dot else printable[:160]
