"""A key that an authority handed out as a PKCS#12 file: opened, and judged before it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import cms, pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12 as load

from signing.envelope import PrivateKey
from signing.errors import UnusableKey
from signing.suitability import suitable

MOST_BYTES = 100 * 1024
#: Deriving a key from a password costs this many rounds at most: strangers choose the number.
_MOST_ROUNDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Imported:
    """A key with its certificate and the chain from the issuer towards the root (DER)."""

    key: PrivateKey = field(repr=False)
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)


def opened(data: bytes, password: str, *, trust: Sequence[bytes], at: datetime) -> Imported:
    """The key in a PKCS#12 file, if it may sign official documents now.

    Raises `UnusableKey`, whose `fault` names what is wrong.
    """
    _check_cost(data)
    found = _decrypted(data, password)
    key, certificate = _pair(found)
    others = [one.certificate for one in found.additional_certs]
    return Imported(key, _der(certificate), suitable(certificate, others, trust=trust, at=at))


def _check_cost(data: bytes) -> None:
    """Before anything is derived from the password."""
    if len(data) > MOST_BYTES:
        raise UnusableKey("too_large", f"Expected at most {MOST_BYTES // 1024} KB, but got more.")
    try:
        file = pkcs12.Pfx.load(data, strict=True)
        rounds = list(_rounds(file))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableKey("unreadable", "Expected a PKCS#12 file, but this is none.") from error
    if any(count > _MOST_ROUNDS for count in rounds):
        raise UnusableKey("too_costly", f"Expected at most {_MOST_ROUNDS} rounds, but it has more.")


def _rounds(file: pkcs12.Pfx) -> Iterator[int]:
    if file["mac_data"].native is not None:
        yield int(file["mac_data"]["iterations"].native)
    for part in file.authenticated_safe:
        if part["content_type"].native == "encrypted_data":
            info = part["content"]["encrypted_content_info"]
            yield from _of_algorithm(info["content_encryption_algorithm"])
        elif part["content_type"].native == "data":
            for bag in pkcs12.SafeContents.load(part["content"].native):
                if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                    yield from _of_algorithm(bag["bag_value"]["encryption_algorithm"])


def _of_algorithm(algorithm: cms.EncryptionAlgorithm) -> Iterator[int]:
    parameters: Any = algorithm["parameters"].native or {}
    derivation = parameters.get("key_derivation_func", {}).get("parameters", parameters) or {}
    yield int(derivation.get("iterations") or derivation.get("iteration_count") or 0)


def _decrypted(data: bytes, password: str) -> PKCS12KeyAndCertificates:
    try:
        return load(data, password.encode() or None)
    except ValueError as error:
        raise UnusableKey(
            "wrong_password", "Expected the password of this file, but another was given."
        ) from error
    except Exception as error:
        raise UnusableKey("unreadable", "Expected a PKCS#12 file, but it is damaged.") from error


def _pair(found: PKCS12KeyAndCertificates) -> tuple[PrivateKey, x509.Certificate]:
    if found.key is None:
        raise UnusableKey("no_key", "Expected a private key in the file, but it holds none.")
    if found.cert is None:
        raise UnusableKey("no_certificate", "Expected the key's certificate, but there is none.")
    if not isinstance(found.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnusableKey("kind", "Expected an RSA or elliptic-curve key, but it is another kind.")
    certificate = found.cert.certificate
    if _public(found.key.public_key()) != _public(certificate.public_key()):
        raise UnusableKey("mismatch", "Expected key and certificate to fit, but they do not.")
    return found.key, certificate


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
