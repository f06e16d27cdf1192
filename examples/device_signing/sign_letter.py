"""Sign a letter with a key that never leaves this machine.

The letter's task was completed with a second factor and waits for its signer's device
(`waiting_device`); the certificate of the key is registered on the page of one's own signing key.
This fetches what is to be signed, signs it and brings the signature back. A card or a token signs
in the same place: only `signed` below is another.

    SARABAN_TOKEN=srb_… python sign_letter.py https://saraban.example.go.th TASK_ID key.pem
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from base64 import b64decode, b64encode
from getpass import getpass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def call(address: str, body: Any = None) -> Any:
    """One call of the API: its answer."""
    headers = {"Authorization": f"Bearer {os.environ['SARABAN_TOKEN']}"}
    data = None
    if body is not None:
        data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
    with urlopen(Request(address, data, headers), timeout=60) as answer:  # noqa: S310 - the caller's address
        return json.load(answer)


def signed(data: bytes, key_file: Path) -> bytes:
    """The signature over SHA-256 of the data: PKCS#1 v1.5, or ECDSA in DER."""
    pem = key_file.read_bytes()
    secret = getpass("Password of the key: ").encode() if b"ENCRYPTED" in pem else None
    key = load_pem_private_key(pem, secret)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(SHA256()))
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    sys.exit("Expected an RSA or elliptic-curve key.")


def main(address: str, task_id: str, key_file: str) -> None:
    path = f"{address.rstrip('/')}/api/v1/tasks/{task_id}/device-signature"
    asked = call(path)
    data = b64decode(asked["to_be_signed"])
    if hashlib.sha256(data).hexdigest() != asked["digest"]:
        sys.exit("Expected the bytes of this digest, but they are others.")
    print(f"Signing {asked['number']}, SHA-256 {asked['digest']}")
    made = b64encode(signed(data, Path(key_file))).decode()
    answer = call(path, {"signature_id": asked["signature_id"], "signature": made})
    print(answer["status"], answer["document"]["number"] or "")


if __name__ == "__main__":
    main(*sys.argv[1:4])
