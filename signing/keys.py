"""Signing keys behind one protocol, and the software key that opens only with its owner's PIN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Mechanism = Literal["ecdsa", "rsa"]


class KeyProvider(Protocol):
    """A key that may sign now: unlocked by its owner, wherever it is kept.

    `certificate` and `chain` are DER; the chain runs from the issuer towards the root.
    """

    @property
    def certificate(self) -> bytes: ...
    @property
    def chain(self) -> tuple[bytes, ...]: ...
    @property
    def mechanism(self) -> Mechanism: ...
    def sign_digest(self, digest: bytes, hash_name: str) -> bytes:
        """The raw signature over `digest`, made with `hash_name` ("sha256")."""


@dataclass(frozen=True, slots=True)
class SoftwareKey:
    """A private key in a standard PKCS#8 envelope (PBES2: scrypt, AES-256) under its owner's PIN.

    The server stores these bytes and never the PIN.
    """

    encrypted: bytes
    certificate: bytes
    chain: tuple[bytes, ...]

    def unlock(self, pin: str) -> KeyProvider:
        """The key ready to sign (for this request only); raises `WrongPin`.

        Takes about a tenth of a second on purpose: do it before a transaction is open.
        """
        raise NotImplementedError

    def with_new_pin(self, pin: str, new_pin: str, *, work: int | None = None) -> SoftwareKey:
        """The same key under another PIN; raises `WrongPin` or `WeakPin`."""
        raise NotImplementedError
