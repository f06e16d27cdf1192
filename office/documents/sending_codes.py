"""Having a remote signing service send its owner the one-time code that it will ask for."""

from __future__ import annotations

from engine.actor import Actor
from engine.bus import Bus
from engine.db import reading
from engine.errors import Conflict
from office.accounts import targets
from office.accounts.commands.guards import AdmitAttempt
from office.documents import errors, finishing
from office.documents.keys import closed_key, key_in_force
from office.documents.ports import Desk
from office.documents.trust import trusted
from signing.errors import RemoteUnavailable
from signing.remote import RemoteKey


def send_code(bus: Bus, actor: Actor, desk: Desk, ip: str) -> None:
    """Ask the service that keeps the actor's key in force. Messages cost money and patience: as
    many are sent in a minute as guesses are taken (TooMany). Conflict (no_code_to_send) where the
    service sends none; Unavailable where it does not answer.
    """
    now = bus.services.clock.now()
    with reading(bus.engine, actor.fence) as db:
        row = key_in_force(db, actor, now)
        trust = trusted(db, actor.agency_id, desk.trust)
    key = closed_key(row, desk.tokens, desk.remote)
    if not (isinstance(key, RemoteKey) and key.online):
        raise Conflict(
            "Expected a key with a service that sends one-time codes, but yours is with none.",
            code="no_code_to_send",
        )
    finishing.refuse_revoked(desk, key, trust, now)
    try:
        ask_for_code(bus, actor, key, ip)
    except RemoteUnavailable as away:
        raise errors.token_trouble(away) from away


def ask_for_code(bus: Bus, actor: Actor, key: RemoteKey, ip: str) -> None:
    """Of a key that the actor may not have taken yet, too. Raises TooMany, and as `key`."""
    target = targets.person_target(bus.services, actor.agency_id, actor.person_id, "service-code")
    bus.execute(AdmitAttempt(target, ip), actor)
    key.send_code()
