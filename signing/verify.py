"""What a signed PDF proves: per signature, answered apart, and in one word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

#: valid: all signatures are intact, valid and trusted, and nothing was changed since.
Word = Literal["valid", "untrusted", "modified", "invalid", "unsigned", "unreadable"]


@dataclass(frozen=True, slots=True)
class SignatureVerdict:
    """One signature, its questions answered apart.

    intact: the signed bytes are unchanged. valid: the signature fits the certificate, which was in
    force. trusted: the certificate leads to a trust anchor. modified: something was added
    later that signing does not allow. time: of the timestamp (`time_source` "timestamp"), else
    as the signer's machine claims ("claimed").
    """

    field: str
    signer: str
    intact: bool
    valid: bool
    trusted: bool
    modified: bool
    time: datetime | None
    time_source: Literal["timestamp", "claimed"] | None
    level: str | None
    issuer: str | None
    reason: str | None
    problem: str | None

    @property
    def good(self) -> bool:
        return self.intact and self.valid and self.trusted and not self.modified

    def as_json(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole document; `problem` says in a sentence why it is unreadable."""

    signatures: tuple[SignatureVerdict, ...]
    verdict: Word
    problem: str | None = None

    @property
    def good(self) -> bool:
        return self.verdict == "valid"

    def as_json(self) -> dict[str, Any]:
        raise NotImplementedError


def verify(pdf: bytes, trust: Sequence[bytes], at: datetime) -> Verdict:
    """The verdict on bytes of our own making, in this process. `trust` are certificates (DER or PEM).

    Never raises for what the bytes hold: hostile or broken input is "unreadable" or "invalid".
    """
    raise NotImplementedError


def verify_upload(
    pdf: bytes,
    trust: Sequence[bytes],
    at: datetime,
    *,
    seconds: float = 10.0,
    max_bytes: int = 50 * 1024 * 1024,
) -> Verdict:
    """The verdict on a stranger's bytes: in a child process with caps on time and memory."""
    raise NotImplementedError
