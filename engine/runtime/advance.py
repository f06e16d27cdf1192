"""The verbs: each takes a stored state, moves the instance on, and answers everything it changed.

They are pure: no database, no network, no clock. An unexpected exception is a bug, and nothing
has changed; what a process does wrong (a script, a condition, a limit) is a StuckToken in the
answer, while the other tokens went on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.runtime.bundle import Bundle
from engine.runtime.values import Advance, Scope, Surroundings, Token

Variables = Mapping[str, Any]
Scopes = Mapping[Scope, Variables]


def start(
    bundle: Bundle,
    process_id: str,
    variables: Variables,
    around: Surroundings,
    message: str | None = None,
) -> Advance:
    """A new instance. `message` names the message that starts it, if one does."""
    raise NotImplementedError


def complete_task(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    outcome: str | None,
    around: Surroundings,
) -> Advance:
    """A person's task is done. TokenGone where the token is not an open task."""
    raise NotImplementedError


def complete_job(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """Machine work is done; `variables` go to the action's result variable, or as they are."""
    raise NotImplementedError


def throw_error(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    error_code: str,
    message: str,
    around: Surroundings,
) -> Advance | None:
    """A job failed with a BPMN error. None where no error event catches it: raise an incident."""
    raise NotImplementedError


def fire_timer(
    bundle: Bundle, state: bytes, scopes: Scopes, token: Token, around: Surroundings
) -> Advance:
    """A due timer fires. A cycle answers the next occurrence as a new SetTimer of the token."""
    raise NotImplementedError


def correlate(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    token: Token,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """A message or signal reaches the subscription of this token, with its variables."""
    raise NotImplementedError


def retry(
    bundle: Bundle, state: bytes, scopes: Scopes, token: Token, around: Surroundings
) -> Advance:
    """Try again what a stuck token could not do."""
    raise NotImplementedError


def set_variables(
    bundle: Bundle,
    state: bytes,
    scopes: Scopes,
    scope: Scope,
    variables: Variables,
    around: Surroundings,
) -> Advance:
    """Change variables from outside; conditional events look again."""
    raise NotImplementedError
