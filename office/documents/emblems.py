"""An agency's emblem: an upload made into a file of ours, kept, and read back to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.errors import FieldError, Invalid
from office.files.storage import Storage, read
from office.files.uploads import StoredFile, keep
from signing.errors import UnusableEmblem
from signing.render.artwork import Artwork, taken
from signing.render.emblem import MOST_BYTES

__all__ = ["MOST_BYTES", "emblem_of", "keep_emblem", "take"]


def take(data: bytes) -> Artwork:
    """The upload as it would be kept; Invalid (unusable_emblem) naming what is wrong and where."""
    try:
        return taken(data)
    except UnusableEmblem as bad:
        raise Invalid(
            f"Expected an emblem that can be printed, but {bad}",
            [FieldError("emblem", str(bad), f"emblem_{bad.reason}")],
            code=bad.code,
        ) from bad


def keep_emblem(storage: Storage, agency_id: UUID, data: bytes) -> StoredFile:
    """Check the right to change the emblem first."""
    art = take(data)
    return keep(storage, agency_id, art.data, f"emblem.{art.suffix}", art.media_type)


def emblem_of(storage: Storage, agency_id: UUID, document: Mapping[str, Any]) -> bytes | None:
    """The artwork that a document's words name; None: the neutral placeholder stands in."""
    sha256 = (document.get("heading") or {}).get("emblem")
    return read(storage, agency_id, sha256) if sha256 else None
