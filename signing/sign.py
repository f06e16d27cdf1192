"""A PAdES signature in four stages, each plain data obtainable only from the one before.

prepare (visible block, bytes to sign over) → seal (the key signs) → finish (timestamp, signed PDF).
A stage survives a restart as bytes, so a device, a remote service or an absent timestamp
authority may come in between. `sign_letter` walks all stages at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signing.fonts import Typeface
from signing.keys import KeyProvider
from signing.timestamp import Timestamps


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """What the visible block says: who signs, and in which post (acting-for lines included)."""

    name: str
    position_lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document with its visible block and room for the signature.

    `digest` (SHA-256 of the signed bytes) is what a second factor is bound to and a device is
    shown. `at` is the signing time that the document claims.
    """

    pdf: bytes
    field: str
    digest: bytes
    room: tuple[int, int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Sealed:
    """The key has signed (B-B), the document is not finished: it waits for its timestamp."""

    prepared: Prepared
    cms: bytes

    def to_bytes(self) -> bytes:
        """All of it, to be stored until the timestamp authority is back."""
        raise NotImplementedError

    @classmethod
    def from_bytes(cls, data: bytes) -> Sealed:
        """What `to_bytes` gave; raises `Unreadable` for anything else."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed document. `level` is "B-B" or "B-T"; `timestamp` is the authority's time (B-T)."""

    pdf: bytes
    field: str
    level: str
    at: datetime
    timestamp: datetime | None


def prepare(
    pdf: bytes,
    field: str,
    signer: SignerBlock,
    at: datetime,
    *,
    typeface: Typeface | None = None,
    reason: str | None = None,
) -> Prepared:
    """The document ready to be signed in `field`; the first signature certifies it.

    Raises `FieldMissing`, `FieldTaken`, `FieldLocked` or `Unreadable`.
    """
    raise NotImplementedError


def seal(prepared: Prepared, key: KeyProvider) -> Sealed:
    """The signature of `key` over the prepared document."""
    raise NotImplementedError


def finish(sealed: Sealed, timestamps: Timestamps | None) -> Signed:
    """The signed document: B-T, or B-B without `timestamps`.

    Raises `TimestampUnavailable` carrying `sealed`; call again with it later.
    """
    raise NotImplementedError


def sign_letter(
    pdf: bytes,
    *,
    field: str,
    key: KeyProvider,
    signer: SignerBlock,
    at: datetime,
    timestamps: Timestamps | None,
    typeface: Typeface | None = None,
    reason: str | None = None,
) -> Signed:
    """All stages in one: `finish(seal(prepare(...)))`.

    Raises what they raise; on `TimestampUnavailable` store `error.sealed.to_bytes()` and let a
    job call `finish(Sealed.from_bytes(...), timestamps)`.
    """
    return finish(
        seal(prepare(pdf, field, signer, at, typeface=typeface, reason=reason), key), timestamps
    )
