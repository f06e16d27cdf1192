"""Whether a key that came from outside may sign official documents: judged before it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from signing.errors import UnusableKey
from signing.verify.trust import anchors

_MOST_CERTIFICATES = 10
_SHORTEST_RSA = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


def suitable(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    *,
    trust: Sequence[bytes],
    at: datetime,
) -> tuple[bytes, ...]:
    """The chain (DER) from the issuer up to an anchor, if key and certificate may sign at `at`.

    `others` are certificates that came along. Raises `UnusableKey`, whose `fault` is kind,
    weak_key, not_yet_valid, expired, usage, unreadable or untrusted.
    """
    _check_key(certificate.public_key())
    _check_time(certificate, at)
    _check_usage(certificate)
    return _chain(certificate, others[:_MOST_CERTIFICATES], trust, at)


def _check_key(key: object) -> None:
    if isinstance(key, rsa.RSAPublicKey):
        weak = key.key_size < _SHORTEST_RSA
    elif isinstance(key, ec.EllipticCurvePublicKey):
        weak = not isinstance(key.curve, _CURVES)
    else:
        raise UnusableKey("kind", "Expected an RSA or elliptic-curve key, but it is another kind.")
    if weak:
        raise UnusableKey(
            "weak_key", "Expected RSA of 2048 bits or more, or P-256, P-384, P-521; it is weaker."
        )


def _check_time(certificate: x509.Certificate, at: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begins:
        raise UnusableKey("not_yet_valid", f"Expected a certificate in force; it begins {begins}.")
    if at >= ends:
        raise UnusableKey("expired", f"Expected a certificate in force, but it ended {ends}.")


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        signs = usage.digital_signature or usage.content_commitment
    except x509.ExtensionNotFound:
        signs = True
    except ValueError as error:
        raise UnusableKey("unreadable", "Expected a certificate, but it is damaged.") from error
    if not signs:
        raise UnusableKey("usage", "Expected a certificate for signatures, but its use is another.")


def _chain(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    trust: Sequence[bytes],
    at: datetime,
) -> tuple[bytes, ...]:
    """From the issuer up to the anchor."""
    leaf = asn1.Certificate.load(_der(certificate))
    given = [asn1.Certificate.load(_der(other)) for other in others]
    context = ValidationContext(
        trust_roots=anchors(trust), other_certs=given, moment=at, revocation_mode="soft-fail"
    )
    validator = CertificateValidator(leaf, given, context)
    try:
        path = asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call] # no types
    except (PathBuildingError, ValidationError) as error:
        raise UnusableKey(
            "untrusted", "Expected a chain to an authority trusted here, but there is none."
        ) from error
    return tuple(one.dump() for one in reversed(list(path)[:-1]))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)
