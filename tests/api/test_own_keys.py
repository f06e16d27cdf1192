"""All that the page of one's own signing key does, by REST: with a proof that it is them."""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from support.world import World

from api import trust
from engine.clock import SystemClock
from office.demo.secrets import PINS
from signing import certificates
from signing.certificates import Pair

PIN = "864213"


def made(office: World) -> Pair:
    authority = trust.authority(office.system.settings)
    name = certificates.name("นายใหม่ เสมอต้น", "กระทรวงตัวอย่าง")
    return certificates.personal(name, authority.issuing, office.clock.now(), 100)


def key_file(office: World, pair: Pair | None = None) -> bytes:
    issuing, pair = trust.authority(office.system.settings).issuing, pair or made(office)
    locked = BestAvailableEncryption(b"of the file")
    return pkcs12.serialize_key_and_certificates(
        b"k", pair.key, pair.certificate, [issuing.certificate], locked
    )


def text(data: bytes) -> str:
    return b64encode(data).decode()


def test_a_key_is_had_made_imported_registered_and_revoked(own_world: World) -> None:
    own_world.clock.advance(SystemClock().now() - own_world.clock.now() + timedelta(hours=1))
    authority = trust.authority(own_world.system.settings)
    root = authority.root.certificate.public_bytes(Encoding.PEM)
    media = "application/pem-certificate-chain"
    own_world.call("POST", "/trust-anchors", as_="admin", data=root, content_type=media)

    def asks(path: str, headers: Any = None, **body: Any) -> Any:
        told = {"current": "clerk opens his own door", **body}
        return own_world.call(
            "POST", f"/signing-keys{path}", as_="clerk", json=told, headers=headers
        )

    assert asks("", pin=PIN, current="not his door").json["reason"] == "bad_code"
    weak = asks("", pin="111111")
    assert (weak.status_code, weak.json["errors"][0]["code"]) == (422, "weak_pin")
    # a slip is told before the proof that it is them, which may be good for once
    for slip, code in (("111111", "weak_pin"), (next(iter(PINS.values())), "demo_secret")):
        told = asks("", pin=slip, current="not his door").json
        assert [one["code"] for one in told["errors"]] == [code]
    first = asks("", pin=PIN)
    assert first.status_code == 201, first.json

    theirs = made(own_world)
    file = key_file(own_world, theirs)
    wrong = asks("/import", file=text(file), password="another", pin=PIN)
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "password")
    assert asks("/import", file="not base64!", password="x", pin=PIN).status_code == 422
    once = {"Idempotency-Key": str(uuid4())}
    right = {"password": "of the file", "pin": PIN}
    second = asks("/import", **right, file=text(file), headers=once)
    assert second.status_code == 201, second.json
    assert asks("/import", **right, file=text(file), headers=once).json == second.json
    other = asks("/import", **right, file=text(key_file(own_world)), headers=once)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")

    device = made(own_world)
    chain = device.der and b"".join(
        one.public_bytes(Encoding.PEM)
        for one in (device.certificate, authority.issuing.certificate)
    )
    asked = own_world.call("POST", "/signing-keys/device-challenge", as_="clerk", json={}).json
    proof = device.key.sign(asked["challenge"].encode(), ec.ECDSA(hashes.SHA256()))
    told = {"certificate": text(chain), "challenge": asked["challenge"]}
    forged = theirs.key.sign(asked["challenge"].encode(), ec.ECDSA(hashes.SHA256()))
    assert asks("/device", **told, signature=text(forged)).status_code == 422
    third = asks("/device", **told, signature=text(proof))
    assert third.status_code == 201, third.json

    told = {"reason": "บัตรหาย"}
    path = f"/signing-keys/{third.json['id']}/revoke"
    for other in ("boss", "admin"):
        assert own_world.call("POST", path, as_=other, json=told).status_code == 404
    assert own_world.call("POST", path, as_="clerk", json=told).status_code == 200
    listed = own_world.call("GET", "/signing-keys", as_="clerk").json
    assert [one["state"] for one in listed["items"]] == ["revoked", "retired", "retired"]
    assert [one["device"] for one in listed["items"]] == [True, False, False]
