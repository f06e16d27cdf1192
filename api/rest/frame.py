"""What every REST call stands on: one declaration says what it takes, gives and needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from flask import Response, current_app, g, request
from flask_smorest import Blueprint  # type: ignore[import-untyped] # ships no types
from marshmallow import RAISE, Schema
from sqlalchemy import Connection
from webargs import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from api.auth import demand_scope, require_actor
from api.idempotency import command_id
from api.problems import Malformed, MissingPrecondition
from engine import jsonio
from engine.bus import Answer
from engine.db import reading
from engine.errors import FieldError, Invalid, ReadOnly

if TYPE_CHECKING:
    from api.bootstrap import System

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[..., Any]

_ETAG = re.compile(r'(?:W/)?"([^"]*)"')


class ExactParser(FlaskParser):
    """Request input with exact numbers; properties that are not declared are refused."""

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE, "form": RAISE,
    }  # fmt: skip

    def _raw_load_json(self, req: Any) -> Any:
        return load_json() if req.get_data() else missing


def load_json() -> Any:
    """The request's body as JSON: 415 for another media type, 400 for what cannot be read."""
    if not request.is_json:
        raise UnsupportedMediaType("Expected a body of the type application/json.")
    try:
        return jsonio.loads(request.get_data())
    except ValueError as wrong:
        raise Malformed(f"Expected JSON, but {wrong}.") from None


@dataclass(frozen=True, slots=True)
class Tagged:
    """An answer with the version it stands for: it becomes the ETag."""

    body: Any
    version: object


@dataclass(frozen=True, slots=True)
class Call:
    """What one call declares. The OpenAPI document and the frame's checks both come from it."""

    #: name in api.rest.answers of what it gives; None: no JSON (the view makes the response)
    gives: Any
    status: int = 200
    #: further good answers: status to what it gives
    also: Mapping[int, Any] = field(default_factory=dict)
    #: scope that an API token needs
    scope: str = "read"
    #: media type of an answer or a body that is not JSON
    media: str = "application/json"
    body_media: str | None = None
    #: name of the field that carries the file or files, and of text fields beside it
    files: str = "file"
    texts: tuple[str, ...] = ()
    #: carries an ETag; changes demand If-Match
    tagged: bool = False
    guarded: bool = False
    public: bool = False
    #: so many in an hour or at once: may answer 429
    limited: bool = False
    #: asks for what comes of something that may have faults yet: may answer 422
    unready: bool = False
    #: a POST that only asks
    asks: bool = False

    def changes(self, method: str) -> bool:
        return method.upper() != "GET" and not self.asks


class Resource(Blueprint):  # type: ignore[misc] # flask_smorest ships no types
    """A blueprint of calls. `@resource.get("/<id>", gives=Thing)` is all that a call says."""

    ARGUMENTS_PARSER = ExactParser()

    def get(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self.call("GET", rule, **declared)

    def post(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self.call("POST", rule, **{"scope": "write", **declared})

    def put(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self.call("PUT", rule, **{"scope": "write", **declared})

    def delete(self, rule: str, **declared: Any) -> Callable[[View], View]:
        return self.call("DELETE", rule, **{"scope": "write", **declared})

    def call(
        self,
        method: str,
        rule: str,
        *,
        takes: type[Schema] | None = None,
        query: type[Schema] | None = None,
        max_body: int | None = None,
        **declared: Any,
    ) -> Callable[[View], View]:
        """Register a view. It gets path parts, then the query, then the body (as mappings)."""
        call = Call(**declared)

        def decorate(view: View) -> View:
            wrapped: View = _framed(view, call)
            # Instances: of a class, webargs would build a schema with every request.
            if takes is not None:
                wrapped = self.arguments(takes(), location="json")(wrapped)
            if query is not None:
                wrapped = self.arguments(query(), location="query")(wrapped)
            if call.body_media is not None:
                wrapped = _closed(wrapped, call)
            wrapped = _guarded(wrapped, call)
            if max_body is not None:
                wrapped.max_body = max_body  # type: ignore[attr-defined] # read by api.security
            wrapped.call = call  # type: ignore[attr-defined] # read by api.rest.openapi
            self.route(rule, methods=[method])(wrapped)
            return view

        return decorate


def _guarded(view: View, call: Call) -> View:
    """Who asks, and with what scope, is settled before any input is looked at."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not call.public:
            actor = require_actor()
            demand_scope(actor, call.scope)
            if actor.reads_only and call.changes(request.method):
                raise ReadOnly(actor.username)
        return view(*args, **kwargs)

    return guarded


def _closed(view: View, call: Call) -> View:
    """A multipart body has the fields that are declared, and no others: a misspelt one would be
    left out in silence.
    """
    known = {call.files, *call.texts}

    @wraps(view)
    def closed(*args: Any, **kwargs: Any) -> Any:
        if request.mimetype == "multipart/form-data":
            more = sorted({*request.form, *request.files} - known)
            if more:
                expected = (
                    f"Expected the fields {', '.join(sorted(known))}, but got {more[0]!r:.80}."
                )
                raise Invalid(
                    expected, [FieldError(name, "Unknown field.", "unknown") for name in more]
                )
        return view(*args, **kwargs)

    return closed


def _framed(view: View, call: Call) -> View:
    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> Response:
        return _respond(view(*args, **kwargs), call.status)

    return framed


def _respond(result: Any, status: int) -> Response:
    if isinstance(result, Response):
        return result
    if isinstance(result, tuple):
        result, status = result
    tag = etag(result.version) if isinstance(result, Tagged) else None
    body = result.body if isinstance(result, Tagged) else result
    response = Response(jsonio.dumps(body), status, content_type="application/json")
    if tag is not None:
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-cache"
        response.make_conditional(request)
    return response


def with_version(body: Any, version: str) -> Tagged:
    """A body whose ETag begins with the version of what a change is about: other parts of the
    body change the tag too, but not whether If-Match fits.
    """
    return Tagged(body, f"{version}.{sha256(jsonio.dumps(body).encode()).hexdigest()[:12]}")


def version_read() -> str:
    """The version out of If-Match, as `with_version` put it in; 428 without it."""
    return expected_version().partition(".")[0]


def etag(version: object) -> str:
    return str(version).replace('"', "")


def expected_version() -> str:
    """The version that If-Match names; 428 without it. The command compares it, in its lock."""
    given = request.headers.get("If-Match")
    if given is None:
        raise MissingPrecondition(
            "Expected If-Match with the ETag that was read, but it is missing."
            " Read the resource, then send its ETag."
        )
    found = _ETAG.fullmatch(given.strip())
    return found[1] if found else ""


def revision_read() -> int:
    """The revision out of If-Match, where an ETag is a count; 428 without it, 0 for any other."""
    given = expected_version()
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def system() -> System:
    return cast("System", current_app.extensions["saraban"])


def execute(command: Any) -> Answer:
    """Carry out one command for the caller, once for each Idempotency-Key."""
    return system().bus.execute(command, g.actor, command_id(g.actor))


def read(query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer of one query, on one connection, in one snapshot."""
    with reading(system().engine, g.actor.fence) as db:
        return query(db, *args, **kwargs)
