"""RFC 3161 timestamps: the port, a client over HTTP, an authority here, and its server."""

from __future__ import annotations

import hashlib
import http.client
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from asn1crypto import algos, cms, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign.general import as_signing_certificate_v2, extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    validate_sig_integrity,
)

from signing.errors import BrokenKey, TimestampRefused, TimestampUnavailable

#: Our authority's policy: an identifier of the private arc, for development.
POLICY = "1.3.6.1.4.1.55555.1.1"
_HASH = "sha256"
_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
_MOST_REQUEST = 4096
_CHUNK = 8192


class Timestamps(Protocol):
    """Something that says when a digest existed."""

    def stamp(self, digest: bytes) -> bytes:
        """A timestamp token (DER) over this SHA-256 digest.

        Raises `TimestampUnavailable` when nobody answers, `TimestampRefused` when the answer is
        not a valid token for this digest and nonce.
        """


@dataclass(frozen=True, slots=True)
class HttpTimestamps:
    """An authority at `url`; the whole exchange may take `timeout` seconds."""

    url: str
    timeout: float = 5.0
    max_bytes: int = 64 * 1024

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"Expected an http or https address, but it is {self.url!r}.")

    def stamp(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        return checked_token(self._ask(_request(digest, nonce)), digest, nonce)

    def _ask(self, request: bytes) -> bytes:
        asked = urllib.request.Request(  # noqa: S310 - http and https only, see __post_init__
            self.url, request, {"Content-Type": _QUERY, "Accept": _REPLY}
        )
        try:
            with urllib.request.urlopen(asked, timeout=self.timeout) as answer:  # noqa: S310 - same
                return self._read(answer)
        except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
            raise TimestampUnavailable(
                f"Expected an answer from the timestamp authority, but: {error}"
            ) from error

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        """The answer, within the cap and the time: a slow drip is no answer."""
        ends = time.monotonic() + self.timeout
        read = bytearray()
        while chunk := answer.read1(_CHUNK):
            read += chunk
            if len(read) > self.max_bytes:
                raise TimestampRefused("Expected a timestamp, but the answer is too large.")
            if time.monotonic() > ends:
                raise TimeoutError("the answer is too slow")
        return bytes(read)


@dataclass(frozen=True, slots=True)
class LocalTimestamps:
    """An authority in this process; `key` is PKCS#8 DER, `certificate` and `chain` are DER."""

    key: bytes = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...]
    clock: Callable[[], datetime]

    def stamp(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        return checked_token(self.answer(_request(digest, nonce)), digest, nonce)

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
        return bytes(tsp.TimeStampResp(response).dump())

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
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {
                    "type": "signing_certificate_v2",
                    "values": [as_signing_certificate_v2(certificate)],
                },
                {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            ]
        )
        sid = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": sid}),
            "digest_algorithm": {"algorithm": _HASH},
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": self._sign(attributes.dump()),
        }
        data = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": _HASH}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(info),
            },
            "certificates": [certificate, *chain[:1]],
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})

    def _sign(self, data: bytes) -> bytes:
        key = load_der_private_key(self.key, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise BrokenKey("Expected an elliptic-curve key for timestamps.")
        return key.sign(data, ec.ECDSA(hashes.SHA256()))


def _request(digest: bytes, nonce: int) -> bytes:
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": _HASH}),
        "hashed_message": digest,
    }
    request = {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def _rejection(reason: str) -> bytes:
    status = {"status": "rejection", "fail_info": {reason}}
    return bytes(tsp.TimeStampResp({"status": status}).dump())


def checked_token(response: bytes, digest: bytes, nonce: int) -> bytes:
    """The token of a TimeStampResp, if it is a whole and valid one for this digest and nonce."""
    try:
        answer = tsp.TimeStampResp.load(response, strict=True)
        status = answer["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            reasons = answer["status"]["fail_info"].native or ()
            raise TimestampRefused(
                f"Expected a timestamp, but the authority answered {status} {sorted(reasons)}."
            )
        token = answer["time_stamp_token"]
        _check(token, digest, nonce)
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampRefused("Expected a timestamp, but the answer cannot be read.") from error
    return bytes(token.dump())


def _check(token: cms.ContentInfo, digest: bytes, nonce: int) -> None:
    data = token["content"]
    info = data["encap_content_info"]["content"].parsed
    if not isinstance(info, tsp.TSTInfo) or info["nonce"].native != nonce:
        raise TimestampRefused("Expected our nonce in the timestamp, but it holds another.")
    if info["message_imprint"]["hashed_message"].native != digest:
        raise TimestampRefused("Expected a timestamp of our digest, but it is of another.")
    if not _intact(data):
        raise TimestampRefused("Expected a valid timestamp, but its signature is broken.")


def _intact(data: cms.SignedData) -> bool:
    """The authority's signature fits its own certificate; who trusts it is asked when verifying."""
    signer = extract_signer_info(data)
    digest = hashlib.new(
        signer["digest_algorithm"]["algorithm"].native,
        bytes(data["encap_content_info"]["content"]),
    ).digest()
    try:
        certificate = extract_certs_for_validation(data).signer_cert
        return all(validate_sig_integrity(signer, certificate, "tst_info", digest))
    except SignatureValidationError:
        return False


def token_time(token: bytes) -> datetime:
    """When the token says that the digest existed."""
    info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    time_of: datetime = info["gen_time"].native
    return time_of


def tsa_app(authority: LocalTimestamps) -> Callable[..., Iterable[bytes]]:
    """A WSGI application that answers RFC 3161 requests by POST (and GET `/healthz`)."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, kind, body = _answer(authority, environ)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(status, headers)
        return [body]

    return app


def _answer(authority: LocalTimestamps, environ: dict[str, Any]) -> tuple[str, str, bytes]:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
    if method == "GET" and path == "/healthz":
        return "200 OK", "text/plain", b"ok\n"
    if method != "POST":
        return "405 Method Not Allowed", "text/plain", b"Send a timestamp request by POST.\n"
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 < length <= _MOST_REQUEST:
        return "413 Content Too Large", "text/plain", b"Send a request of at most 4 KB.\n"
    return "200 OK", _REPLY, authority.answer(environ["wsgi.input"].read(length))
