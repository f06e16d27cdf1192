"""Enclosed files inside the signed letter: which travel in it, and which by their hash alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from forms.files import KINDS
from office.documents.models import attachment
from office.files.models import blob
from office.files.storage import Storage, read
from office.files.uploads import clean_name
from signing.archive.enclosures import Enclosure

#: Together, in bytes. A signed letter is no larger than what may be uploaded, to be verified or
#: enclosed with another.
MOST = 20 * 1024 * 1024
_TYPES = (
    sa.select(blob.c.sha256, blob.c.media_type)
    .join(
        attachment,
        sa.and_(blob.c.agency_id == attachment.c.agency_id, blob.c.id == attachment.c.blob_id),
    )
    .where(
        attachment.c.agency_id == sa.bindparam("agency", type_=sa.Uuid),
        attachment.c.document_id == sa.bindparam("document", type_=sa.Uuid),
    )
)


def with_types(
    db: Connection, agency_id: UUID, document_id: UUID, frozen: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The files of a frozen version {name, quantity, sha256, size}, each with its `media_type`."""
    found = db.execute(_TYPES, {"agency": agency_id, "document": document_id})
    types = {row.sha256: row.media_type for row in found}
    return [{**file, "media_type": types[file["sha256"]]} for file in frozen]


def fitting(sizes: Sequence[int], most: int) -> list[bool]:
    """Which of the files travel inside: each, in order, that leaves the sum within the bound."""
    inside, left = list[bool](), most
    for size in sizes:
        inside.append(size <= left)
        left -= size if inside[-1] else 0
    return inside


def loaded(
    storage: Storage, agency_id: UUID, files: Sequence[Mapping[str, Any]], most: int
) -> Iterator[Enclosure]:
    """As the letter carries them. NotFound where storage has lost one that travels inside."""
    inside = fitting([file["size"] for file in files], most)
    for number, (file, fits) in enumerate(zip(files, inside, strict=True), 1):
        yield Enclosure(
            title=file["name"],
            name=_name(number, file),
            media_type=file["media_type"],
            size=file["size"],
            sha256=file["sha256"],
            data=read(storage, agency_id, file["sha256"]) if fits else None,
        )


def _name(number: int, file: Mapping[str, Any]) -> str:
    """Unlike the others' by its number, with the ending that its kind has."""
    printed = PurePosixPath(file["name"].replace("/", " "))
    known = printed.suffix.removeprefix(".").lower() in KINDS
    stem = printed.stem if known else printed.name
    ending = next((ending for ending, kind in KINDS.items() if kind == file["media_type"]), "bin")
    return clean_name(f"{number:02} {stem}.{ending}")
