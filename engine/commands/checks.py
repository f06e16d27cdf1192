"""Checks of input that several commands share, each naming the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.actor import Actor
from engine.db import storable
from engine.errors import FieldError, Forbidden, Invalid, TooLarge
from engine.feel import FeelError
from engine.models import packing

#: Longest comment or reason, in characters.
MAX_TEXT = 10_000
#: Longest key or name, in characters.
MAX_NAME = 200
#: Largest set of variables of one process, in characters of JSON.
MAX_VARIABLES = 1_000_000


def demand(actor: Actor, *rights: str) -> None:
    """Let pass whoever has one of the rights; the system may everything."""
    if not actor.is_system and not any(actor.may(right) for right in rights):
        raise Forbidden(
            f"Expected the right {' or '.join(rights)}, but {actor.username} does not have it."
        )


def text(value: str | None, field: str, *, required: bool = True, limit: int = MAX_TEXT) -> str:
    """`value` trimmed; an empty one is refused where it is required."""
    clean = storable(value or "").strip()
    if required and not clean:
        raise refused(field, "required", f"Expected {field}, but it is empty.")
    if len(clean) > limit:
        raise refused(
            field,
            "too_long",
            f"Expected {field} of at most {limit} characters, but it has {len(clean)}.",
        )
    return clean


def refused(field: str, code: str, message: str) -> Invalid:
    """One field is wrong."""
    return Invalid(message, [FieldError(field, message, code)])


def variables(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Names are text, and all together they are not too large."""
    for name in values:
        if not name or len(name) > MAX_NAME:
            raise refused("variables", "bad_name", f"Expected a name, but got {name!r:.80}.")
    try:
        size = len(packing.dumps(values))
    except FeelError as unfit:
        raise refused("variables", "unfit", str(unfit)) from None
    if size > MAX_VARIABLES:
        raise TooLarge(
            f"Expected variables of at most {MAX_VARIABLES} characters of JSON, but got {size}."
            " Keep large things as files and refer to them."
        )
    return values
