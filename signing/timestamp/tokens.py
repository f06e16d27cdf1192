"""What is asked of a timestamp authority, and what counts as its answer."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

from asn1crypto import algos, cms, core, tsp
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    validate_sig_integrity,
)

from signing.errors import TimestampRefused

HASH = "sha256"


class Response(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    """A TimeStampResp; asn1crypto's own has no place for a refusal, which comes without a token."""

    _fields = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class Timestamps(Protocol):
    """Something that says when a digest existed."""

    def stamp(self, digest: bytes) -> bytes:
        """A timestamp token (DER) over this SHA-256 digest.

        Raises `TimestampUnavailable` when nobody answers, `TimestampRefused` when the answer is
        not a valid token for this digest and nonce.
        """


def request_for(digest: bytes, nonce: int) -> bytes:
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": HASH}),
        "hashed_message": digest,
    }
    request = {"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def checked_token(response: bytes, digest: bytes, nonce: int) -> bytes:
    """The token of a TimeStampResp, if it is a whole and valid one for this digest and nonce."""
    try:
        answer = Response.load(response, strict=True)
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
