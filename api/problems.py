"""Bad news over HTTP: one table from error to status, as problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import errno
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from engine import errors, jsonio

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
#: Seconds after which whoever could not be served comes again.
RETRY_AFTER = 5


class Unauthenticated(errors.Rejected):
    """Expected a signed-in session or an API token that holds, but there is none (HTTP 401)."""

    code = "unauthenticated"


class Overloaded(errors.Unavailable):
    """Every thread or connection was busy for as long as a request waits (HTTP 503)."""

    code = "overloaded"


class Malformed(errors.Rejected):
    """Expected a request that can be read, but it cannot (HTTP 400)."""

    code = "malformed"


class MissingPrecondition(errors.Rejected):
    """Expected If-Match with the ETag that was read, but it is missing (HTTP 428)."""

    code = "precondition_required"


#: The one table. The nearest class in an error's ancestry decides.
STATUS: Mapping[type[errors.Rejected], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.TooLarge: 413,
    errors.Invalid: 422,
    MissingPrecondition: 428,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    errors.Rejected: 409,
}

#: Codes that say more than their class: who is not proved is not in conflict.
STATUS_BY_CODE: Mapping[str, int] = {
    "bad_credentials": 401,
    "demo_secret": 403,
    "wrong_pin": 403,
    "wrong_code": 403,
    "wrong_passkey": 403,
    "authorization_method": 403,
    "no_authority": 403,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, as it leaves the house. `code` is stable, `detail` is for people."""

    status: int
    code: str
    detail: str
    errors: Sequence[Mapping[str, Any]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    #: the rejection itself, where there was one: pages choose their words by it
    error: Exception | None = None

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    def as_json(self) -> dict[str, Any]:
        """RFC 9457. Every 409 has the code `rejected`, as callers rely on; `reason` says why."""
        rejected = self.status == HTTPStatus.CONFLICT
        body: dict[str, Any] = {
            "type": f"urn:saraban:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": errors.Rejected.code if rejected else self.code,
            "instance": f"urn:saraban:request:{g.get('request_id', '')}",
        }
        if rejected:
            body["reason"] = self.code
        if self.errors:
            body["errors"] = list(self.errors)
        return body


def of_rejection(error: errors.Rejected) -> Problem:
    by_class = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    status = STATUS_BY_CODE.get(error.code, by_class)
    return Problem(
        status=status,
        code=error.code,
        detail=error.message,
        errors=_errors(error),
        headers=_headers(error),
        error=error,
    )


def _errors(error: errors.Rejected) -> list[dict[str, Any]]:
    if isinstance(error, errors.DeploymentRefused):
        return [asdict(problem) for problem in error.problems]
    if isinstance(error, errors.Invalid):
        # str(): a form's message is text that remembers its key (forms.messages.Message)
        return [
            {"field": e.path, "message": str(e.message), "code": getattr(e.message, "key", e.code)}
            for e in error.errors
        ]
    if isinstance(error, errors.DefinitionInUse):
        return [
            {"field": name, "message": str(number), "code": "in_use"}
            for name, number in error.claims.items()
        ]
    if isinstance(error, errors.MigrationRefused):
        return [
            {"element": cause.element_id, "code": cause.code, "message": cause.message}
            for cause in error.reasons
        ]
    return []


def _headers(error: errors.Rejected) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="saraban"'}
    if isinstance(error, errors.TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": str(RETRY_AFTER)}
    return {}


def of_http(error: HTTPException) -> Problem:
    """A refusal by Flask, werkzeug or webargs. The 405's Allow header stays (RFC 9110)."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    kept = {
        name: value
        for name, value in error.get_headers(request.environ)
        if name.lower() in {"allow", "retry-after", "www-authenticate", "location", "content-range"}
    }
    messages = getattr(error, "data", {}).get("messages")
    return Problem(
        status=status,
        code="invalid" if messages else HTTPStatus(status).phrase.lower().replace(" ", "_"),
        detail="Expected other input; see errors." if messages else str(error.description or ""),
        errors=list(_flatten(messages)) if messages else (),
        headers=kept,
        error=error,
    )


def _flatten(messages: Any, path: str = "") -> list[dict[str, str]]:
    """Marshmallow's nested messages as one list; the first level is where the input came from."""
    if isinstance(messages, Mapping):
        top = {"json", "query", "form", "files", "headers", "json_or_form"}
        return [
            found
            for key, inner in messages.items()
            for found in _flatten(
                inner, path if not path and key in top else f"{path}.{key}".lstrip(".")
            )
        ]
    texts = messages if isinstance(messages, list) else [messages]
    return [{"field": path, "message": str(text), "code": "invalid"} for text in texts]


#: Who is refused for lack of proof or right is written down (ASVS 16.3.2); others are not.
DENIED = frozenset({401, 403})


def answer(problem: Problem) -> Response:
    """The problem as this caller wants it: JSON under /api and for probes, else a page."""
    if problem.status in DENIED:
        _log_denial(problem)
    if wants_json():
        response = Response(
            jsonio.dumps(problem.as_json()), problem.status, content_type=MEDIA_TYPE
        )
    else:
        from api.pages import errors as pages

        response = pages.page(problem)
    response.headers.extend(problem.headers)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _log_denial(problem: Problem) -> None:
    """By id and route: neither names nor what was sent. The route is ours, so no line is forged."""
    actor = g.get("actor")
    log.info(
        "Denied %s: %s %s to %s [%s]",
        problem.code,
        request.method if request.url_rule else "a request",
        request.url_rule,
        actor.person_id if actor else "nobody",
        g.get("request_id"),
    )


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.path in {"/healthz", "/readyz", "/metrics"}


def init_app(app: Flask) -> None:
    app.register_error_handler(errors.Rejected, lambda error: answer(of_rejection(error)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(PoolTimeout, _overloaded)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(Exception, _bug)


def _http(error: HTTPException) -> Response:
    if (
        error.response is not None
        and error.code is not None
        and error.code < HTTPStatus.BAD_REQUEST
    ):
        return error.get_response()  # type: ignore[return-value] # a redirect is no problem
    return answer(of_http(error))


def _database(error: Exception) -> Response:
    log.error("The database did not answer: %s", error, extra={"request_id": g.get("request_id")})
    return answer(
        of_rejection(
            errors.Unavailable("Expected the database to answer, but it did not. Try again.")
        )
    )


def _overloaded(error: Exception) -> Response:
    log.error("Every connection was in use: %s", error, extra={"request_id": g.get("request_id")})
    return answer(
        of_rejection(Overloaded("Expected a free connection, but all are in use. Try again."))
    )


def _disk(error: OSError) -> Response:
    """No room for a file or for the number journal: whoever operates makes some."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _bug(error)
    # its words: whoever keeps log records must not keep a half-read upload with its traceback
    log.error("No room on the disk: %s", str(error), extra={"request_id": g.get("request_id")})
    return answer(
        of_rejection(
            errors.Unavailable(
                "Expected room on the disk, but it is full; nothing was kept. Tell whoever operates"
                " the system, and try again later."
            )
        )
    )


def _bug(error: Exception) -> Response:
    """Anything else is a mistake of ours: raised in tests, told without details otherwise."""
    from flask import current_app

    if current_app.testing or current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    log.error("Unexpected error", exc_info=error, extra={"request_id": g.get("request_id")})
    return answer(
        Problem(500, "internal", "Expected to answer, but failed. The request's id is in the log.")
    )
