"""Poppler and OpenSSL agree with our verdicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import pki
from support.other_readers import openssl, pdfsig

from signing.sign import Signed, sign_letter


@pytest.fixture(scope="module")
def signed() -> Signed:
    return sign_letter(
        pki.letter().pdf,
        field="sig_0001",
        key=pki.unlocked(),
        signer=pki.SIGNER,
        at=pki.AT,
        timestamps=pki.timestamps(),
    )


def test_poppler_finds_the_signature_valid(signed: Signed, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed.pdf)
    said = pdfsig(tmp_path / "signed.pdf")
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature Field Name: sig_0001" in said
    assert re.search(r"Common Name: นางสาวสมหญิง รักงานดี", said)
    assert "ETSI.CAdES.detached" in said


def test_poppler_sees_the_tampering(signed: Signed, tmp_path: Path) -> None:
    changed = bytearray(signed.pdf)
    changed[5000] ^= 1
    (tmp_path / "changed.pdf").write_bytes(bytes(changed))
    assert "Signature is Valid." not in pdfsig(tmp_path / "changed.pdf")


def test_openssl_trusts_the_signature(signed: Signed, tmp_path: Path) -> None:
    ours, others = pki.authority().anchors[0], pki.authority("theirs").anchors[0]
    (said,) = openssl(signed.pdf, ours, pki.AT, tmp_path)
    assert "successful" in said.lower(), said
    (said,) = openssl(signed.pdf, others, pki.AT, tmp_path)
    assert "successful" not in said.lower(), said
