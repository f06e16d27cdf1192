"""Keys on a hardware token sign as others do, and the token alone knows them (SoftHSM)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from support import pki
from support.softhsm import MODULE, SoftHsm

from signing import certificates
from signing.certificates import Pair
from signing.envelope import PrivateKey
from signing.errors import TokenUnavailable, UnusableKey, WrongPin
from signing.hardware.taking import taken
from signing.hardware.tokens import TokenKey, Tokens
from signing.sign import sign_letter
from signing.suitability import suitable
from signing.verify import verify

PIN, LABEL = "135790", "somying"
TRUST = pki.authority().anchors


@pytest.fixture(scope="module", autouse=True)
def token(hsm: SoftHsm) -> None:
    """With a key of either kind."""
    hsm.token(LABEL, PIN)
    for key_id, (key, certificate) in (("0a", curve()), ("0b", modulus())):
        hsm.put(LABEL, PIN, key_id, key, certificate, [authority().certificate])


SUBJECT = certificates.name("นางสาวสมหญิง รักงานดี", "กระทรวงตัวอย่าง")


def curve() -> tuple[PrivateKey, x509.Certificate]:
    pair = certificates.personal(SUBJECT, pki.authority().issuing, pki.AT, 365)
    return pair.key, pair.certificate


def modulus() -> tuple[PrivateKey, x509.Certificate]:
    key, issuing = rsa.generate_private_key(public_exponent=65537, key_size=2048), authority()
    begun = x509.CertificateBuilder(issuing.certificate.subject, SUBJECT, key.public_key())
    begun = begun.serial_number(x509.random_serial_number()).not_valid_before(pki.AT)
    begun = begun.not_valid_after(pki.AT + timedelta(days=365))
    for part in curve()[1].extensions:
        if isinstance(part.value, x509.KeyUsage | x509.AuthorityKeyIdentifier):
            begun = begun.add_extension(part.value, part.critical)
    return key, begun.sign(issuing.key, hashes.SHA256())


def authority() -> Pair:
    return pki.authority().issuing


def closed(which: str) -> TokenKey:
    tokens = Tokens(MODULE)
    (found,) = [one for one in tokens.found(LABEL, PIN) if one.key_id == which]
    certificate = x509.load_der_x509_certificate(found.certificate)
    others = [x509.load_der_x509_certificate(der) for der in found.others]
    chain = suitable(certificate, others, trust=TRUST, at=pki.AT + timedelta(hours=1))
    return tokens.closed(LABEL, which, found.certificate, chain)


@pytest.mark.parametrize("which", ["0a", "0b"], ids=["P-256", "RSA-2048"])
def test_a_signature_of_the_token_verifies(which: str) -> None:
    done = sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=closed(which).unlock(PIN),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    )
    (verdict,) = verify(done.pdf, TRUST, pki.AT).signatures
    assert verdict.intact
    assert verdict.valid
    assert verdict.trusted


def test_another_pin_opens_nothing() -> None:
    for pin in ("135791", "", "1", "ก" * 400):
        with pytest.raises(WrongPin):
            closed("0a").unlock(pin)


def test_while_its_owner_signs_another_pin_still_opens_nothing() -> None:
    """In one process the token would be open already, and take any PIN."""
    key = closed("0a").unlock(PIN)
    with pytest.raises(WrongPin):
        closed("0a").unlock("999999")
    assert key.sign_digest(b"\0" * 32, "sha256")


def test_a_token_that_is_not_there_is_named() -> None:
    with pytest.raises(TokenUnavailable, match="no token of this label"):
        Tokens(MODULE).found("nobody", PIN)


def test_a_key_that_the_token_lost_is_named() -> None:
    gone = Tokens(MODULE).closed(LABEL, "77", b"", ())
    with pytest.raises(TokenUnavailable, match="no such key"):
        gone.unlock(PIN)


def test_a_module_that_is_none_takes_nothing_down(tmp_path: Path) -> None:
    broken = tmp_path / "module.so"
    broken.write_bytes(b"no library")
    with pytest.raises(TokenUnavailable):
        Tokens(str(broken)).found(LABEL, PIN)


def test_a_token_that_is_silent_is_given_up() -> None:
    with pytest.raises(TokenUnavailable, match="does not answer"):
        Tokens(MODULE, seconds=0.01).found(LABEL, PIN)


def test_neither_pin_nor_key_is_shown() -> None:
    assert PIN not in repr(closed("0a").unlock(PIN))


def test_a_certificate_of_strangers_is_refused() -> None:
    (found, *_) = Tokens(MODULE).found(LABEL, PIN)
    certificate = x509.load_der_x509_certificate(found.certificate)
    with pytest.raises(UnusableKey) as refused:
        suitable(certificate, [], trust=pki.authority("theirs").anchors, at=pki.AT)
    assert refused.value.fault == "untrusted"


def test_a_certificate_beside_a_key_that_is_not_its_own_is_refused(hsm: SoftHsm) -> None:
    hsm.token("mixed", PIN)
    (key, _), (_, certificate) = curve(), curve()
    hsm.put("mixed", PIN, "0a", key, certificate, [authority().certificate])
    with pytest.raises(UnusableKey) as refused:
        taken(Tokens(MODULE), "mixed", PIN, trust=TRUST, at=pki.AT)
    assert refused.value.fault == "mismatch"


@pytest.mark.parametrize("which", [curve, modulus], ids=["P-256", "RSA-2048"])
def test_a_key_with_its_own_certificate_is_taken(hsm: SoftHsm, which: Any) -> None:
    label = f"fit-{which.__name__}"
    hsm.token(label, PIN)
    key, certificate = which()
    hsm.put(label, PIN, "0a", key, certificate, [authority().certificate])
    assert taken(Tokens(MODULE), label, PIN, trust=TRUST, at=pki.AT).key_id == "0a"
