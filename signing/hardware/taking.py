"""Which key of a token is taken into use, judged as one from a file would be."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from signing.errors import UnusableKey
from signing.hardware.tokens import Found, TokenKey, Tokens
from signing.suitability import suitable


def taken(
    tokens: Tokens, label: str, pin: str, *, trust: Sequence[bytes], at: datetime
) -> TokenKey:
    """Of the keys on a token that may sign official documents at `at`, the one that may longest.

    Raises `UnusableKey` (no_key, mismatch, or what is wrong with the last one), and as
    `Tokens.found` does.
    """
    fault = UnusableKey("no_key", "Expected a key with its certificate, but the token has none.")
    fitting: list[tuple[datetime, TokenKey]] = []
    for found in tokens.found(label, pin):
        try:
            certificate = x509.load_der_x509_certificate(found.certificate)
            chain = suitable(certificate, _others(found), trust=trust, at=at)
        except ValueError:
            fault = UnusableKey("unreadable", "Expected a certificate, but it is damaged.")
        except UnusableKey as refused:
            fault = refused
        else:
            key = tokens.closed(label, found.key_id, found.certificate, chain)
            fitting.append((certificate.not_valid_after_utc, key))
    if not fitting:
        raise fault
    key = max(fitting, key=lambda one: one[0])[1]
    _check_pair(key, pin)
    return key


def _check_pair(key: TokenKey, pin: str) -> None:
    """Key and certificate stand side by side on a token by a name alone, which anybody can give."""
    digest = secrets.token_bytes(32)
    signature = key.unlock(pin).sign_digest(digest, "sha256")
    public, hashed = (
        x509.load_der_x509_certificate(key.certificate).public_key(),
        Prehashed(SHA256()),
    )
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, digest, ec.ECDSA(hashed))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, digest, padding.PKCS1v15(), hashed)
    except InvalidSignature:
        raise UnusableKey(
            "mismatch", "Expected key and certificate to fit, but they do not."
        ) from None


def _others(found: Found) -> list[x509.Certificate]:
    """Those that can be read: one that cannot is no reason against the key beside it."""
    readable = []
    for der in found.others:
        with suppress(ValueError):
            readable.append(x509.load_der_x509_certificate(der))
    return readable
