"""A small OpenID Connect provider on loopback: real HTTP, real keys, one use for each code.

It behaves; what a test wants it to do wrong, it does with `twist` (claims and header before they
are signed) or `forge` (the whole token).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Provider:
    """`user`: who is signed in here. `now`: the clock by which tokens are written."""

    now: Callable[[], float] = time.time
    client_id: str = "saraban"
    client_secret: str = "the client's own secret"
    user: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1", "name": "ทศพล"})
    algorithm: str = "RS256"
    twist: Callable[[dict[str, Any], dict[str, Any]], None] | None = None
    forge: Callable[[dict[str, Any]], str] | None = None
    described: dict[str, Any] = field(default_factory=dict)
    #: what was asked of it: method and path
    asked: list[str] = field(default_factory=list)
    status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        self.rotate()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/realm"

    def rotate(self) -> None:
        """New keys; the old ones are published no more."""
        name = secrets.token_hex(4)
        self.keys = {
            "RS256": RSAKey.generate_key(2048, {"kid": f"r{name}"}),
            "ES256": ECKey.generate_key("P-256", {"kid": f"e{name}"}),
        }
        self.keys["PS256"] = self.keys["RS256"]

    def published_keys(self) -> dict[str, Any]:
        public = [self.keys[name].as_dict(private=False) for name in ("RS256", "ES256")]
        return {"keys": [{**key, "use": "sig"} for key in public]}

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            **self.described,
        }

    # ---- what it signs

    def sign(self, claims: dict[str, Any], typ: str = "JWT") -> str:
        key = self.keys[self.algorithm]
        header = {"alg": self.algorithm, "kid": key.kid, "typ": typ}
        if self.twist:
            self.twist(claims, header)
        if self.forge:
            return self.forge(claims)
        return jws.serialize_compact(header, json.dumps(claims), key, algorithms=[self.algorithm])

    def id_token(self, nonce: str) -> str:
        now = int(self.now())
        claims = {
            "iss": self.issuer, "aud": self.client_id, "exp": now + 300, "iat": now,
            "nonce": nonce, "sid": f"s-{self.user['sub']}", **self.user,
        }  # fmt: skip
        return self.sign(claims)

    def logout_token(self, **changed: Any) -> str:
        now = int(self.now())
        claims = {
            "iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 120,
            "jti": secrets.token_hex(8), "sub": self.user["sub"], "events": {LOGOUT: {}}, **changed,
        }  # fmt: skip
        return self.sign({k: v for k, v in claims.items() if v is not None}, "logout+jwt")

    # ---- what it answers

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes: back, with a code for whoever is signed in here."""
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        pair = f"{self.client_id}:{self.client_secret}"
        given = unquote(base64.b64decode(authorization.removeprefix("Basic ")).decode())
        asked = self.codes.pop(form.get("code", ""), None)
        if given != pair or asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        token = self.id_token(asked["nonce"])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_told: Any) -> None:
            return

        def _json(self, status: int, body: Any) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(f"GET {parts.path}")
            if provider.status != 200:
                self._json(provider.status, {})
            elif parts.path.endswith("/openid-configuration"):
                self._json(200, provider.describe())
            elif parts.path.endswith("/keys"):
                self._json(200, provider.published_keys())
            elif parts.path.endswith("/authorize"):
                self.send_response(302)
                asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
                self.send_header("Location", provider.authorize(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self._json(404, {})

        def do_POST(self) -> None:
            provider.asked.append(f"POST {self.path}")
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {k: v[0] for k, v in parse_qs(text).items()}
            authorization = self.headers.get("Authorization", "")
            self._json(*provider.token(form, authorization))

    return Handler
