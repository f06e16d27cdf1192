"""For which site the passkeys of a request are, and the questions of a signer's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import current_app, g, request

from engine.errors import Conflict
from office.accounts import passkeys
from office.accounts.party import Party, party_of
from office.documents import certifying
from office.documents.proving import bound_to_letter

if TYPE_CHECKING:
    from api.bootstrap import System


def here() -> Party | None:
    """None: this address knows no passkeys."""
    return party_of(_system().settings.public_url, request.host_url)


def demanded() -> Party:
    found = here()
    if found is None:
        raise Conflict(
            "Expected pages under a host name and TLS, but passkeys work for no other address;"
            " use a code from an app.",
            code="no_passkeys_here",
        )
    return found


def ask_signer(task_id: UUID, seen: str | None) -> dict[str, Any]:
    """The question for a signature of this letter, as it was shown."""
    party, bus = demanded(), _system().bus
    bound = bound_to_letter(bus, g.actor, task_id, seen)
    return passkeys.ask(bus, g.actor, party, passkeys.SIGN, request.remote_addr or "", bound)


def ask_certifier(document_id: UUID, post: str | None, seen: str | None) -> dict[str, Any]:
    """The question for certifying a copy of this document in this post, as it was shown."""
    party, bus = demanded(), _system().bus
    bound = certifying.bound(bus, g.actor, document_id, post, seen)
    return passkeys.ask(bus, g.actor, party, passkeys.SIGN, request.remote_addr or "", bound)


def _system() -> System:
    return cast("System", current_app.extensions["saraban"])
