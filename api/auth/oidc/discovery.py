"""What a provider publishes of itself, read once and remembered for a while by each process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from api.auth.oidc.outside import Outside
from api.auth.oidc.refusals import ProviderSilent

PUBLISHED = "/.well-known/openid-configuration"
#: How long what was read counts, in seconds; and how soon unknown keys are looked for again.
KEPT, AGAIN = 600.0, 10.0
MOST_KEYS = 50
_SMALLEST_RSA = 2048
_PUBLIC = ("kty", "n", "e", "crv", "x", "y", "kid")

SigningKey = RSAKey | ECKey


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of a provider's own description that is used here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    #: how a client may prove itself at the token endpoint
    auth_methods: Sequence[str]
    #: whether its answers name it (RFC 9207), so that one without a name is not its own
    names_itself: bool


class _Kept(NamedTuple):
    at: float
    value: Any


@dataclass(slots=True)
class Published:
    """Descriptions and keys of providers, by issuer."""

    outside: Outside
    _descriptions: dict[str, _Kept] = field(default_factory=dict)
    #: whoever did not answer is not asked again at once: each question holds a thread
    _failures: dict[str, _Kept] = field(default_factory=dict)
    _keys: dict[str, _Kept] = field(default_factory=dict)
    _keyless: dict[str, _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def metadata(self, issuer: str, *, anew: bool = False) -> Metadata:
        """ProviderSilent where the provider does not answer, or describes somebody else."""
        kept = self._get(self._descriptions, issuer, 0.0 if anew else KEPT)
        if kept is not None:
            return kept.value  # type: ignore[no-any-return] # what is put in below
        if not anew and self._get(self._failures, issuer, AGAIN) is not None:
            raise ProviderSilent("Expected a provider that answers, but it just did not.")
        try:
            found = read_metadata(issuer, self.outside)
        except ProviderSilent:
            self._put(self._failures, issuer, None)
            raise
        self._put(self._descriptions, issuer, found)
        return found

    def keys(self, about: Metadata, kid: str | None) -> Sequence[SigningKey]:
        """The provider's keys with this id; they are read again where none of the kept has it."""
        kept = self._get(self._keys, about.issuer, KEPT)
        found = _named(kept.value, kid) if kept is not None else ()
        if not found and (kept is None or time.monotonic() - kept.at > AGAIN):
            found = _named(self._read_keys(about), kid)
        return found

    def _read_keys(self, about: Metadata) -> Sequence[SigningKey]:
        if self._get(self._keyless, about.issuer, AGAIN) is not None:
            raise ProviderSilent("Expected a provider that shows its keys, but it just did not.")
        try:
            read = read_keys(self.outside.get(about.jwks_uri))
        except ProviderSilent:
            self._put(self._keyless, about.issuer, None)
            raise
        self._put(self._keys, about.issuer, read)
        return read

    def _get(self, kept: Mapping[str, _Kept], issuer: str, age: float) -> _Kept | None:
        with self._lock:
            found = kept.get(issuer)
        return found if found is not None and time.monotonic() - found.at < age else None

    def _put(self, kept: dict[str, _Kept], issuer: str, value: Any) -> None:
        with self._lock:
            kept[issuer] = _Kept(time.monotonic(), value)


def read_metadata(issuer: str, outside: Outside) -> Metadata:
    told = _object(outside.get(issuer.rstrip("/") + PUBLISHED))
    if told.get("issuer") != issuer:
        raise ProviderSilent(
            f"Expected the description of {issuer:.120}, but it is of another issuer:"
            f" {told.get('issuer')!r:.120}. Enter the issuer exactly as the provider writes it."
        )
    methods = told.get("token_endpoint_auth_methods_supported")
    leaving = told.get("end_session_endpoint")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_endpoint(told, "authorization_endpoint", issuer, outside),
        token_endpoint=_endpoint(told, "token_endpoint", issuer, outside),
        jwks_uri=_endpoint(told, "jwks_uri", issuer, outside),
        end_session_endpoint=(
            _endpoint(told, "end_session_endpoint", issuer, outside) if leaving else None
        ),
        auth_methods=tuple(str(one) for one in methods) if isinstance(methods, list) else (),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(told: Mapping[str, Any], name: str, issuer: str, outside: Outside) -> str:
    """An address on the issuer's own host: no description sends people or secrets elsewhere."""
    url = told.get(name)
    if not isinstance(url, str):
        raise ProviderSilent(f"Expected the provider to publish its {name}, but it does not.")
    parts, home = outside.check(url), outside.check(issuer)
    if (parts.scheme, parts.hostname, parts.port) != (home.scheme, home.hostname, home.port):
        raise ProviderSilent(f"Expected the {name} on the issuer's host, but it is {url!r:.120}.")
    return url


def read_keys(text: bytes) -> Sequence[SigningKey]:
    """Public keys that sign; whatever is weak, symmetric, for another use or not known is left."""
    told = _object(text).get("keys")
    if not isinstance(told, list) or len(told) > MOST_KEYS:
        raise ProviderSilent("Expected the provider's keys, but it publishes none.")
    keys = [_key(one) for one in told if isinstance(one, dict)]
    return tuple(key for key in keys if key is not None)


def _key(told: dict[str, Any]) -> SigningKey | None:
    if told.get("use", "sig") != "sig" or told.get("kty") not in {"RSA", "EC"}:
        return None
    try:
        key = JWKRegistry.import_key(_public(told))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAKey):
        return key if key.public_key.key_size >= _SMALLEST_RSA else None
    return key if isinstance(key, ECKey) else None


def _public(told: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): told[name] for name in _PUBLIC if name in told}


def _named(keys: Sequence[SigningKey], kid: str | None) -> Sequence[SigningKey]:
    return tuple(key for key in keys if kid is None or key.get("kid") == kid)


def _object(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ProviderSilent("Expected a JSON object, but the provider sent something else.")
    return told
