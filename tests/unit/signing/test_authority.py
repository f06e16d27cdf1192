"""The development authority stands once, in a closed folder, and issues what standards ask."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from support import pki

from signing.authority import Authority


def test_an_authority_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "authority"
    made = Authority.create(folder, pki.AT, organisation="กระทรวงตัวอย่าง")
    again = Authority.create(folder, pki.AT + timedelta(days=9), organisation="อื่น")
    assert again.anchors == made.anchors
    assert again.organisation == "กระทรวงตัวอย่าง"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["authority"]


def test_its_keys_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    Authority.create(folder, pki.AT, organisation="ก")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_no_authority_no_loading(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Authority.load(tmp_path)


def test_an_officials_certificate() -> None:
    key = pki.official()
    certificate = x509.load_der_x509_certificate(key.certificate)
    assert "นางสาวสมหญิง รักงานดี" in certificate.subject.rfc4514_string()
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert certificate.not_valid_before_utc <= pki.AT
    assert certificate.not_valid_after_utc == pki.AT + timedelta(days=730)
    chain = [x509.load_der_x509_certificate(der) for der in key.chain]
    for issued, issuer in zip([certificate, *chain], [*chain, chain[-1]], strict=True):
        issued.verify_directly_issued_by(issuer)
    assert key.chain[-1:] == pki.authority().anchors


def test_long_thai_names_fit(tmp_path: Path) -> None:
    name = "นายชื่อยาวมากเป็นพิเศษ ณ อยุธยา " * 4
    key = pki.authority().enrol(name, pki.PIN, pki.AT, work=1)
    subject = x509.load_der_x509_certificate(key.certificate).subject
    (common,) = subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    assert name.startswith(str(common.value))
