"""A real PKCS#11 module (SoftHSM) with tokens of this run's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from support.needs import lacking, program

from signing.envelope import PrivateKey

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
SO_PIN = "13572468"
#: Certificates are put in by a process of its own: a module looks for tokens once a process.
_PLANT = """
import json, sys, pkcs11
asked = json.load(sys.stdin)
token = pkcs11.lib(asked["module"]).get_token(token_label=asked["label"])
with token.open(rw=True, user_pin=asked["pin"]) as session:
    for key_id, der in asked["certificates"]:
        session.create_object({
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: bytes.fromhex(key_id),
            pkcs11.Attribute.SUBJECT: b"", pkcs11.Attribute.VALUE: bytes.fromhex(der),
        })
"""


class SoftHsm:
    """Tokens in a folder; processes started from here on find them by the environment."""

    def __init__(self, folder: Path) -> None:
        program("softhsm2-util", "softhsm2")
        if not Path(MODULE).exists():
            lacking(f"Expected the PKCS#11 module {MODULE}, but softhsm2 is not installed here.")
        tokens = folder / "tokens"
        tokens.mkdir(parents=True)
        self.settings = folder / "softhsm2.conf"
        self.settings.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n")
        self.folder = folder

    def token(self, label: str, pin: str) -> None:
        self._run("--init-token", "--free", "--label", label, "--so-pin", SO_PIN, "--pin", pin)

    def drop(self, label: str) -> None:
        """Pulled out."""
        self._run("--delete-token", "--token", label)

    def put(
        self,
        label: str,
        pin: str,
        key_id: str,
        key: PrivateKey,
        certificate: x509.Certificate,
        others: Sequence[x509.Certificate] = (),
    ) -> None:
        """A key with its certificate under an id (hexadecimal), and other certificates."""
        file = self.folder / "key.pem"
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self._run("--import", str(file), "--token", label, "--label", "k", "--id", key_id,
                  "--pin", pin)  # fmt: skip
        file.unlink()
        ids = [key_id, *(f"ff{n:02x}" for n in range(len(others)))]
        ders = [one.public_bytes(Encoding.DER).hex() for one in (certificate, *others)]
        asked = {"module": MODULE, "label": label, "pin": pin,
                 "certificates": list(zip(ids, ders, strict=True))}  # fmt: skip
        subprocess.run(
            [sys.executable, "-P", "-c", _PLANT],
            input=json.dumps(asked).encode(), env=self.environment, check=True,
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "SOFTHSM2_CONF": str(self.settings)}

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            ["softhsm2-util", *arguments],
            env=self.environment, check=True, capture_output=True,
        )  # fmt: skip
