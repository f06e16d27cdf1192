"""Polls for which nothing is new, answered before everything else.

Every open inbox asks three times a minute, and nearly always the answer is 304. Who asks, whether
the session holds and what is new for them is one statement here, in one message to PostgreSQL, with
no page around it. Whatever is not plainly unchanged, whoever is not plainly signed in, and whatever
fails takes the long way, which knows all the rest: this one never says anything but 304 — or 503,
where there is no seat. That has to be cheaper than what it spares: an answer from a page's template
costs more than the poll, and a house that begins to turn people away would never come out of it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from flask import Flask, Response, g, request
from psycopg.pq import DiagnosticField, ExecStatus
from sqlalchemy.dialects.postgresql.asyncpg import dialect as numbered
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import visitors
from werkzeug.datastructures import ETags
from werkzeug.http import http_date, parse_cookie, parse_etags

from api import overload, security
from api.auth import TOUCH, cookies
from api.pages.inbox import CACHED, LIVE, live_etag
from api.pages.view import LANGUAGE_COOKIE, language_of
from api.problems import RETRY_AFTER
from api.rest import metrics
from engine import silence
from engine.db import FENCE, UtcDateTime
from engine.queries.views import news_of
from office.accounts import queries
from office.accounts import secrets as tokens
from office.accounts.settings import settings_of

if TYPE_CHECKING:
    from api.bootstrap import System

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

#: Sessions whose agency is remembered, so that the fence stands before the first row is read.
REMEMBERED = 20_000
_NAME = "saraban_poll"
#: SQLSTATE of a name that was not prepared on this connection, or not since a ROLLBACK: the driver
#: then lets all go.
_FORGOTTEN = b"26000"
#: What our own pages ask for; anything else takes the long way.
_QUERY = re.compile(r"(?:seen=([0-9a-f.-]{0,60})&)?view=[a-z]{1,20}")
_BODY = frozenset({"CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"})
#: Writes parameters as $1, as PREPARE takes them.
_NUMBERED: Any = numbered
_TOUCHED = sa.bindparam("touched", type_=UtcDateTime)


@cache
def _statement() -> tuple[str, tuple[str, ...]]:
    """One row for a live session: its language, how many tasks, the newest; and its parameters'
    names in order.
    """
    rows = queries.session_rows()
    reader = sa.select(rows).where(rows.c.kind == "person").cte("reader")
    agency = sa.select(reader.c.agency_id).scalar_subquery()
    me = sa.select(reader.c.username).scalar_subquery()
    number, newest = news_of(agency, me, queries.principals_in(rows))
    may = sa.not_(sa.or_(reader.c.needs_factor, reader.c.must_change, reader.c.must_enrol))
    asked: Any = sa.select(reader.c.language, number, newest).where(
        may, reader.c.seen_at > _TOUCHED
    )
    compiled = visitors.replacement_traverse(asked, {}, _constant).compile(dialect=_NUMBERED())
    return str(compiled), tuple(compiled.positiontup or ())


def _constant(element: Any, **_kw: Any) -> sa.ColumnClause[Any] | None:
    """A value that the statement itself brings along, as text: only those of a poll are given."""
    if not isinstance(element, sa.BindParameter) or element.required:
        return None
    text = str(element.value).replace("'", "''")
    return sa.literal_column(text if isinstance(element.value, int) else f"'{text}'", element.type)


@dataclass(frozen=True, slots=True)
class _Poll:
    """What a poll brings along."""

    token: str
    #: what the page shows
    known: str
    tags: ETags
    #: as chosen by a cookie
    language: str | None


class Unchanged:
    """The layer around the application. `door`: who is answered here takes a seat as well."""

    def __init__(self, system: System, door: overload.Door, further: Wsgi) -> None:
        self._system, self._door, self._further = system, door, further
        self._agencies: dict[bytes, UUID] = {}
        self._remembering = threading.Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        began = perf_counter()
        poll = _poll(environ) if environ["PATH_INFO"] == LIVE else None
        if poll is None:
            return self._further(environ, start)
        if not self._door.enter(overload.has_stood()):
            return self._turned_away(environ, start, began)
        try:
            tag = self._tag(poll)
        finally:
            self._door.leave()
        if tag is None or not poll.tags.contains(tag):
            environ[overload.SINCE_THEN] = perf_counter() - began
            return self._further(environ, start)
        headers = [("ETag", f'"{tag}"'), ("Cache-Control", CACHED), *_headers(environ)]
        start("304 NOT MODIFIED", headers)
        metrics.registry.observe(("GET", LIVE, "304"), perf_counter() - began)
        return ()

    def _turned_away(self, environ: Environ, start: Start, began: float) -> Iterable[bytes]:
        """The page that polls comes again by itself: nobody reads this."""
        text = overload.turned_away(self._system.settings.web_patience).encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(text))),
            ("Retry-After", str(RETRY_AFTER)),
            ("Cache-Control", "no-store"),
            *_headers(environ),
        ]
        start("503 SERVICE UNAVAILABLE", headers)
        metrics.registry.observe(("GET", LIVE, "503"), perf_counter() - began)
        return (text,)

    def remember(self, token: str, agency_id: UUID) -> None:
        """Whose a session is: it never becomes another agency's."""
        key = _key(token)
        with self._remembering:
            if len(self._agencies) >= REMEMBERED and key not in self._agencies:
                del self._agencies[next(iter(self._agencies))]
            self._agencies[key] = agency_id

    def _tag(self, poll: _Poll) -> str | None:
        agency = self._agencies.get(_key(poll.token))
        if agency is None:
            return None
        try:
            found = self._ask(agency, poll.token, self._system.services.clock.now())
        except (SQLAlchemyError, psycopg.Error):  # the second, where nobody puts it into the first
            return None
        if found is None:
            return None
        language, number, newest = found
        spoken = language_of(poll.language, language)
        return live_etag(f"{number}.{newest}", poll.known, spoken)

    def _ask(self, agency: UUID, token: str, now: datetime) -> tuple[str, str, str] | None:
        values = {
            "hash": tokens.sha256(token),
            "at": now.isoformat(),
            "awake": (now - settings_of(self._system.services).idle).isoformat(),
            "touched": (now - TOUCH).isoformat(),
        }
        # A hash, moments and an id of ours: nothing in it was chosen by who asks.
        given = ", ".join(f"'{values[name]}'" for name in _statement()[1])
        asked = f"SET LOCAL {FENCE} = '{agency}'; EXECUTE {_NAME}({given})".encode()
        line = self._system.engine.raw_connection()
        try:
            # Straight to libpq, in one message and so in one transaction, which ends with it.
            server: Any = line.driver_connection.pgconn  # type: ignore[union-attr]
            with silence.waiting_on(self._system.engine, line.driver_connection):
                answer = server.exec_(asked)
                if answer.error_field(DiagnosticField.SQLSTATE) == _FORGOTTEN:
                    server.exec_(f"PREPARE {_NAME} AS {_statement()[0]}".encode())
                    answer = server.exec_(asked)
        finally:
            line.close()
        if answer.status != ExecStatus.TUPLES_OK or answer.ntuples != 1:
            return None
        language, number, newest = (answer.get_value(0, n) or b"" for n in range(3))
        return language.decode(), number.decode(), newest.decode()


