"""What a provider signed: ID tokens (OpenID Connect Core 3.1.3.7) and logout tokens (Back-Channel
Logout 1.0, 2.6). Everything is checked here, and nothing is believed before its signature.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError

from api.auth.oidc.discovery import SigningKey
from api.auth.oidc.refusals import BadToken
from office.accounts.secrets import same

#: Signed with a private key, so that nobody who checks could have signed: no "none", no HMAC.
ALGORITHMS: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}
#: How far two clocks may be apart, and how old a fresh token may be.
LEEWAY, FRESH = timedelta(seconds=60), timedelta(minutes=10)
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_TOKEN, LONGEST_NAME = 16 << 10, 255

#: From a key's id (None: the token names none) to the keys that it may mean.
Keys = Callable[[str | None], Sequence[SigningKey]]


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose token it must be, and for whom."""

    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True)
class IdToken:
    """Whom the provider has proved: `subject` is theirs at this issuer for ever."""

    subject: str
    #: the provider's own session, where it names it
    sid: str
    #: how they proved themselves there
    amr: Sequence[str]
    #: what they are called there; for showing, never for finding anybody
    shown: str


@dataclass(frozen=True, slots=True)
class LogoutToken:
    """Whose sessions end: one of the provider's (`sid`), or all of a person's."""

    subject: str
    sid: str
    #: the token's own name: each counts once, until `until`
    jti: str
    until: datetime


def check_id_token(text: str, keys: Keys, expected: Expected, nonce: str, now: datetime) -> IdToken:
    """BadToken, whose code says what is wrong; else whom it proves."""
    header, claims = _signed(text, keys)
    _demand(header.get("typ", "JWT").upper() == "JWT", "wrong_type", "the type of an ID token")
    _demand("events" not in claims, "wrong_type", "an ID token, not another kind")
    _check_parties(claims, expected)
    _check_times(claims, now)
    given = claims.get("nonce")
    _demand(isinstance(given, str) and same(given, nonce), "wrong_nonce", "this sign-in's nonce")
    amr = claims.get("amr")
    return IdToken(
        subject=_name(claims, "sub", required=True),
        sid=_name(claims, "sid"),
        amr=tuple(str(one) for one in amr) if isinstance(amr, list) else (),
        shown=str(next((one for one in map(claims.get, _SHOWN) if _printable(one)), ""))[:100],
    )


_SHOWN = ("name", "preferred_username", "email")


def _printable(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip()) and text.isprintable()


def check_logout_token(text: str, keys: Keys, expected: Expected, now: datetime) -> LogoutToken:
    """BadToken, whose code says what is wrong; else whose sessions end."""
    header, claims = _signed(text, keys)
    kind = header.get("typ", "JWT").lower()
    _demand(kind in {"logout+jwt", "jwt"}, "wrong_type", "the type of a logout token")
    events = claims.get("events")
    told = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    _demand(told, "wrong_type", "the event of a back-channel logout")
    _demand("nonce" not in claims, "wrong_type", "no nonce in a logout token")
    _check_parties(claims, expected)
    ends = _check_times(claims, now)
    found = LogoutToken(
        subject=_name(claims, "sub"),
        sid=_name(claims, "sid"),
        jti=_name(claims, "jti", required=True),
        until=ends + LEEWAY,
    )
    _demand(bool(found.subject or found.sid), "no_subject", "a subject or a session")
    return found


def _signed(text: str, keys: Keys) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims of a token that one of the provider's keys has signed.

    The header chooses among the provider's keys by name and nothing else: what it brings along
    (jwk, jku, x5c) is not looked at, and its algorithm must be one of ours and fit the key.
    """
    _demand(len(text) <= LONGEST_TOKEN, "not_signed", "a token of a usual length")
    try:
        header = jws.extract_compact(text.encode()).headers()
    except (JoseError, ValueError, TypeError, RecursionError) as wrong:
        raise _bad("not_signed", "a signed token") from wrong
    algorithm, kid = header.get("alg"), header.get("kid")
    kind = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
    _demand(kind is not None, "bad_algorithm", f"a signature by {', '.join(ALGORITHMS)}")
    _demand(kid is None or isinstance(kid, str), "not_signed", "a key's name that is text")
    _demand("crit" not in header, "not_signed", "no extension that must be understood")
    _demand(isinstance(header.get("typ", ""), str), "wrong_type", "a type that is text")
    fitting = [key for key in keys(kid) if key.key_type == kind]
    _demand(len(fitting) == 1, "unknown_key", "one key of the provider's that fits")
    try:
        found = jws.deserialize_compact(text, fitting[0], algorithms=[str(algorithm)])
        claims = json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as wrong:
        raise _bad("bad_signature", "a signature that holds") from wrong
    _demand(isinstance(claims, dict), "not_signed", "claims")
    return header, claims


def _check_parties(claims: Mapping[str, Any], expected: Expected) -> None:
    _demand(claims.get("iss") == expected.issuer, "wrong_issuer", "the provider's own token")
    audience = claims.get("aud")
    meant = [audience] if isinstance(audience, str) else audience
    for_us = isinstance(meant, list) and expected.client_id in meant
    _demand(for_us, "wrong_audience", "a token for this client")
    party = claims.get("azp")
    alone = isinstance(meant, list) and len(meant) == 1 and party is None
    _demand(alone or party == expected.client_id, "wrong_audience", "a token made for this client")


def _check_times(claims: Mapping[str, Any], now: datetime) -> datetime:
    """When it ends. Issued just now, not over, and begun."""
    ends, issued = _moment(claims, "exp", now), _moment(claims, "iat", now)
    _demand(ends is not None and ends + LEEWAY > now, "expired", "a token that is not over")
    recent = issued is not None and now - FRESH < issued < now + LEEWAY
    _demand(recent, "expired", "a token of just now")
    begins = _moment(claims, "nbf", now) if "nbf" in claims else now
    _demand(begins is not None and begins < now + LEEWAY, "expired", "a token that has begun")
    assert ends is not None
    return min(ends, now + timedelta(days=1))


def _moment(claims: Mapping[str, Any], name: str, now: datetime) -> datetime | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, now.tzinfo)
    except (ValueError, OverflowError, OSError):
        return None


def _name(claims: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = claims.get(name, "")
    usable = isinstance(value, str) and len(value) <= LONGEST_NAME and value.isprintable()
    _demand(usable and (bool(value) or not required), "no_subject", f"{name} as a short text")
    return str(value)


def _demand(holds: bool, code: str, what: str) -> None:
    if not holds:
        raise _bad(code, what)


def _bad(code: str, what: str) -> BadToken:
    return BadToken(f"Expected {what}, but the provider's answer has something else.", code=code)
