"""What every answer and every change must fulfil: headers, forged requests, sizes, clean text."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from api.problems import Malformed
from engine.errors import Forbidden, TooLarge
from engine.ids import new_id

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Bodies without files. A view that takes more says so in `max_body` (bytes).
MAX_BODY = 1 << 20
#: How much of a refused body is read and thrown away.
MOST_LET_BY = 128 << 20
_CHUNK = 64 << 10
#: Answers that are given before the body is read.
_UNREAD = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.TOO_MANY_REQUESTS}

#: No inline script or style anywhere. A view may add sources in `g.csp`.
CSP: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

#: Of answers over TLS.
TRANSPORT = (("Strict-Transport-Security", "max-age=31536000"),)
#: What an answer that is nobody's file depends on.
VARIES = ("Cookie", "Authorization")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def request_name(given: str) -> str:
    """The name of a request: the one that the proxy before us gave, or a new one."""
    return given if _REQUEST_ID.fullmatch(given) else str(new_id())


def init_app(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY
    app.config["MAX_FORM_PARTS"] = 500
    app.before_request(_limit_body)
    app.before_request(_refuse_nul)
    app.before_request(_refuse_forged)
    app.before_request(_refuse_nul_in_form)
    app.after_request(_headers)
    app.after_request(_let_finish)
    app.jinja_env.globals["csrf_token"] = csrf_token


def _limit_body() -> None:
    """Too long a body is refused by its announced length, before a byte of it is read."""
    view = current_app.view_functions.get(request.endpoint or "")
    limit = getattr(getattr(view, "view_class", view), "max_body", MAX_BODY)
    request.max_content_length = limit
    request.max_form_memory_size = getattr(view, "max_text", MAX_BODY)
    size = request.content_length or 0
    if size > limit:
        message = f"Expected at most {limit:,} bytes, but got {size:,}."
        raise TooLarge(message, size=size, most=limit)


def _let_finish(response: Response) -> Response:
    """Whoever still sends does not read: what is left of a refused body is let by, up to a bound,
    or the connection would break before the answer is seen.
    """
    body, left = request.environ["wsgi.input"], MOST_LET_BY
    if response.status_code in _UNREAD:
        while left > 0 and (chunk := body.read(min(left, _CHUNK))):
            left -= len(chunk)
    return response


def _refuse_nul() -> None:
    """No text of ours holds U+0000, and PostgreSQL could not keep it."""
    texts = [request.path, *request.args, *request.args.values()]
    if any("\0" in text for text in texts):
        raise Malformed("Expected text, but found U+0000 in the address.")
    if request.is_json and _ESCAPED_NUL.search(request.get_data()):
        raise Malformed("Expected text, but found U+0000 in the body.")


def _refuse_nul_in_form() -> None:
    """The same for a form's fields, once it is known who sent them."""
    if request.method in SAFE or g.get("actor") is None or request.is_json:
        return
    # A part with a broken name comes without one: None.
    if any("\0" in (text or "") for pair in request.form.items(multi=True) for text in pair):
        raise Malformed("Expected text, but found U+0000 in the form.")


def csrf_token() -> str:
    """The token that this session's forms post back as `csrf_token` (or X-CSRF-Token)."""
    session = g.get("session")
    if session is None:
        return ""
    secret = current_app.extensions["saraban"].settings.secret
    return hmac.new(
        secret.encode(), f"csrf:{session.session_id}".encode(), hashlib.sha256
    ).hexdigest()


def _refuse_forged() -> None:
    """A change that rides on a cookie comes from our own pages: by origin, and by token."""
    if request.method in SAFE or g.get("bearer"):
        return
    if not _same_origin():
        raise Forbidden("Expected a request from our own pages, but it is from another site.",
                        code="csrf")  # fmt: skip
    if g.get("session") is None:
        return  # nobody is signed in: nothing to ride on
    given = request.headers.get("X-CSRF-Token") or request.headers.get("X-CSRFToken")
    given = given or (request.form.get("csrf_token", "") if not request.is_json else "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise Forbidden("Expected the form's token, but it is missing or old. Load the page anew.",
                        code="csrf")  # fmt: skip


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _policy(more: Mapping[str, str]) -> str:
    policy = {**CSP, **more}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


STRICT = _policy({})


def _headers(response: Response) -> Response:
    """Those that the view has not said itself, looked through once and not anew for each."""
    said = {name.lower() for name, _ in response.headers}
    wanted = [
        *HEADERS.items(),
        ("Content-Security-Policy", _policy(g.csp) if "csp" in g else STRICT),
    ]
    if request.is_secure:
        wanted += TRANSPORT
    if request.endpoint != "static":
        wanted.append(("Cache-Control", "no-store"))
        response.vary.update(VARIES)
    response.headers.extend([one for one in wanted if one[0].lower() not in said])
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response
