"""Keys that a remote signing service keeps (Cloud Signature Consortium API 1.0.4.0): the service is
asked for one signature over one digest, with its owner's PIN or one-time code for that digest.

How the service is reached is the caller's: `Call` takes a method of the API and its parameters.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.device import check_signature
from signing.errors import (
    ForeignSignature,
    RemoteRefused,
    UnusableKey,
    WrongPin,
)
from signing.keys import Mechanism, mechanism_of
from signing.suitability import suitable

#: A method such as "credentials/info" and its parameters: the answer, an error of the API included.
#: Raises `RemoteUnavailable`.
Call = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

METHODS = (
    "info",
    "credentials/list",
    "credentials/info",
    "credentials/sendOTP",
    "credentials/authorize",
    "signatures/signHash",
)
#: of a user's credentials at most so many are looked at
_MOST = 10
_SHA256 = "2.16.840.1.101.3.4.2.1"
_ALGORITHMS: Mapping[Mechanism, str] = {
    "rsa": "1.2.840.113549.1.1.11",  # sha256WithRSAEncryption
    "ecdsa": "1.2.840.10045.4.3.2",  # ecdsa-with-SHA256
}
_WRONG_PROOF = frozenset({"invalid_pin", "invalid_otp"})


@dataclass(frozen=True, slots=True)
class RemoteKey:
    """A credential of a service: closed like any key, and never here. `pin`, `otp`: what its owner
    is asked for; `online`: the service sends the one-time code when it is asked to. `code` is that
    of one signature.
    """

    call: Call = field(repr=False, compare=False)
    service: str
    credential: str
    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    pin: bool
    otp: bool
    online: bool = False
    code: str = field(default="", repr=False)

    def with_code(self, code: str) -> RemoteKey:
        return replace(self, code=code)

    def send_code(self) -> None:
        """Have the service send its owner a one-time code (11.9 credentials/sendOTP).

        Raises `RemoteUnavailable` and `RemoteRefused`.
        """
        _good(self.call("credentials/sendOTP", {"credentialID": self.credential}))

    def unlock(self, pin: str) -> UnlockedRemoteKey:
        """Ready to sign. The service is told the PIN with the digest that it is for, not before."""
        if (self.pin and not pin) or (self.otp and not self.code):
            raise WrongPin("Expected PIN and one-time code of the service, but one is missing.")
        return UnlockedRemoteKey(self, pin)


@dataclass(frozen=True, slots=True)
class UnlockedRemoteKey:
    """A service's key while its owner is signing."""

    closed: RemoteKey
    pin: str = field(repr=False)

    @property
    def certificate(self) -> bytes:
        return self.closed.certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        return self.closed.chain

    @property
    def mechanism(self) -> Mechanism:
        return mechanism_of(self.certificate)

    def sign_digest(self, digest: bytes, hash_name: str) -> bytes:
        """Raises `WrongPin`, `RemoteUnavailable`, and `RemoteRefused` for an answer that is not the
        signature of this certificate's key over this digest.
        """
        assert hash_name == "sha256"
        closed, hashed = self.closed, [b64encode(digest).decode()]
        asked: dict[str, Any] = {
            "credentialID": closed.credential,
            "numSignatures": 1,
            "hash": hashed,
        }
        asked |= {"PIN": self.pin} if closed.pin else {}
        asked |= {"OTP": closed.code} if closed.otp else {}
        grant = _good(closed.call("credentials/authorize", asked)).get("SAD")
        if not isinstance(grant, str) or not grant:
            raise RemoteRefused("it gives no leave to sign")
        answer = closed.call(
            "signatures/signHash",
            {
                "credentialID": closed.credential,
                "SAD": grant,
                "hash": hashed,
                "hashAlgo": _SHA256,
                "signAlgo": _ALGORITHMS[self.mechanism],
            },
        )
        return self._checked(digest, _good(answer).get("signatures"))

    def _checked(self, digest: bytes, signatures: Any) -> bytes:
        try:
            (text,) = signatures
            signature = b64decode(text, validate=True)
            check_signature(self.certificate, digest, signature)
        except (ValueError, TypeError, ForeignSignature):
            message = "what it gave is no signature of the registered certificate's key"
            raise RemoteRefused(message) from None
        return signature


def _good(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer, unless it is an error of the API. What the service says in words is not told on:
    it may repeat what it was sent.
    """
    error = answer.get("error")
    if error is None:
        return answer
    named = error if isinstance(error, str) and error.replace("_", "").isalnum() else "an error"
    if named in _WRONG_PROOF:
        raise WrongPin("Expected PIN and one-time code of the service, but one is wrong.")
    raise RemoteRefused(f"it says {named[:60]}")


def taken(
    call: Call, service: str, user: str, *, trust: Sequence[bytes], at: datetime
) -> RemoteKey:
    """Of a user's credentials that may sign official documents at `at`, the one that may longest.

    Raises `UnusableKey`, `RemoteUnavailable`, `RemoteRefused`.
    """
    listed = _good(call("credentials/list", {"userID": user, "maxResults": _MOST}))
    names = listed.get("credentialIDs")
    if not isinstance(names, list):
        raise RemoteRefused("it lists no credentials")
    fault = UnusableKey("no_key", "Expected a credential of this user, but there is none.")
    fitting: list[tuple[datetime, RemoteKey]] = []
    for name in names[:_MOST]:
        try:
            fitting.append(_judged(call, service, str(name), trust, at))
        except UnusableKey as refused:
            fault = refused
    if not fitting:
        raise fault
    return max(fitting, key=lambda one: one[0])[1]


def _judged(
    call: Call, service: str, name: str, trust: Sequence[bytes], at: datetime
) -> tuple[datetime, RemoteKey]:
    asked = {"credentialID": name, "certificates": "chain", "certInfo": True, "authInfo": True}
    told = _good(call("credentials/info", asked))
    key, mode = _part(told, "key"), told.get("authMode", "explicit")
    pin, otp = _present(told, "PIN"), _present(told, "OTP")
    if key.get("status", "enabled") != "enabled" or mode != "explicit" or not (pin or otp):
        raise UnusableKey("kind", "Expected a credential that opens with a PIN or one-time code.")
    certificate, others = _certificates(_part(told, "cert").get("certificates"))
    chain = suitable(certificate, others, trust=trust, at=at)
    der = certificate.public_bytes(Encoding.DER)
    online = otp and str(_part(told, "OTP").get("type", "offline")).lower() == "online"
    made = RemoteKey(call, service, name, der, chain, pin, otp, online)
    return certificate.not_valid_after_utc, made


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _present(told: Mapping[str, Any], name: str) -> bool:
    """The API says it in words: "true", "false", "optional"."""
    return str(_part(told, name).get("presence", "false")).lower() == "true"


def _certificates(listed: Any) -> tuple[x509.Certificate, list[x509.Certificate]]:
    found: list[x509.Certificate] = []
    for text in listed if isinstance(listed, list) else []:
        with suppress(ValueError, TypeError):
            found.append(x509.load_der_x509_certificate(b64decode(text)))
    if not found:
        raise UnusableKey("no_certificate", "Expected a certificate, but the service gives none.")
    return found[0], found[1:]
