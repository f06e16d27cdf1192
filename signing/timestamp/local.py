"""A timestamp authority in this process: what development and tests use, and the demo serves."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key

from signing.attributes import signed_attributes
from signing.errors import BrokenKey
from signing.timestamp.tokens import HASH, Response, checked_token, request_for

#: Our authority's policy: an identifier of the private arc, for development.
POLICY = "1.3.6.1.4.1.55555.1.1"
_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True, slots=True)
class LocalTimestamps:
    """An authority in this process; `key` is PKCS#8 DER, `certificate` and `chain` are DER."""

    key: bytes = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...]
    clock: Callable[[], datetime]

    def stamp(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        return checked_token(self.answer(request_for(digest, nonce)), digest, nonce)

    def answer(self, request: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq (DER); bad requests get a rejection."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            hash_name = imprint["hash_algorithm"]["algorithm"].native
            size = len(imprint["hashed_message"].native)
            policy, extensions = asked["req_policy"].native, asked["extensions"].native
        except (ValueError, TypeError, KeyError):
            return _rejection("bad_data_format")
        if _SIZES.get(hash_name) != size:
            return _rejection("bad_alg")
        if policy not in (None, POLICY):
            return _rejection("unaccepted_policy")
        if extensions:
            return _rejection("unaccepted_extensions")
        response = {"status": {"status": "granted"}, "time_stamp_token": self._token(asked)}
        return bytes(Response(response).dump())

    def _token(self, asked: tsp.TimeStampReq) -> cms.ContentInfo:
        at = self.clock().astimezone(UTC).replace(microsecond=0)
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": at,
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        return self._signed(tsp.TSTInfo(info).dump())

    def _signed(self, info: bytes) -> cms.ContentInfo:
        certificate = x509.Certificate.load(self.certificate)
        chain = [x509.Certificate.load(der) for der in self.chain]
        attributes = signed_attributes(hashlib.sha256(info).digest(), certificate, "tst_info")
        sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": {"algorithm": HASH},
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": self._sign(attributes.dump()),
        }
        data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": HASH}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(info),
            },
            "certificates": [certificate, *chain[:1]],
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})

    def _sign(self, data: bytes) -> bytes:
        return _loaded(self.key).sign(data, ec.ECDSA(hashes.SHA256()))


@lru_cache(maxsize=4)
def _loaded(key: bytes) -> ec.EllipticCurvePrivateKey:
    loaded = load_der_private_key(key, None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise BrokenKey("Expected an elliptic-curve key for timestamps.")
    return loaded


def _rejection(reason: str) -> bytes:
    status = {"status": "rejection", "fail_info": {reason}}
    return bytes(Response({"status": status}).dump())
