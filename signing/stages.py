"""The stages of a signature as values; they survive a restart as bytes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from signing.errors import Unreadable

_PREPARED, _SEALED = b"SRBPREP1", b"SRBSEAL1"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its visible block and room for the signature.

    `digest` (SHA-256 of the signed bytes) is what a second factor is bound to and a device is
    shown. `room` is where the signature will stand in the file. `at` is the claimed signing time.
    """

    pdf: bytes = dataclasses.field(repr=False)
    field: str
    digest: bytes
    room: tuple[int, int]
    at: datetime

    def to_bytes(self) -> bytes:
        """All of it, to be stored until its owner's device has signed."""
        return _packed(_PREPARED, self, b"")

    @classmethod
    def from_bytes(cls, data: bytes) -> Prepared:
        """What `to_bytes` gave; raises `Unreadable` for anything else."""
        return _unpacked(_PREPARED, data)[0]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The key has signed (B-B), the document is not finished: it waits for its timestamp."""

    prepared: Prepared
    cms: bytes = dataclasses.field(repr=False)

    def to_bytes(self) -> bytes:
        """All of it, to be stored until the timestamp authority is back."""
        return _packed(_SEALED, self.prepared, self.cms)

    @classmethod
    def from_bytes(cls, data: bytes) -> Sealed:
        """What `to_bytes` gave; raises `Unreadable` for anything else."""
        return cls(*_unpacked(_SEALED, data))


def _packed(magic: bytes, prepared: Prepared, cms: bytes) -> bytes:
    head = json.dumps(
        {
            "field": prepared.field,
            "digest": prepared.digest.hex(),
            "room": prepared.room,
            "at": prepared.at.isoformat(),
            "cms": len(cms),
        }
    ).encode()
    body = len(head).to_bytes(4, "big") + head + cms + prepared.pdf
    return magic + hashlib.sha256(body).digest() + body


def _unpacked(wanted: bytes, data: bytes) -> tuple[Prepared, bytes]:
    magic, check, body = data[:8], data[8:40], data[40:]
    if magic != wanted or hashlib.sha256(body).digest() != check:
        raise Unreadable("Expected a sealed document, but the bytes are others or damaged.")
    end = 4 + int.from_bytes(body[:4], "big")
    head = json.loads(body[4:end])
    first, last = head["room"]
    cms, pdf = body[end : end + head["cms"]], body[end + head["cms"] :]
    at = datetime.fromisoformat(head["at"])
    return Prepared(pdf, head["field"], bytes.fromhex(head["digest"]), (first, last), at), cms


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed document. `level` is "B-B" or "B-T"; `timestamp` is the authority's time (B-T);
    `digest` of what its signature covers, as of `Prepared`.
    """

    pdf: bytes = dataclasses.field(repr=False)
    field: str
    level: str
    at: datetime
    timestamp: datetime | None
    digest: bytes
