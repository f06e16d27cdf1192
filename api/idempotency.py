"""From an Idempotency-Key to the id of the command that the bus keeps with its answer."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

from flask import request

from engine.actor import Actor
from engine.errors import FieldError, Invalid

#: Keys are named within this: ids from keys never meet ids of other origin.
NAMESPACE = UUID("6f1a5c2e-9d3b-5e47-8a60-73b1c4d2e8f9")
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def command_id(actor: Actor) -> UUID | None:
    """The id for this request's command; None without a key (the bus then makes one).

    The bus compares commands: a key used again for another body or another call is refused (422).
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Invalid(
            "Expected an Idempotency-Key of 1 to 200 visible ASCII characters, but got another.",
            [FieldError("Idempotency-Key", "not 1 to 200 visible ASCII characters")],
        )
    return for_key(actor, key)


def for_key(actor: Actor, key: str) -> UUID:
    """The same key of the same actor always means the same command, and no one else's."""
    return uuid5(NAMESPACE, f"{actor.agency_id}\n{actor.username}\n{key}")
