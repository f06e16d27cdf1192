"""Poppler and OpenSSL agree with our verdicts."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from support import needs, pki

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


def pdfsig(path: Path) -> str:
    needs.program("pdfsig", "poppler-utils")
    done = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, check=False, text=True
    )
    return done.stdout


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
    needs.program("openssl", "openssl")
    (embedded,) = PdfFileReader(io.BytesIO(signed.pdf)).embedded_signatures
    first, length, second, rest = embedded.byte_range
    content = signed.pdf[first : first + length] + signed.pdf[second : second + rest]
    root = x509.load_der_x509_certificate(pki.authority().anchors[0])
    (tmp_path / "content").write_bytes(content)
    (tmp_path / "signature.der").write_bytes(core.load(embedded.pkcs7_content).dump())
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER"]
    command += ["-in", str(tmp_path / "signature.der"), "-content", str(tmp_path / "content")]
    command += ["-CAfile", str(tmp_path / "root.pem"), "-out", str(tmp_path / "out")]
    command += ["-purpose", "any", "-attime", str(int(pki.AT.timestamp()))]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert "successful" in done.stderr.lower(), done.stderr
