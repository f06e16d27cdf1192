"""Whose a certificate is: an organisation's, whose signature is a seal, or a person's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing import certificates
from signing.organisation import of_organisation

_AT = datetime(2026, 6, 1, tzinfo=UTC)
_HOUSE = "สำนักงานตัวอย่าง"
_IDENTIFIER = "GO:TH-sample"


def _read(pair: certificates.Pair) -> asn1.Certificate:
    return asn1.Certificate.load(pair.certificate.public_bytes(Encoding.DER))


@pytest.fixture(scope="module")
def issuer() -> certificates.Pair:
    return certificates.root(certificates.name("ผู้ออกใบรับรอง", _HOUSE), _AT, 3650)


def test_what_a_certificate_says_it_is_for_counts_before_its_names(
    issuer: certificates.Pair,
) -> None:
    named_as_the_house = certificates.name(_HOUSE, _HOUSE)
    assert not of_organisation(_read(certificates.personal(named_as_the_house, issuer, _AT, 30)))
    house = certificates.organisation_name(_HOUSE, _IDENTIFIER)
    assert of_organisation(_read(certificates.organisational(house, issuer, _AT, 30)))


@pytest.mark.parametrize(
    ("common", "more", "organisations"),
    [
        pytest.param(_HOUSE, {NameOID.ORGANIZATION_IDENTIFIER: _IDENTIFIER}, True, id="its own"),
        pytest.param(_HOUSE, {}, False, id="no identifier"),
        pytest.param(
            "สมชาย ใจดี", {NameOID.ORGANIZATION_IDENTIFIER: _IDENTIFIER}, False, id="of a member"
        ),
        pytest.param(
            _HOUSE,
            {NameOID.ORGANIZATION_IDENTIFIER: _IDENTIFIER, NameOID.SERIAL_NUMBER: "PNOTH-1"},
            False,
            id="a person's number",
        ),
    ],
)
def test_without_a_word_of_that_only_an_organisations_whole_name_counts(
    common: str, more: dict[x509.ObjectIdentifier, str], organisations: bool
) -> None:
    subject = certificates.name(common, _HOUSE)
    names = [*subject, *(x509.NameAttribute(kind, text) for kind, text in more.items())]
    key = certificates.new_key()
    builder = x509.CertificateBuilder(x509.Name(names), x509.Name(names), key.public_key(), 1)
    builder = builder.not_valid_before(_AT).not_valid_after(_AT + timedelta(days=1))
    silent = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    assert of_organisation(asn1.Certificate.load(silent)) is organisations
