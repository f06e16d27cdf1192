"""Signing on the owner's own device: what is to be signed goes out, the signature comes back.

Neither key nor PIN is ever here. The registered certificate says by which key the answer must have
been made; it is checked before anything is built from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from signing.attributes import signed_attributes
from signing.errors import ForeignSignature, UnusableKey, WrongPin
from signing.keys import KeyProvider, Mechanism, mechanism_of
from signing.sign import seal
from signing.stages import Prepared, Sealed
from signing.suitability import suitable

MOST_BYTES = 100 * 1024
_MOST_SIGNATURE = 2048


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """A key that its owner's device keeps; certificate and chain are DER."""

    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)

    @property
    def mechanism(self) -> Mechanism:
        return mechanism_of(self.certificate)

    def unlock(self, pin: str) -> KeyProvider:
        """No PIN opens it here."""
        del pin
        raise WrongPin("Expected the owner's device to sign, for no PIN opens its key here.")


def registered(data: bytes, *, trust: Sequence[bytes], at: datetime) -> DeviceKey:
    """The first certificate of a file (PEM or DER), others being its chain, if it may sign official
    documents now. Raises `UnusableKey`.
    """
    if len(data) > MOST_BYTES:
        raise UnusableKey("too_large", f"Expected at most {MOST_BYTES // 1024} KB, but got more.")
    try:
        if b"-----BEGIN" in data:
            certificate, *others = x509.load_pem_x509_certificates(data)
        else:
            certificate, others = x509.load_der_x509_certificate(data), []
        chain = suitable(certificate, others, trust=trust, at=at)
    except ValueError as error:
        raise UnusableKey("unreadable", "Expected a certificate, but this is none.") from error
    return DeviceKey(certificate.public_bytes(Encoding.DER), chain)


def to_be_signed(prepared: Prepared, certificate: bytes) -> bytes:
    """What the device signs, by SHA-256: the signed attributes (DER), which name the document's
    digest and the certificate.
    """
    return bytes(signed_attributes(prepared.digest, asn1.Certificate.load(certificate)).dump())


def answered(prepared: Prepared, key: DeviceKey, signature: bytes) -> Sealed:
    """The document sealed with the signature that came back: PKCS#1 v1.5 or ECDSA (DER).

    Raises `ForeignSignature` where the key of this certificate did not make it over this document,
    and as `seal` does.
    """
    digest = hashlib.sha256(to_be_signed(prepared, key.certificate)).digest()
    check_signature(key.certificate, digest, signature)
    return seal(prepared, _Answer(key, digest, signature))


def check_signature(certificate: bytes, digest: bytes, signature: bytes) -> None:
    """Whether the key of a certificate (DER) signed this SHA-256; raises `ForeignSignature`."""
    public = x509.load_der_x509_certificate(certificate).public_key()
    if len(signature) > _MOST_SIGNATURE or not _signed_by(public, digest, signature):
        raise ForeignSignature(
            "Expected the signature of the registered key over this document, but it is not that."
        )


def _signed_by(public: object, digest: bytes, signature: bytes) -> bool:
    hashed = Prehashed(SHA256())
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, digest, ec.ECDSA(hashed))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, digest, padding.PKCS1v15(), hashed)
        else:
            return False
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Answer:
    """A key that has signed already, and signs nothing else."""

    key: DeviceKey
    digest: bytes
    signature: bytes = field(repr=False)

    @property
    def certificate(self) -> bytes:
        return self.key.certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.key.chain

    @property
    def mechanism(self) -> Mechanism:
        return self.key.mechanism

    def sign_digest(self, digest: bytes, hash_name: str) -> bytes:
        if (digest, hash_name) != (self.digest, "sha256"):
            raise ForeignSignature("Expected the digest that was signed, but it is another.")
        return self.signature
