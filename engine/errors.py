"""The three kinds of bad news: rejection (the caller's fault), incident (the process is
stuck, an operator can mend it) and bug (any other exception).

Messages read "Expected …, but …" and say what to do. Only `api.problems` turns them into HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one input. `path` is the field's name, dotted for nested data."""

    path: str
    message: str
    code: str = "invalid"


@dataclass(frozen=True, slots=True)
class Problem:
    """One located finding in a deployed file.

    `line` counts from 1 (0 where the whole file is meant); `mend` says what to do.
    `severity` is "error" (nothing is deployed) or "warning". `outside`: what of the agency's own
    set-up it is mended at, as kind:name, such as role:clerk; empty where it is the file.
    """

    file: str
    line: int
    element: str | None
    attribute: str | None
    code: str
    message: str
    mend: str
    severity: str = "error"
    outside: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line} {self.element or ''}".rstrip()
        return f"{where}: {self.message} {self.mend}".rstrip()


class Rejected(Exception):
    """Expected a request that the present state allows, but it does not.

    `code` is stable and machine-readable; the text is for people.
    """

    code = "rejected"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class NotFound(Rejected):
    """The thing does not exist, or belongs to another agency: both look the same."""

    code = "not_found"


class Forbidden(Rejected):
    """The actor is known but has no right to this."""

    code = "forbidden"


class ReadOnly(Forbidden):
    """The actor's role lets them look, and change nothing."""

    code = "read_only"

    def __init__(self, username: str) -> None:
        super().__init__(
            f"Expected someone who may change things, but {username} has a role that only reads."
            " Ask whoever has the task."
        )


class Conflict(Rejected):
    """The state of the thing forbids the request (HTTP 409)."""

    code = "rejected"


class Stale(Rejected):
    """The caller's version is not the present one (HTTP 412)."""

    code = "stale"


class Invalid(Rejected):
    """The input is wrong; `errors` names each field (HTTP 422)."""

    code = "invalid"

    def __init__(
        self, message: str, errors: Sequence[FieldError] = (), *, code: str | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.errors = tuple(errors)


class TooLarge(Rejected):
    """The upload or text is over its cap (HTTP 413). `size` and `most` in bytes and the file's
    `name` where they are known: pages say them.
    """

    code = "too_large"

    def __init__(
        self, message: str, *, size: int | None = None, most: int | None = None, name: str = ""
    ) -> None:
        super().__init__(message)
        self.size, self.most, self.name = size, most, name


class TooMany(Rejected):
    """The caller asked too often; `retry_after` is in seconds (HTTP 429)."""

    code = "too_many"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Rejected):
    """Something outside (database, device, timestamp authority) does not answer now (503)."""

    code = "unavailable"


class DeploymentRefused(Invalid):
    """Nothing was deployed: at least one of `problems` is an error (HTTP 422)."""

    code = "deployment_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = next((p for p in problems if p.severity == "error"), None)
        super().__init__(
            f"Expected a deployment without errors, but found {len(problems)}; the first: {first}"
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a token is stuck: what an incident shows to an operator."""

    code: str
    message: str
    element_id: str
    detail: dict[str, str] = field(default_factory=dict)


class DefinitionInUse(Conflict):
    """Something refers to the version, so it is not deleted; `claims` counts each kind (409)."""

    code = "definition_in_use"

    def __init__(self, key: str, version: int, claims: Mapping[str, int]) -> None:
        counted = ", ".join(f"{number} {name}" for name, number in claims.items())
        super().__init__(
            f"Expected nothing to refer to version {version} of {key!r:.80}, but there are"
            f" {counted}. Discard its drafts and chains, and delete what calls it, first; a version"
            " with instances stays withdrawn."
        )
        self.claims = dict(claims)


class MigrationRefused(Conflict):
    """The other version has no place for at least one token: nothing was changed (HTTP 409)."""

    code = "migration_refused"

    def __init__(self, reasons: Sequence[Cause]) -> None:
        super().__init__(
            "Expected a place in the other version for every token, but"
            f" {len(reasons)} have none; the first: {reasons[0].message}"
        )
        self.reasons = tuple(reasons)
