"""What other programs say of a signed PDF: Poppler's pdfsig and OpenSSL."""

from __future__ import annotations

import io
import subprocess
from datetime import datetime
from pathlib import Path

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from support import needs


def pdfsig(path: Path) -> str:
    """Whether each signature fits its bytes; whom to trust is not asked."""
    needs.program("pdfsig", "poppler-utils")
    done = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, check=False, text=True
    )
    return done.stdout


def openssl(pdf: bytes, root: bytes, at: datetime, folder: Path) -> list[str]:
    """Of each signature what OpenSSL says that trusts `root` (DER) alone, as of then."""
    needs.program("openssl", "openssl")
    trusted = x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM)
    (folder / "root.pem").write_bytes(trusted)
    said = []
    for embedded in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        first, length, second, rest = embedded.byte_range
        content = pdf[first : first + length] + pdf[second : second + rest]
        (folder / "content").write_bytes(content)
        (folder / "signature.der").write_bytes(core.load(embedded.pkcs7_content).dump())
        command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER"]
        command += ["-in", str(folder / "signature.der"), "-content", str(folder / "content")]
        command += ["-CAfile", str(folder / "root.pem"), "-out", str(folder / "out")]
        command += ["-purpose", "any", "-attime", str(int(at.timestamp()))]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        said.append(done.stderr)
    return said
