"""What may come in: every upload is sized, sniffed and opened before a byte of it is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that were checked and lie in storage; a command makes a row of it."""

    sha256: str
    size: int
    media_type: str
    name: str
