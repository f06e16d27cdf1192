"""Whether a certificate is an organisation's, whose signature is a seal, or a person's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asn1crypto import core, x509

from signing.splicing import elements, sequence

#: qcStatements (RFC 3739), of which QcType says what a certificate is for (EN 319 412-5, 4.2.3)
QC_STATEMENTS = "1.3.6.1.5.5.7.1.3"
_QC_TYPE = "0.4.0.1862.1.6"
_FOR_SIGNATURES, _FOR_SEALS = "0.4.0.1862.1.6.1", "0.4.0.1862.1.6.2"
#: what the subject of a person's certificate has, and an organisation's has not (EN 319 412-2)
_PERSONAL = ("given_name", "surname", "pseudonym", "title", "serial_number")


def of_organisation(certificate: x509.Certificate | None) -> bool:
    """By what the certificate says it is for; else by whom its subject names. A broken or silent
    one counts as a person's, which promises less of the house.
    """
    if certificate is None:
        return False
    try:
        types = set(_types(certificate))
        if types & {_FOR_SIGNATURES, _FOR_SEALS}:
            return types & {_FOR_SIGNATURES, _FOR_SEALS} == {_FOR_SEALS}
        return _names_organisation(certificate.subject.native)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _types(certificate: x509.Certificate) -> Iterator[str]:
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted == QC_STATEMENTS:
            for statement in elements(extension["extn_value"].contents):
                kind, *more = elements(statement)
                if more and _dotted(kind) == _QC_TYPE:
                    yield from map(_dotted, elements(more[0]))


def _dotted(der: bytes) -> str:
    dotted: str = core.ObjectIdentifier.load(der).dotted
    return dotted


def _names_organisation(subject: dict[str, Any]) -> bool:
    """All that EN 319 412-3 (4.2.1) demands, and its own name in the place of a person's."""
    organisation = subject.get("organization_name")
    if not organisation or any(name in subject for name in _PERSONAL):
        return False
    return "organization_identifier" in subject and subject.get("common_name") == organisation


def seal_statements() -> bytes:
    """The value of qcStatements (DER) in a certificate for seals."""
    return _statements(_FOR_SEALS)


def signature_statements() -> bytes:
    """The value of qcStatements (DER) in a person's certificate."""
    return _statements(_FOR_SIGNATURES)


def _statements(purpose: str) -> bytes:
    types = sequence(core.ObjectIdentifier(purpose).dump())
    return sequence(sequence(core.ObjectIdentifier(_QC_TYPE).dump(), types))
