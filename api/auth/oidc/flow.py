"""A browser's way to a provider and back: authorization code with PKCE, bound to the browser.

What a way needs to be known by is sealed into a cookie for the time that it takes: state, nonce,
verifier, whose provider it is. The state counts once (`SpendProof`), whatever becomes of it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import UUID

from cryptography.exceptions import InvalidTag

from api.auth.oidc.discovery import Metadata, Published
from api.auth.oidc.refusals import BadFlow, BadToken, ProviderSilent
from api.auth.oidc.tokens import Expected, IdToken, LogoutToken, check_id_token, check_logout_token
from office.accounts.models import sign_in_provider
from office.accounts.queries import ProviderRow
from office.accounts.sealed import Sealed
from office.accounts.secrets import same, seal, unseal

#: How long a browser may be away, and how long somebody has to confirm who they are.
AWAY: Final = timedelta(minutes=10)
_WAY, _FOUND, _SECRET, _TOKEN = "oidc way", "oidc found", "oidc secret", "oidc token"
_LONGEST_CODE = 4096


@dataclass(frozen=True, slots=True)
class Way:
    """One way there and back."""

    state: str
    nonce: str
    verifier: str
    #: page of ours to go on with
    next: str
    #: the session in which somebody wants to link themselves; empty: to sign in
    session: str
    until: float


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom a provider has proved and who is linked to nobody yet."""

    subject: str
    shown: str
    #: the only session that may confirm; empty: whichever is signed in next in this browser
    session: str
    until: float


