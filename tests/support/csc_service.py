"""A remote signing service on loopback: the part of the CSC API 1.0.4.0 that signs by PIN or code.

It keeps keys for its users and conforms, unless it is told to misbehave.
"""

from __future__ import annotations

import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

SHA_256, ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
LIVES = 60.0


@dataclass
class Credential:
    user: str
    key: ec.EllipticCurvePrivateKey
    #: DER, the user's first
    certificates: list[bytes]
    pin: str | None = "1357911"
    otp: str | None = None
    #: the code is sent when it is asked for, and is another each time
    online: bool = False
    #: what was sent to its owner
    sent: list[str] = field(default_factory=list)
    status: str = "enabled"


@dataclass
class Service:
    """`misbehaves`: "", slow, wrong_signature, other_hash, expired_sad, not_json, down."""

    bearer: str
    address: str = ""
    misbehaves: str = ""
    credentials: dict[str, Credential] = field(default_factory=dict)
    #: SAD to (credential, hashes, until when): each signs once
    grants: dict[str, tuple[str, list[str], float]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, body: dict[str, Any]) -> Any:
        self.asked.append(method)
        if self.misbehaves == "slow":
            time.sleep(1.5)  # noqa: TID251 - a service that takes its time
        if self.misbehaves == "down":
            return Response("away", 503)
        if self.misbehaves == "not_json":
            return Response("<html>", 200, mimetype="text/html")
        if request.headers.get("Authorization") != f"Bearer {self.bearer}":
            return _error("invalid_token", 401)
        return _METHODS[method](self, body)

    def info(self, _body: dict[str, Any]) -> Any:
        return jsonify(specs="1.0.4.0", name="Test", lang="en", authType=["external"],
                       methods=sorted(_METHODS))  # fmt: skip

    def list(self, body: dict[str, Any]) -> Any:
        if not isinstance(body.get("userID"), str):
            return _error("invalid_request")
        found = [name for name, one in self.credentials.items() if one.user == body["userID"]]
        return jsonify(credentialIDs=found[: body.get("maxResults", 100)])

    def describe(self, body: dict[str, Any]) -> Any:
        one = self.credentials.get(body.get("credentialID", ""))
        if one is None or body.get("certificates") != "chain":
            return _error("invalid_request")
        return jsonify(
            key={"status": one.status, "algo": [ECDSA], "len": 256, "curve": "1.2.840.10045.3.1.7"},
            cert={"status": "valid",
                  "certificates": [b64encode(der).decode() for der in one.certificates]},
            PIN={"presence": "true" if one.pin else "false", "format": "N"},
            OTP={"presence": "true" if one.otp or one.online else "false",
                 "type": "online" if one.online else "offline", "format": "N"},
            authMode="explicit", SCAL="2", multisign=1,
        )  # fmt: skip

    def send_otp(self, body: dict[str, Any]) -> Any:
        """11.9: for codes that are made online alone; nothing is told but that it was done."""
        one = self.credentials.get(body.get("credentialID", ""))
        if one is None or not one.online:
            return _error("invalid_request")
        one.otp = f"{secrets.randbelow(10**6):06}"
        one.sent.append(one.otp)
        return Response(status=204)

    def authorize(self, body: dict[str, Any]) -> Any:
        one = self.credentials.get(body.get("credentialID", ""))
        if one is None or body.get("numSignatures") != 1 or len(body.get("hash", [])) != 1:
            return _error("invalid_request")
        if one.pin and body.get("PIN") != one.pin:
            return _error("invalid_pin")
        if (one.otp or one.online) and body.get("OTP") != one.otp:
            return _error("invalid_otp")
        if one.online:
            one.otp = None
        grant = secrets.token_urlsafe(16)
        until = time.monotonic() + (-1 if self.misbehaves == "expired_sad" else LIVES)
        self.grants[grant] = (body["credentialID"], list(body["hash"]), until)
        return jsonify(SAD=grant, expiresIn=int(LIVES))

    def sign(self, body: dict[str, Any]) -> Any:
        name, hashes, until = self.grants.pop(str(body.get("SAD")), ("", [], 0.0))
        granted = name == body.get("credentialID") and hashes == body.get("hash")
        if not granted or until < time.monotonic():
            return _error("invalid_request")
        if (body.get("hashAlgo"), body.get("signAlgo")) != (SHA_256, ECDSA):
            return _error("invalid_request")
        key, digest = self.credentials[name].key, b64decode(hashes[0])
        if self.misbehaves == "wrong_signature":
            key = ec.generate_private_key(ec.SECP256R1())
        if self.misbehaves == "other_hash":
            digest = bytes(32)
        made = key.sign(digest, ec.ECDSA(Prehashed(SHA256())))
        return jsonify(signatures=[b64encode(made).decode()])


_METHODS: dict[str, Any] = {
    "info": Service.info,
    "credentials/list": Service.list,
    "credentials/info": Service.describe,
    "credentials/sendOTP": Service.send_otp,
    "credentials/authorize": Service.authorize,
    "signatures/signHash": Service.sign,
}


def _error(code: str, status: int = 400) -> tuple[Response, int]:
    return jsonify(error=code, error_description="what the service says in words"), status


@contextmanager
def csc_service(bearer: str) -> Iterator[Service]:
    """A running service, at `address`."""
    service, app = Service(bearer), Flask("csc")

    @app.post("/csc/v1/<path:method>")
    def called(method: str) -> Any:
        return service.answer(method, request.get_json())

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    service.address = f"http://127.0.0.1:{server.port}/csc/v1"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()


def certificates_of(chain: bytes) -> list[bytes]:
    """The certificates of a PEM file, in DER."""
    return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(chain)]
