"""A device with passkeys, in software: it answers what `navigator.credentials` is asked."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One key. `origin` is where its browser stands, `counts` what it says the next time (None: it
    counts nothing), `verifies` whether somebody's finger is on it.
    """

    origin: str = "http://localhost"
    counts: int | None = 1
    verifies: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def create(self, options: Mapping[str, Any], **client: Any) -> str:
        """The answer to the options of a new passkey, as the browser's toJSON gives it."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        data = self._data(options["rp"]["id"], ATTESTED) + attested
        made = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client("webauthn.create", options["challenge"], client)
        return self._answer(
            clientDataJSON=said, attestationObject=made, transports=["internal", "hybrid"]
        )

    def get(self, options: Mapping[str, Any], **client: Any) -> str:
        """The answer to a question, whoever's it is."""
        data = self._data(options["rpId"], 0)
        said = self._client("webauthn.get", options["challenge"], client)
        signed = data + hashlib.sha256(said).digest()
        return self._answer(
            clientDataJSON=said,
            authenticatorData=data,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        count = 0 if self.counts is None else self.counts
        if self.counts is not None:
            self.counts += 1
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, more: Mapping[str, Any]) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**told, **more}).encode()

    def _answer(self, **parts: Any) -> str:
        response = {k: _text(v) if isinstance(v, bytes) else v for k, v in parts.items()}
        return json.dumps(
            {
                "id": _text(self.id),
                "rawId": _text(self.id),
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