@dataclass(frozen=True, slots=True)
class Client:
    """One provider as this installation speaks with it."""

    row: ProviderRow
    published: Published
    #: the installation's secret
    secret: bytes
    #: where the provider sends browsers back to
    back: str

    @property
    def expected(self) -> Expected:
        return Expected(self.row.issuer, self.row.client_id)

    # ---- there

    def begin(self, now: datetime, next_page: str, session: str = "") -> tuple[str, str]:
        """(address at the provider, the way sealed for a cookie)."""
        about = self.published.metadata(self.row.issuer)
        verifier, until = secrets.token_urlsafe(48), (now + AWAY).timestamp()
        way = Way(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            verifier,
            next_page,
            session,
            until,
        )
        challenge = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.row.client_id,
            "redirect_uri": self.back,
            "scope": "openid profile email",
            "state": way.state,
            "nonce": way.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return _with(about.authorization_endpoint, query), self._sealed(_WAY, asdict(way))

    # ---- and back

    def way(self, cookie: str | None, now: datetime) -> Way:
        """The way that this browser is on, or BadFlow."""
        told = self._unsealed(_WAY, cookie or "")
        if told is None:
            raise BadFlow("Expected a sign-in that this browser began, but there is none.")
        way = Way(**told)
        if way.until < now.timestamp():
            raise BadFlow("Expected to be back sooner; begin again.", code="expired_flow")
        return way

    def check_answer(self, way: Way, answer: Mapping[str, str]) -> str:
        """The code out of the answer that belongs to this way, or BadFlow."""
        if not same(answer.get("state", ""), way.state):
            raise BadFlow(
                "Expected the state of this sign-in, but got another.", code="wrong_state"
            )
        names_itself = self.published.metadata(self.row.issuer).names_itself
        issuer = answer.get("iss", "" if names_itself else self.row.issuer)
        if issuer != self.row.issuer:
            raise BadFlow("Expected the provider that was asked.", code="wrong_issuer")
        code = answer.get("code", "")
        if "error" in answer or not 0 < len(code) <= _LONGEST_CODE:
            raise BadFlow("Expected a code, but the provider proved nobody.", code="denied")
        return code

    def redeem(self, way: Way, code: str, now: datetime) -> tuple[IdToken, str]:
        """Whom the provider has proved, and the token that says so."""
        about = self.published.metadata(self.row.issuer)
        form, headers = self._authenticated(about)
        form |= {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": way.verifier,
        }
        text = self.published.outside.post(about.token_endpoint, form, headers)
        try:
            token = json.loads(text).get("id_token")
        except (ValueError, AttributeError, RecursionError):
            token = None
        if not isinstance(token, str):
            raise BadToken("Expected an ID token, but the provider sent none.", code="not_signed")
        return check_id_token(token, self._keys(about), self.expected, way.nonce, now), token

    def _authenticated(self, about: Metadata) -> tuple[dict[str, str], dict[str, str]]:
        """The client's own proof, as the provider takes it."""
        if self.row.sealed_secret is None:
            return {"client_id": self.row.client_id}, {}
        known = self.open_secret(self.row.sealed_secret)
        if about.auth_methods and "client_secret_basic" not in about.auth_methods:
            return {"client_id": self.row.client_id, "client_secret": known}, {}
        pair = f"{quote(self.row.client_id, safe='')}:{quote(known, safe='')}"
        return {}, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _keys(self, about: Metadata) -> Any:
        return lambda kid: self.published.keys(about, kid)

    # ---- out

    def check_logout(self, text: str, now: datetime) -> LogoutToken:
        about = self.published.metadata(self.row.issuer)
        return check_logout_token(text, self._keys(about), self.expected, now)

    def leaving(self, sealed_token: bytes | None, back: str) -> str | None:
        """Where a person signs out at the provider too; None: it offers nothing of the kind."""
        try:
            address = self.published.metadata(self.row.issuer).end_session_endpoint
        except ProviderSilent:
            return None
        if address is None:
            return None
        query = {"client_id": self.row.client_id, "post_logout_redirect_uri": back}
        token = self.open_token(sealed_token)
        return _with(address, query | ({"id_token_hint": token} if token else {}))

    # ---- what is kept closed

    def found(self, token: IdToken, way: Way, now: datetime) -> str:
        """Whom the provider proved, sealed for a cookie until they confirm who they are here."""
        until = (now + AWAY).timestamp()
        return self._sealed(_FOUND, asdict(Found(token.subject, token.shown, way.session, until)))

    def who(self, cookie: str | None, session: UUID, now: datetime) -> Found:
        told = self._unsealed(_FOUND, cookie or "")
        found = None if told is None else Found(**told)
        if found is None or found.session not in {"", str(session)}:
            raise BadFlow("Expected somebody whom the provider has proved, but there is nobody.")
        if found.until < now.timestamp():
            raise BadFlow("Expected to be back sooner; begin again.", code="expired_flow")
        return found

    def close_token(self, token: str) -> bytes:
        return seal(self.secret, _TOKEN, token.encode(), self.row.id)

    def open_token(self, sealed: bytes | None) -> str:
        """Empty where none was kept, or the installation's secret has changed since."""
        try:
            return unseal(self.secret, _TOKEN, sealed or b"", self.row.id).decode()
        except (ValueError, InvalidTag):
            return ""

    def open_secret(self, sealed: bytes) -> str:
        try:
            return unseal(self.secret, _SECRET, sealed, self.row.id).decode()
        except (ValueError, InvalidTag):
            raise ProviderSilent(
                "Expected the client's secret, but it was sealed under another SARABAN_SECRET;"
                " enter it anew on the page of sign-in."
            ) from None

    def _sealed(self, purpose: str, told: Mapping[str, Any]) -> str:
        text = json.dumps(told).encode()
        return base64.urlsafe_b64encode(seal(self.secret, purpose, text, self.row.id)).decode()

    def _unsealed(self, purpose: str, cookie: str) -> dict[str, Any] | None:
        """None where it is not ours, or another provider's."""
        try:
            raw = base64.urlsafe_b64decode(cookie.encode())
            told: dict[str, Any] = json.loads(unseal(self.secret, purpose, raw, self.row.id))
        except (ValueError, InvalidTag):
            return None
        return told


#: Clients' secrets are kept, the rest lives in cookies and sessions.
SEALED = (Sealed(sign_in_provider.c.sealed_secret, _SECRET, sign_in_provider.c.id),)


def close_secret(installation: bytes, secret: str, provider_id: UUID) -> bytes:
    """A client's secret as it is kept: it opens for this provider alone."""
    return seal(installation, _SECRET, secret.encode(), provider_id)


def _with(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
