"""Which key of a token is taken into use, judged as one from a file would be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509

from signing.errors import UnusableKey
from signing.hardware.tokens import Found, TokenKey, Tokens
from signing.suitability import suitable


def taken(
    tokens: Tokens, label: str, pin: str, *, trust: Sequence[bytes], at: datetime
) -> TokenKey:
    """Of the keys on a token that may sign official documents at `at`, the one that may longest.

    Raises `UnusableKey` (no_key, or what is wrong with the last one) and as `Tokens.found`.
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
    return max(fitting, key=lambda one: one[0])[1]


def _others(found: Found) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(der) for der in found.others]
