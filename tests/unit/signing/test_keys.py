"""A key opens with its owner's PIN and with nothing else."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from support import needs, pki

from signing.envelope import _Envelope, lock, unlock
from signing.errors import BrokenKey, WeakPin, WrongPin
from signing.keys import SoftwareKey, UnlockedKey

DIGEST = hashlib.sha256(b"letter").digest()


def test_the_right_pin_opens_and_signs() -> None:
    key = pki.official().unlock(pki.PIN)
    public = x509.load_der_x509_certificate(key.certificate).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signature = key.sign_digest(DIGEST, "sha256")
    public.verify(signature, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))
    assert key.mechanism == "ecdsa"


def test_rsa_keys_sign_too() -> None:
    private = rsa.generate_private_key(65537, 2048)
    key = UnlockedKey(private, b"", ())
    signature = key.sign_digest(DIGEST, "sha256")
    private.public_key().verify(signature, DIGEST, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
    assert key.mechanism == "rsa"


@pytest.mark.parametrize("pin", ["246811", "", "24681", "2468100", "๒๔๖๘๑๑"])
def test_a_wrong_pin_is_said_to_be_wrong(pin: str) -> None:
    with pytest.raises(WrongPin):
        pki.official().unlock(pin)


@pytest.mark.parametrize("pin", ["๒๔๖๘๑๐", "２４６８１０", " 246810 "])
def test_a_pin_is_the_same_however_the_keyboard_was_set(pin: str) -> None:
    assert pki.official().unlock(pin).certificate == pki.official().certificate


@pytest.mark.parametrize("pin", ["12345", "111111", "      ", ""])
def test_a_weak_pin_protects_nothing(pin: str) -> None:
    with pytest.raises(WeakPin):
        pki.authority().enrol("ใครสักคน", pin, pki.AT, work=1)


def test_a_changed_pin() -> None:
    changed = pki.official().with_new_pin(pki.PIN, "135791", work=1)
    assert changed.unlock("135791").certificate == pki.official().certificate
    with pytest.raises(WrongPin):
        changed.unlock(pki.PIN)
    with pytest.raises(WrongPin):
        pki.official().with_new_pin("000001", "135791")
    with pytest.raises(WeakPin):
        pki.official().with_new_pin(pki.PIN, "1")


def test_damage_is_not_taken_for_a_wrong_pin() -> None:
    key = pki.official()
    for encrypted in (b"", b"garbage", key.encrypted[:40], b"\x30\x03\x02\x01\x00"):
        with pytest.raises(BrokenKey):
            replace(key, encrypted=encrypted).unlock(pki.PIN)


def test_a_key_of_another_certificate_is_refused() -> None:
    other = pki.official("นายอื่น ไกล")
    with pytest.raises(BrokenKey, match="do not fit"):
        replace(pki.official(), certificate=other.certificate).unlock(pki.PIN)


def test_a_key_that_would_take_minutes_to_open_is_refused() -> None:
    """It says so itself: nobody has to have worked that long to write it."""
    key = ec.generate_private_key(ec.SECP256R1())
    envelope = _Envelope.load(lock(key, pki.PIN, work=1))
    envelope["algorithm"]["parameters"]["derivation"]["parameters"]["parallel"] = 65
    with pytest.raises(BrokenKey, match="work factor"):
        unlock(envelope.dump(force=True), pki.PIN)


def test_secrets_do_not_show() -> None:
    key = pki.official()
    shown = repr(key) + repr(key.unlock(pki.PIN))
    assert pki.PIN not in shown
    assert key.encrypted.hex()[:20] not in shown
    assert str(key.encrypted[:10]) not in shown


def test_openssl_reads_the_envelope(tmp_path: Path) -> None:
    """A standard file: an official can take the key elsewhere."""
    needs.program("openssl", "openssl")
    key: SoftwareKey = pki.official()
    (tmp_path / "key.der").write_bytes(key.encrypted)
    command = ["openssl", "pkcs8", "-inform", "DER", "-in", str(tmp_path / "key.der"), "-passin"]
    done = subprocess.run([*command, f"pass:{pki.PIN}"], capture_output=True, check=False)
    assert b"BEGIN PRIVATE KEY" in done.stdout, done.stderr
    refused = subprocess.run([*command, "pass:000000"], capture_output=True, check=False)
    assert refused.returncode != 0
