"""The authority of this process, answering RFC 3161 requests over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from signing.timestamp.client import REPLY
from signing.timestamp.local import LocalTimestamps

_MOST_REQUEST = 4096


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
    return "200 OK", REPLY, authority.answer(environ["wsgi.input"].read(length))
