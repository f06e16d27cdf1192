"""Certificates of the development authority, as the standards want them for each purpose."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.organisation import QC_STATEMENTS, seal_statements, signature_statements

#: Clocks differ: a certificate counts from a little before it was made.
_SKEW = timedelta(hours=1)
_NO_USE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)
_LONGEST_NAME = 64  # X.520 allows a common name no more
# The library counts a name's bytes, of which a Thai character has three, and warns at each reading.
warnings.filterwarnings("ignore", "Attribute's length must be", UserWarning, "signing|office")


@dataclass(frozen=True, slots=True)
class Pair:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
            _words(NameOID.ORGANIZATION_NAME, organisation),
            _words(NameOID.COMMON_NAME, common),
        ]
    )


def organisation_name(organisation: str, identifier: str) -> x509.Name:
    """An organisation's own (EN 319 412-3); `identifier` is as in GO:TH-moe."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TH"),
            _words(NameOID.ORGANIZATION_NAME, organisation),
            _words(NameOID.ORGANIZATION_IDENTIFIER, identifier),
            _words(NameOID.COMMON_NAME, organisation),
        ]
    )


def _words(kind: x509.ObjectIdentifier, text: str) -> x509.NameAttribute[str]:
    """Thai words up to X.520's bound, which counts characters."""
    return x509.NameAttribute(kind, text[:_LONGEST_NAME], _validate=False)


def root(subject: x509.Name, at: datetime, days: int) -> Pair:
    key = new_key()
    builder = _begun(subject, key.public_key(), subject, at, days)
    builder = _for_certificates(builder, length=1)
    return Pair(key, _signed(builder, key, key.public_key()))


def issuing(subject: x509.Name, issuer: Pair, at: datetime, days: int) -> Pair:
    key = new_key()
    builder = _begun(subject, key.public_key(), issuer.certificate.subject, at, days)
    builder = _for_certificates(builder, length=0)
    return Pair(key, _signed(builder, issuer.key, issuer.key.public_key()))


def timestamping(subject: x509.Name, issuer: Pair, at: datetime, days: int) -> Pair:
    key = new_key()
    builder = _begun(subject, key.public_key(), issuer.certificate.subject, at, days)
    builder = _for_signing(builder, {"digital_signature": True})
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = builder.add_extension(usage, critical=True)
    return Pair(key, _signed(builder, issuer.key, issuer.key.public_key()))


def personal(subject: x509.Name, issuer: Pair, at: datetime, days: int) -> Pair:
    """An official's: for signatures that bind, whatever name the subject bears."""
    key = new_key()
    builder = _begun(subject, key.public_key(), issuer.certificate.subject, at, days)
    builder = _for_signing(builder, {"digital_signature": True, "content_commitment": True})
    builder = _for_purpose(builder, signature_statements())
    return Pair(key, _signed(builder, issuer.key, issuer.key.public_key()))


def organisational(subject: x509.Name, issuer: Pair, at: datetime, days: int) -> Pair:
    """An organisation's: for its seal."""
    key = new_key()
    builder = _begun(subject, key.public_key(), issuer.certificate.subject, at, days)
    builder = _for_signing(builder, {"digital_signature": True, "content_commitment": True})
    builder = _for_purpose(builder, seal_statements())
    return Pair(key, _signed(builder, issuer.key, issuer.key.public_key()))


def _for_purpose(builder: x509.CertificateBuilder, statements: bytes) -> x509.CertificateBuilder:
    says = x509.UnrecognizedExtension(x509.ObjectIdentifier(QC_STATEMENTS), statements)
    return builder.add_extension(says, critical=False)


def _begun(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    at: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _SKEW)
        .not_valid_after(at + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _for_certificates(builder: x509.CertificateBuilder, length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=length)
    usage = x509.KeyUsage(**{**_NO_USE, "key_cert_sign": True, "crl_sign": True})
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _for_signing(
    builder: x509.CertificateBuilder, uses: dict[str, bool]
) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    usage = x509.KeyUsage(**{**_NO_USE, **uses})
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _signed(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    issuer: ec.EllipticCurvePublicKey,
) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer)
    return builder.add_extension(identifier, critical=False).sign(key, hashes.SHA256())
