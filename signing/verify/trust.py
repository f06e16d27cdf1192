"""Who is trusted: certificates of authorities, however their files are written."""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import pem, x509

from signing.errors import Unreadable


def anchors(files: Iterable[bytes]) -> list[x509.Certificate]:
    """The certificates in these files (DER, or PEM with one or more); raises `Unreadable`."""
    return [certificate for file in files for certificate in _certificates(file)]


def _certificates(file: bytes) -> list[x509.Certificate]:
    try:
        if not pem.detect(file):
            return [_checked(file)]
        parts = pem.unarmor(file, multiple=True)
        found = [_checked(der) for kind, _, der in parts if kind == "CERTIFICATE"]
    except (ValueError, TypeError) as error:
        raise Unreadable(f"Expected a certificate (DER or PEM), but: {error}") from error
    if not found:
        raise Unreadable("Expected a certificate (DER or PEM), but the file holds none.")
    return found


def _checked(der: bytes) -> x509.Certificate:
    certificate = x509.Certificate.load(der, strict=True)
    _ = certificate.subject.native, certificate.public_key.algorithm  # parsed lazily: do it now
    return certificate
