"""Signing keys behind one protocol, and the software key that opens only with its owner's PIN."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from signing.envelope import COST, WORK, PrivateKey, lock, unlock
from signing.errors import BrokenKey, WeakPin

Mechanism = Literal["ecdsa", "rsa"]

SHORTEST_PIN = 6
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def mechanism_of(certificate: bytes) -> Mechanism:
    """How a key of this certificate (DER) signs."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return "ecdsa" if isinstance(key, ec.EllipticCurvePublicKey) else "rsa"


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


class ClosedKey(Protocol):
    """A key as it is kept: it opens with its owner's PIN alone, wherever it lies."""

    @property
    def certificate(self) -> bytes: ...
    @property
    def chain(self) -> tuple[bytes, ...]: ...
    def unlock(self, pin: str) -> KeyProvider:
        """The key ready to sign, for this request only; raises `WrongPin`."""


@dataclass(frozen=True, slots=True)
class SoftwareKey:
    """A private key in a standard PKCS#8 envelope (PBES2: scrypt, AES-256) under its owner's PIN.

    The server stores these bytes and never the PIN.
    """

    encrypted: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def protect(
        cls,
        key: PrivateKey,
        pin: str,
        certificate: bytes,
        chain: tuple[bytes, ...],
        *,
        work: int | None = None,
    ) -> SoftwareKey:
        """A key under its owner's PIN; raises `WeakPin`. Tests lower `work` to save time."""
        return cls(lock(key, strong(pin), work or WORK, COST), certificate, chain)

    def unlock(self, pin: str) -> UnlockedKey:
        """The key ready to sign (for this request only); raises `WrongPin`.

        Takes about a tenth of a second on purpose: do it before a transaction is open.
        """
        key = unlock(self.encrypted, _plain(pin))
        if key.public_key() != x509.load_der_x509_certificate(self.certificate).public_key():
            raise BrokenKey("Expected the key of this certificate, but they do not fit together.")
        return UnlockedKey(key, self.certificate, self.chain)

    def with_new_pin(self, pin: str, new_pin: str, *, work: int | None = None) -> SoftwareKey:
        """The same key under another PIN; raises `WrongPin` or `WeakPin`."""
        key = unlock(self.encrypted, _plain(pin))
        return replace(self, encrypted=lock(key, strong(new_pin), work or WORK, COST))


@dataclass(frozen=True, slots=True)
class UnlockedKey:
    """A software key while its owner is signing."""

    key: PrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    @property
    def mechanism(self) -> Mechanism:
        return "ecdsa" if isinstance(self.key, ec.EllipticCurvePrivateKey) else "rsa"

    def sign_digest(self, digest: bytes, hash_name: str) -> bytes:
        algorithm = Prehashed(_HASHES[hash_name])
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(digest, ec.ECDSA(algorithm))
        return self.key.sign(digest, padding.PKCS1v15(), algorithm)


def _plain(pin: str) -> str:
    """However the keyboard was set: Thai digits count as digits, full width as plain."""
    return unicodedata.normalize("NFKC", pin).translate(_THAI_DIGITS).strip()


def strong(pin: str) -> str:
    """The PIN as it is used, with Thai digits as others; raises `WeakPin`."""
    plain = _plain(pin)
    if len(plain) < SHORTEST_PIN or len(set(plain)) == 1:
        raise WeakPin(
            f"Expected a PIN of at least {SHORTEST_PIN} characters, not all of them the same. "
            "Choose another."
        )
    return plain
