"""A key file is taken in only if it may sign now; what is wrong with it is named."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from support import pki

from signing import certificates
from signing.certificates import Pair
from signing.errors import UnusableKey
from signing.keys import SoftwareKey
from signing.pkcs12 import MOST_BYTES, opened
from signing.sign import sign_letter
from signing.verify import verify

AT, SECRET = pki.AT, "ความลับของไฟล์"
TRUST = pki.authority().anchors


@cache
def official(days: int = 365, begins: int = 0) -> Pair:
    subject = certificates.name("นางสาวนำเข้า ลองดู", "กระทรวงตัวอย่าง")
    return certificates.personal(
        subject, pki.authority().issuing, AT + timedelta(days=begins), days
    )


def file_of(pair: Pair | None = None, chain: bool = True, **more: Any) -> bytes:
    pair = pair or official()
    given = {"key": pair.key, "cert": pair.certificate, **more}
    above = [pki.authority().issuing.certificate] if chain else []
    return pkcs12.serialize_key_and_certificates(
        b"key", given["key"], given["cert"], above, BestAvailableEncryption(SECRET.encode())
    )


def fault(data: bytes, password: str = SECRET, **more: Any) -> str:
    how = {"trust": TRUST, "at": AT + timedelta(hours=1), **more}
    with pytest.raises(UnusableKey) as refused:
        opened(data, password, **how)
    return refused.value.fault


def test_a_key_that_was_imported_signs() -> None:
    found = opened(file_of(), SECRET, trust=TRUST, at=AT)
    assert [len(found.chain)] == [2]
    key = SoftwareKey.protect(found.key, pki.PIN, found.certificate, found.chain, work=1)
    done = sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=key.unlock(pki.PIN),
        signer=pki.SIGNER,
        at=AT,
        timestamps=pki.timestamps(),
    )
    assert verify(done.pdf, TRUST, AT).good


@pytest.mark.parametrize("password", ["", "x", SECRET + "x"])
def test_a_wrong_password(password: str) -> None:
    assert fault(file_of(), password) == "wrong_password"


@pytest.mark.parametrize(
    "data", [b"", b"x", b"%PDF-1.7", file_of()[:200], b"\x30\x80" * 500, b"\x30\x03\x02\x01\x03"]
)
def test_what_is_no_key_file(data: bytes) -> None:
    assert fault(data) == "unreadable"


def test_too_large_is_not_even_read() -> None:
    assert fault(b"\x30" * (MOST_BYTES + 1)) == "too_large"


def test_a_file_that_would_take_long_to_open_is_not_opened() -> None:
    dear = (
        PrivateFormat.PKCS12.encryption_builder().kdf_rounds(20_000_000).hmac_hash(hashes.SHA256())
    )
    assert dear  # writing one costs as long as opening it: so the number is changed in the file
    cheap = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(70_000)
        .hmac_hash(hashes.SHA256())
        .build(SECRET.encode())
    )
    pair = official()
    data = pkcs12.serialize_key_and_certificates(b"k", pair.key, pair.certificate, None, cheap)
    rounds = bytes.fromhex("0203011170")
    assert rounds in data
    assert fault(data.replace(rounds, bytes.fromhex("02037fffff"))) == "too_costly"


def test_no_key_or_no_certificate_in_it() -> None:
    other = official().certificate
    alone = pkcs12.serialize_key_and_certificates(
        None, None, None, [other], BestAvailableEncryption(SECRET.encode())
    )
    assert fault(alone) == "no_key"
    assert fault(file_of(cert=None)) == "no_certificate"


def test_keys_that_do_not_sign_here() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    assert fault(signed_for(weak)) == "weak_key"
    assert fault(signed_for(ec.generate_private_key(ec.SECP192R1()))) == "weak_key"
    assert fault(signed_for(ed25519.Ed25519PrivateKey.generate())) == "kind"


def signed_for(key: Any, **uses: bool) -> bytes:
    """A certificate of our authority for any key, with these uses."""
    issuer = pki.authority().issuing
    every = dict.fromkeys(certificates._NO_USE, False)
    usage = x509.KeyUsage(**{**every, **(uses or {"digital_signature": True})})
    certificate = (
        x509.CertificateBuilder()
        .subject_name(certificates.name("ใคร", "ที่ไหน"))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(days=9))
        .add_extension(usage, critical=True)
        .sign(issuer.key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(SECRET.encode())
    above = [issuer.certificate]
    return pkcs12.serialize_key_and_certificates(b"k", key, certificate, above, encryption)


def test_a_certificate_for_something_else() -> None:
    key = certificates.new_key()
    assert fault(signed_for(key, key_encipherment=True)) == "usage"
    assert opened(signed_for(key, content_commitment=True), SECRET, trust=TRUST, at=AT)


def test_its_time_is_over_or_has_not_come() -> None:
    assert fault(file_of(official(days=5)), at=AT + timedelta(days=6)) == "expired"
    assert fault(file_of(official(begins=30))) == "not_yet_valid"


def test_an_issuer_that_nobody_trusts_here() -> None:
    assert fault(file_of(), trust=pki.authority("theirs").anchors) == "untrusted"
    assert fault(file_of(chain=False)) == "untrusted"


def test_a_file_without_a_password() -> None:
    pair = official()
    above = [pki.authority().issuing.certificate]
    data = pkcs12.serialize_key_and_certificates(
        b"k", pair.key, pair.certificate, above, NoEncryption()
    )
    assert opened(data, "", trust=TRUST, at=AT).certificate == pair.der