def init_app(app: Flask) -> None:
    """For PostgreSQL: SQLite is asked in this process, and knows neither LATERAL nor PREPARE."""
    system: System = app.extensions["saraban"]
    if system.engine.dialect.name != "postgresql":
        return
    layer: Any = Unchanged(system, overload.door_of(app), app.wsgi_app)
    app.wsgi_app = layer  # type: ignore[method-assign] # Flask's documented way

    def remember(response: Response) -> Response:
        session = g.get("session")
        if request.path == LIVE and session is not None:
            layer.remember(request.cookies[cookies.name()], session.agency_id)
        return response

    app.after_request(remember)


def _key(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _poll(environ: Environ) -> _Poll | None:
    """The request as a poll of ours by a browser that has an answer already; else None."""
    query = _QUERY.fullmatch(environ.get("QUERY_STRING", ""))
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if environ["REQUEST_METHOD"] != "GET" or query is None or tags is None:
        return None
    if "HTTP_AUTHORIZATION" in environ or any(environ.get(name, "0") != "0" for name in _BODY):
        return None
    given = parse_cookie(environ)
    token = given.get(cookies.name_if(secure=_is_secure(environ)))
    if token is None:
        return None
    return _Poll(token, query[1] or "", parse_etags(tags), given.get(LANGUAGE_COOKIE))


def _is_secure(environ: Environ) -> bool:
    return bool(environ["wsgi.url_scheme"] == "https")


def _headers(environ: Environ) -> list[tuple[str, str]]:
    """Those that every answer of the long way has."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return [
        ("Date", http_date()),
        ("X-Request-Id", security.request_name(given)),
        *_EVERY,
        *(security.TRANSPORT if _is_secure(environ) else ()),
    ]


_EVERY = (
    ("Vary", ", ".join(security.VARIES)),
    ("Content-Security-Policy", security.STRICT),
    *security.HEADERS.items(),
)
